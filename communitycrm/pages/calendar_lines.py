"""The words of what the calendar shows: title, where it leads, people's names, how it stands."""

from collections import defaultdict
from collections.abc import Collection
from datetime import tzinfo
from typing import NamedTuple

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Team
from communitycrm.pages.calendar_rows import Fact, Key, Mark, facts, moment_of
from contacts.models import TouchpointKind
from events.models import Outcome
from outreach.models import COUNTING, Status

NAMES = 3
LONGEST = 90


class Line(NamedTuple):
    """A mark with its words. `time` is "" when it has none, `href` when it leads nowhere; `state` is said as a chip."""

    mark: Mark
    time: str
    title: str
    href: str
    icon: str
    meta: str
    state: str


Said = tuple[str, str, str, str, str]
"""Title, href, icon, meta and state."""


def words(
    listed: Collection[Mark], brief: Collection[Mark], team: Team, zone: tzinfo, *, of_one: bool
) -> dict[Key, Line]:
    """The lines of these marks, by source and id (see `facts`); one that went away between two questions has none."""
    rows: list[Fact] = []
    kinds: dict[int, tuple[str, str]] = {}
    names: dict[Key, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts(listed, brief, team, of_one=of_one):
        if fact.of:
            names[fact.key][fact.of].append(fact)
        elif fact.source == "kind":
            kinds[fact.pk] = str(TouchpointKind(name=fact.text, code=fact.more)), fact.state
        else:
            rows.append(fact)
    speaker = _Speaker(kinds, of_one=of_one)
    said = {row.key: getattr(speaker, row.source)(row, names[row.key]) for row in rows}
    marks = {(mark.source, mark.pk): mark for mark in (*listed, *brief)}
    return {key: Line(marks[key], _time(marks[key], zone), *one) for key, one in said.items()}


def _time(mark: Mark, zone: tzinfo) -> str:
    if not mark.has_time:
        return ""
    return f"{moment_of(mark.at).astimezone(zone):%H:%M}"


class _Speaker:
    """Puts rows into words; for each source a method. What all have in common is looked up once."""

    def __init__(self, kinds: dict[int, tuple[str, str]], *, of_one: bool) -> None:
        self.kinds, self.of_one = kinds, of_one
        self.outcomes = {str(value): str(label) for value, label in Outcome.choices}
        self.outcomes["cancelled"] = _("Cancelled")
        self.statuses = {value: "" if value in COUNTING else str(label) for value, label in Status.choices}
        self.contact, self.meeting = reverse("contact", args=[0]), reverse("occurrence", args=[0])
        self.posts = reverse("posts") + "?whose=all#post-"
        self.noted, self.plain, self.ours, self.others = (
            _("Noted"),
            _("Post"),
            _("The team’s"),
            _("and others"),
        )

    def occurrence(self, row: Fact, names: dict[str, list[Fact]]) -> Said:
        """With hosts, guests and place."""
        kind, icon = self.kinds[row.number]
        said = filter(None, (self._joined(names["host"]), self._joined(names["guest"]), row.more))
        state = self.outcomes.get(row.state, "")
        return row.text or kind, self.meeting.replace("0", str(row.pk)), icon, " · ".join(said), state

    def touchpoint(self, row: Fact, names: dict[str, list[Fact]]) -> Said:
        """Whom they met, who was there, the kind. Leads to the first contact; a place may be private, so none is said."""
        kind, icon = self.kinds[row.number]
        met = names["contact"]
        href = self.contact.replace("0", str(met[0].number)) if met else ""
        said = filter(None, (self._joined(names["manager"]), kind if met else ""))
        return self._joined(met) or kind, href, icon, " · ".join(said), self.noted

    def post(self, row: Fact, names: dict[str, list[Fact]]) -> Said:
        """With channels and author."""
        title = Truncator(row.text).chars(LONGEST)
        said = f"{self._joined(names['channel']) or self.plain} · {row.more or self.ours}"
        return title, f"{self.posts}{row.pk}", "megaphone", said, self.statuses[row.state]

    def promise(self, row: Fact, _names: dict[str, list[Fact]]) -> Said:
        """To whom, and whose. Leads to the contact."""
        said = row.more if self.of_one else f"{row.state} · {row.more}"
        return row.text, self.contact.replace("0", str(row.number)), "hand-helping", said, ""

    def _joined(self, names: list[Fact]) -> str:
        """A few names in a line."""
        some = ", ".join(name.text for name in names[:NAMES])
        return f"{some} {self.others}" if len(names) > NAMES else some
