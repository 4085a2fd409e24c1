"""Three launches: one from long ago, the opening of five weeks ago, and one that is three weeks away.

No meeting is made up for them: those of the diary get their tags, so that the presence of each stays what it is.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from communitycrm.demo import story
from communitycrm.demo.calendar import Calendar, identity
from communitycrm.demo.people import Cast
from contacts.models import Contact, Touchpoint
from outreach.launches import planning
from outreach.launches.coverage import State, of_launch
from outreach.launches.planning import Details
from outreach.models import Approach, ClicksOfDay, Launch, Origin, Relay, Told, Visitors

KINDS = ("band", "association", "webzine", "venue", "media")
OPENED, AHEAD = -35, 21  # days from today
# Unique visitors of each day from the opening on; two days nobody knows of. Those of the week were counted together.
VISITORS = (1412, 1236, 1105, 968, 870, 1021, 1148, 760, 655, 590, None, None, 512, 548, 470, 431, 402, 388, 420, 455,
            390, 350, 341, 333, 362, 401, 352, 320)  # fmt: skip
WEEK, GOAL, CLICKS = 6240, 6000, 1934
TOLD = {
    "Un groupe": 61,
    "Une affiche au Sémaphore": 34,
    "La Cale": 27,
    "Un collègue": 19,
    "Radio Estuaire": 12,
}
PATTERN = (0.24, 0.2, 0.17, 0.13, 0.09, 0.09, 0.08)
"""How the first week's clicks are spread over its days."""


