"""The four things the ratio says to somebody: whether it is still true, and what it says today.

A mail that leaves late says today's figures: everything is read again when it is rendered.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from notifications import outbox
from notifications.kinds import Audience, Category, Kind, register
from notifications.models import How, Notification
from ratio import episodes, periods, presence, readings, words
from ratio.models import Episode
from ratio.readings import Book, Person


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute addresses that do what the reminder suggests."""

    presence: str
    note: str
    plan: str
    posts: str
    later: str


def links() -> Links:
    """The addresses, on the public address of this installation."""

    def absolute(view: str) -> str:
        return settings.PUBLIC_URL + reverse(view)

    return Links(
        presence=absolute("ratio:presence"),
        note=absolute("log"),
        plan=absolute("events:occurrence_new"),
        posts=absolute("posts"),
        later=absolute("ratio:presence") + "#stretch",
    )


def register_kinds() -> None:
    """Called once, from RatioConfig.ready."""
    own: dict[str, Any] = {
        "category": Category.REMINDER,
        "audience": Audience.MANAGERS,
        "url": _own_page,
        "note": lambda notification: reverse("log"),
        "read_ahead": read_books,
    }
    register(
        Kind(
            name=episodes.Kind.LOW,
            still_true=low_is_true,
            context=own_context,
            template="ratio/notifications/ratio_low",
            title=_("Your presence has been under target for a while"),
            label=_("My presence is under target"),
            put_off=put_off,
            **own,
        )
    )
    register(
        Kind(
            name=episodes.Kind.HEADS_UP,
            still_true=heads_up_is_true,
            context=heads_up_context,
            template="ratio/notifications/ratio_heads_up",
            title=_("This week could take your presence under target"),
            label=_("This week could take me under target"),
            offers=(How.AT_ONCE, How.DAILY, How.OFF),
            **own,
        )
    )
    register(
        Kind(
            name=episodes.Kind.BACK,
            still_true=lambda notification, now: True,
            context=own_context,
            template="ratio/notifications/ratio_back",
            title=_("Your presence is back on target"),
            by_email=False,
            **own,
        )
    )
    register(
        Kind(
            name=episodes.Kind.LOW_LEAD,
            category=Category.REMINDER,
            audience=Audience.LEADS,
            still_true=low_lead_is_true,
            context=lead_context,
            template="ratio/notifications/ratio_low_lead",
            url=_team_page,
            title=_("Somebody in your team may welcome a hand"),
            label=_("Somebody in my team may welcome a hand"),
        )
    )


def read_books(notifications: Sequence[Notification], now: datetime) -> None:
    """Where several people of a team are written to, its rows are read once."""
    of_team: dict[int, list[Notification]] = defaultdict(list)
    for notification in notifications:
        of_team[notification.context.get("team", 0)].append(notification)
    for team in Team.objects.filter(pk__in=[pk for pk, several in of_team.items() if len(several) > 1]):
        book = readings.of_team(team, now=now)
        for notification in of_team[team.pk]:
            notification.ahead = book


def put_off(notification: Notification, day: date | None) -> None:
    """Later in the list of notifications is later on the page too: until that day nothing is said of the stretch."""
    open_one = Episode.objects.filter(pk=notification.context.get("episode"), closed_on=None)
    open_one.filter(manager=notification.recipient).update(snoozed_until=day)


def is_told_where_they_stand(person: User, day: date) -> bool:
    """Whether a reminder in the person's mail of a local day says it, and whom they could see: others need not."""
    return outbox.shares_envelope(person, (episodes.Kind.LOW, episodes.Kind.HEADS_UP), day)


def low_is_true(notification: Notification, now: datetime) -> bool:
    """The stretch is open, the person has not said that they know, and they are still under target."""
    episode = _episode(notification)
    if episode is None or _is_quiet(episode, now):
        return False
    found = recipient_in(notification, now)
    return found is not None and found[1].verdict(found[0]).is_under


def low_lead_is_true(notification: Notification, now: datetime) -> bool:
    """As for the person, and the team still wants its lead to be told."""
    episode = _episode(notification)
    if episode is None or _is_quiet(episode, now):
        return False
    book = readings.of_person(episode.manager, episode.team, now=now)
    person = book.of(episode.manager)
    return person is not None and book.rules.tells_lead and book.verdict(person).is_under


def heads_up_is_true(notification: Notification, now: datetime) -> bool:
    """The week still leads under the target, and has not yet."""
    found = recipient_in(notification, now)
    if found is None:
        return False
    person, book = found
    sunday = periods.last_moment(periods.coming_sunday(book.today), book.team.zone)
    is_there = book.verdict(person).word is episodes.Word.MOSTLY_ONLINE
    return book.expected(person, sunday).is_under and not is_there


def own_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """Today's figures of the recipient, what would bring them back, whom to see, and where to do it."""
    found = recipient_in(notification, now)
    episode = _episode(notification, also_closed=True)
    context: dict[str, Any] = {"links": links(), "episode": episode, "card": None}
    if found:
        person, book = found
        context["card"] = presence.card_of(person, book)
        context["to_see"] = presence.people_to_see(person.user, book.team, now)
    return context


def heads_up_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The same, and what this week leads to by the coming Sunday."""
    context = own_context(notification, now)
    found = recipient_in(notification, now)
    if found:
        person, book = found
        sunday = periods.coming_sunday(book.today)
        ahead = person.ledger.forecast(sunday).used(book.rules)
        usual = person.ledger.expected(now, sunday).used(book.rules)
        context["outlook"] = words.outlook(person.ledger.planned(now, sunday), ahead, gettext("by Sunday"))
        context["as_usual"] = usual.share if usual != ahead else None
    return context


def lead_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """Who it is about, and since when; no figures beyond what the team's page shows."""
    episode = _episode(notification, also_closed=True)
    team_page = settings.PUBLIC_URL + _team_page(notification)
    return {"episode": episode, "person": episode and episode.manager, "team_page": team_page}


def recipient_in(notification: Notification, now: datetime) -> tuple[Person, Book] | None:
    """The recipient as a CM of the team the notification is about; None when they are none any more.

    Read once for a moment: the question whether it is true and the words that say it look at the same rows.
    """
    if notification.ahead is None or notification.ahead.now != now:
        team = Team.objects.filter(pk=notification.context.get("team")).first()
        if team is None:
            return None
        notification.ahead = readings.of_person(notification.recipient, team, now=now)
    book: Book = notification.ahead
    person = book.of(notification.recipient)
    return (person, book) if person else None


def _episode(notification: Notification, *, also_closed: bool = False) -> Episode | None:
    episode = (
        Episode.objects.filter(pk=notification.context.get("episode"))
        .select_related("manager", "team")
        .first()
    )
    return episode if episode and (also_closed or episode.closed_on is None) else None


def _is_quiet(episode: Episode, now: datetime) -> bool:
    today = periods.local_day(now, episode.team.zone)
    put_off = episode.snoozed_until is not None and today < episode.snoozed_until
    return episode.acknowledged_at is not None or put_off


def _own_page(notification: Notification) -> str:
    return reverse("ratio:presence")


def _team_page(notification: Notification) -> str:
    team = Team.objects.filter(pk=notification.context.get("team")).first()
    return reverse("ratio:team_presence", args=[team.slug]) if team else reverse("ratio:presence")
