"""Three months of touchpoints, what was promised at them, and what is planned."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from accounts.models import User
from communitycrm.demo import story
from communitycrm.demo.calendar import BLOCKS, Calendar, blocks, identity
from communitycrm.demo.people import Cast
from contacts import logbook
from contacts.models import Contact, TouchpointKind

KINDS = ("meeting", "meeting", "meeting", "interview", "visit", "concert", "apero", "product_test")
HOURS = {
    "concert": (21, 0),
    "apero": (18, 30),
    "coffee": (9, 30),
    "interview": (14, 0),
    "product_test": (16, 30),
}
DAYTIME = ((10, 30), (11, 15), (14, 30), (15, 0), (16, 0), (17, 15))
COMPANY = {"apero": 5, "concert": 2}


@dataclass
class Diary:
    """Writes the past of the team, the same for the same `chance`."""

    cast: Cast
    calendar: Calendar
    chance: random.Random
    # Days back on which a regular meeting took place, by CM and block: it is one of the block's real actions.
    room: Mapping[tuple[str, int], Sequence[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kinds = {kind.code: kind for kind in TouchpointKind.objects.filter(team=None)}
        self.groups = [contact for contact in self.cast.contacts.values() if contact.is_group]
        self.colleagues = self.cast.of_kind("colleague")

    def write(self) -> None:
        """Real actions as BLOCKS says, every second week one with a colleague; calls and messages beside them."""
        for key in BLOCKS:
            user = self.cast.users[key]
            circle = [group for group in self.groups if group.owner_id == user.pk] or self.groups[::6]
            for number, (real, _, days) in enumerate(blocks(key)):
                taken = self.room.get((key, number), ())
                free = [back for back in days if back not in taken]
                for turn, back in enumerate(self.chance.sample(free, k=real - len(taken))):
                    if turn == 0 and number % 2 == 0 and real > 1:
                        self.note(user, "coffee", [self.chance.choice(self.colleagues)], back)
                    else:
                        code = self.chance.choice(KINDS)
                        self.note(user, code, self.company(circle, code), back)
                if real and self.chance.random() < 0.8:
                    far = self.chance.choice(("call", "message"))
                    self.note(user, far, [self.chance.choice(circle)], days[-1])

    def company(self, circle: list[Contact], code: str) -> list[Contact]:
        """Whom one meets: a group with the person one knows in it; more of them at an apéro."""
        met: list[Contact] = []
        for group in self.chance.sample(circle, k=min(COMPANY.get(code, 1), len(circle))):
            member = self.cast.members.get(group.pk)
            met += [member, group] if member else [group]
        return met

    def note(self, user: User, code: str, contacts: list[Contact], back: int) -> None:
        """One touchpoint, `back` days ago, typed two hours after it."""
        hour, minute = HOURS.get(code) or self.chance.choice(DAYTIME)
        met_at = self.calendar.at(-back, hour, minute)
        logbook.note(
            team=self.cast.team,
            by=user,
            client_id=identity("note", user.email, back, code, contacts[0].name),
            kind=self.kinds[code],
            met_at=met_at,
            contacts=contacts,
            place=contacts[-1].town if code not in ("call", "message") else "",
            note=self.chance.choice(story.NOTES),
            now=met_at + timedelta(hours=2),
        )