@dataclass
class Season:
    """Builds the launches, the same for the same day."""

    cast: Cast
    calendar: Calendar

    def __post_init__(self) -> None:
        self.chance = random.Random("jour J")  # noqa: S311  # a story, not a secret
        self.groups = self.cast.of_kind(*KINDS)

    def write(self) -> None:
        """The three, the oldest first."""
        self.long_ago()
        self.opening()
        self.ahead()

    def long_ago(self) -> None:
        """A small one, written down by hand afterwards: something to compare with."""
        launch = self.launch(story.LAUNCHES[0], day=-182, since=-210, goal=2500, contacts=self.groups[:9])
        met = launch.approaches.order_by("pk")[:5]
        Approach.objects.filter(pk__in=[one.pk for one in met]).update(met_on=launch.day - timedelta(days=12))
        self.visitors(launch, 0, 2150, days=7)

    def opening(self) -> None:
        """14 of 18 groups met before the day, 6,240 visitors in its first week."""
        met, after = self.met(-91, OPENED - 1), self.met(OPENED, -1)
        never = [group for group in self.groups if group not in met and group not in after]
        late = [group for group in after if group not in met][:2]
        contacts = [*self.mixed(met)[:14], *late, *never[: 4 - len(late)]]
        launch = self.launch(
            story.LAUNCHES[1],
            day=OPENED,
            since=-98,
            goal=GOAL,
            contacts=[*contacts, *self.cast.of_kind("colleague")[:6]],
        )
        self.tag(launch, -91, -1)
        self.answer(launch, on_board=9, no=1, colleagues=4, day=OPENED - 6)
        self.clicks(launch)
        for day, count in enumerate(VISITORS):
            if count is not None:
                self.visitors(launch, day, count)
        self.visitors(launch, 0, WEEK, days=7)
        Told.objects.bulk_create(
            Told(launch=launch, words=words, key=words.casefold(), count=count)
            for words, count in TOLD.items()
        )

    def ahead(self) -> None:
        """Nine of fourteen met, three weeks left."""
        met = self.met(-34, -1)
        self.chance.shuffle(met)
        others = [group for group in self.groups if group not in met]
        contacts = [*met[:9], *self.mixed(others)[: 14 - len(met[:9])], *self.cast.of_kind("colleague")[4:8]]
        launch = self.launch(story.LAUNCHES[2], day=AHEAD, since=-35, goal=GOAL, contacts=contacts)
        self.tag(launch, -34, -1)
        self.answer(launch, on_board=4, no=1, colleagues=2, day=-2)

    def launch(
        self, told: tuple[str, str, str], *, day: int, since: int, goal: int, contacts: list[Contact]
    ) -> Launch:
        """One launch as a CM wrote it down."""
        name, what, address = told
        on = self.calendar.today + timedelta(days=day)
        launch, _operation = planning.prepare(
            team=self.cast.team,
            by=self.cast.users["on-target"],
            client_id=identity("launch", name),
            details=Details(name=name, day=on, what=what, address=address, goal=goal),
            contacts=contacts,
            now=self.calendar.at(since, 10),
        )
        return launch

    def met(self, first: int, last: int) -> list[Contact]:
        """The groups met in person from a day to another, each once, the earliest first."""
        rows = Touchpoint.objects.kept().filter(
            is_real=True, met_at__gte=self.calendar.at(first, 0), met_at__lt=self.calendar.at(last + 1, 0)
        )
        ids = dict.fromkeys(rows.order_by("met_at", "pk").values_list("contacts", flat=True))
        wanted = {group.pk: group for group in self.groups}
        return [wanted[pk] for pk in ids if pk in wanted]

    def mixed(self, contacts: list[Contact]) -> list[Contact]:
        """One of each kind in turn."""
        by_kind = [[one for one in contacts if one.kind.code == kind] for kind in KINDS]
        return [kind[turn] for turn in range(len(contacts)) for kind in by_kind if turn < len(kind)]

    def tag(self, launch: Launch, first: int, last: int) -> None:
        """The diary's meetings with the launch's contacts were about it."""
        rows = Touchpoint.objects.kept().filter(
            contacts__in=launch.approaches.values("contact"),
            met_at__gte=self.calendar.at(first, 0),
            met_at__lt=self.calendar.at(last + 1, 0),
        )
        through = Touchpoint.tags.through
        through.objects.bulk_create(
            through(touchpoint_id=pk, tag_id=launch.tag_id)
            for pk in rows.order_by("pk").values_list("pk", flat=True).distinct()
        )

    def answer(self, launch: Launch, *, on_board: int, no: int, colleagues: int, day: int) -> None:
        """What some of those who were met said, some days later."""
        found = of_launch(launch)
        met = [card for card in found.cards if card.was_met_before(launch.day)]
        self.chance.shuffle(met)
        says = [(card, State.ON_BOARD) for card in [*met[:on_board], *found.circle[:colleagues]]]
        says += [(card, State.NO) for card in met[on_board : on_board + no]]
        for card, state in says:
            planning.say(
                card.approach,
                state,
                by_meeting=card.by_meeting,
                by=self.cast.users["on-target"],
                now=self.calendar.at(day, 11),
            )

    def clicks(self, launch: Launch) -> None:
        """Some relays carry far, others little; together they have CLICKS in the first week."""
        relays = list(Relay.objects.filter(launch=launch).order_by("pk"))
        weights = [1 / (number + 1.6) for number in range(len(relays))]
        self.chance.shuffle(weights)
        rows, given = [], 0
        for relay, weight in zip(relays, weights, strict=True):
            for day, part in enumerate(PATTERN):
                clicks = int(CLICKS * weight / sum(weights) * part)
                rows.append(ClicksOfDay(relay=relay, day=launch.day + timedelta(days=day), clicks=clicks))
                given += clicks
            for day in range(7, 28):
                later = launch.day + timedelta(days=day)
                rows.append(ClicksOfDay(relay=relay, day=later, clicks=self.chance.randrange(0, 9)))
        rows[0].clicks += CLICKS - given
        ClicksOfDay.objects.bulk_create(row for row in rows if row.clicks)

    def visitors(self, launch: Launch, day: int, count: int, *, days: int = 1) -> None:
        """Unique visitors from a day after the launch on."""
        first = launch.day + timedelta(days=day)
        last = first + timedelta(days=days - 1)
        Visitors.objects.create(
            launch=launch,
            first_day=first,
            last_day=last,
            count=count,
            origin=Origin.HAND if days > 1 else Origin.FILE,
            noted_at=self.calendar.now,
        )
