"""The page of Check: some rows of a list, and for each what will happen, cell by cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.imports import loading, packing, runs
from contacts.imports.columns import Column
from contacts.imports.drafts import Draft, Drafter
from contacts.imports.errors import Said
from contacts.imports.fields import LABELS, Field
from contacts.imports.plans import Verdict
from contacts.imports.rows import Row
from contacts.imports.verdicts import GROUPS
from contacts.models import Affiliation, Contact, ContactKind, Import, Policy
from contacts.names import fold
from contacts.paging import Page
from contacts.points import Point
from contacts.tags import key as tag_key

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_PAGE = 20
MOST_INPUTS = 30  # cells of a row that can be put right: a form of more fields than a thousand is refused
REMARKED = "remarked"  # rows of any group of which something is to be said
_LETTERS = {name: "".join(group) for name, group in GROUPS.items()}
_POINTS = {"email": Field.EMAIL, "tel": Field.PHONE, "url": Field.LINK}
_WORDS = {
    Verdict.NEW: gettext_lazy("new"),
    Verdict.LIKELY: gettext_lazy("likely the same"),
    Verdict.UPDATED: gettext_lazy("known, completed"),
    Verdict.KNOWN: gettext_lazy("known, nothing new"),
    Verdict.AGAIN: gettext_lazy("stands in the file twice"),
    Verdict.SAME: gettext_lazy("stands in the file twice"),
    Verdict.REJECTED: gettext_lazy("to fix"),
    Verdict.SKIPPED: gettext_lazy("left out"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row and what becomes of it. `theirs` is what the contact has now."""

    label: "StrOrPromise"
    value: str
    theirs: str = ""
    word: "StrOrPromise" = ""


@dataclass(slots=True)
class Entry:
    """One row on the page. `inputs` are (column, header, text) to put right; `decision` is what a person said of who it
    is: the id of a contact, 0 for somebody else."""

    place: int
    line: int
    verdict: Verdict
    name: str
    cells: list[Cell] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    inputs: list[tuple[int, str, str]] = field(default_factory=list)
    other: Contact | None = None
    same_as: int = 0
    decision: int | None = None

    @property
    def word(self) -> "StrOrPromise":
        """What will happen, in a word or two."""
        return _WORDS[self.verdict]

    @property
    def is_open(self) -> bool:
        """Whether it is to be put right now."""
        return self.verdict == Verdict.REJECTED

    @property
    def asks(self) -> bool:
        """Whether a person may say who it is."""
        if self.other is None:
            return False
        return self.verdict == Verdict.LIKELY or self.is_same or self.is_other

    @property
    def is_same(self) -> bool:
        """A person said that it is the contact beside it."""
        return self.other is not None and self.decision == self.other.pk

    @property
    def is_other(self) -> bool:
        """A person said that it is not the contact beside it."""
        return self.decision == 0 and self.verdict == Verdict.NEW


@dataclass(slots=True)
class Check:
    """What Check found: how many of each group, the rows of one page, and what is to be said of the whole."""

    counts: dict[str, int]
    show: str
    page: Page
    findings: list[str]
    remarked: int

    @property
    def entries(self) -> Sequence[Entry]:
        return self.page.object_list


def check(run: Import, *, show: str = "", number: str | None = None) -> Check:
    """Page `number` of the rows of group `show`; the first group that asks for a person where none is said."""
    kept = packing.unpack_json(bytes(run.data.verdicts))
    letters, said = str(kept["verdicts"]), {int(place): texts for place, texts in kept["said"].items()}
    show = show if show in GROUPS or show == REMARKED else _first(run.counts)
    wanted = (
        sorted(said)
        if show == REMARKED
        else [place for place, letter in enumerate(letters) if letter in _LETTERS[show]]
    )
    page = _page(wanted, number)
    entries = _entries(run, page.object_list, letters, said, {int(k): v for k, v in kept["targets"].items()})
    findings = [str(Said.of(finding)) for finding in kept["findings"]]
    return Check(run.counts, show, Page(entries, page.number, page.has_next), findings, len(said))


def _first(counts: dict[str, int]) -> str:
    """What a person should look at first."""
    return next((name for name in ("to_fix", "likely", "new", "known") if counts.get(name)), "new")


def _page(places: Sequence[int], number: str | None) -> Page:
    wanted = int(number) if number and number.isdecimal() and 0 < int(number) < 10_000 else 1
    start = (wanted - 1) * PER_PAGE
    return Page(places[start : start + PER_PAGE], wanted, has_next=len(places) > start + PER_PAGE)


def _entries(
    run: Import, places: Sequence[int], letters: str, said: dict[int, Any], targets: dict[int, int]
) -> list[Entry]:
    listed = runs.incoming(run)
    rows = packing.rows_at(listed.table, listed.found["chunks"], places)
    kinds = {kind.code: kind for kind in ContactKind.objects.for_team(run.team)}
    drafter = Drafter(
        listed.columns, country=run.team.country, kinds=loading.kind_codes(run.team), team=run.team.slug
    )
    contacts = _contacts(run, [targets.get(place, 0) for place in places])
    entries = []
    for place, row in zip(places, rows, strict=True):
        verdict, target = Verdict(letters[place]), targets.get(place, 0)
        if verdict == Verdict.HELD_BACK:  # counted, and shown to nobody
            continue
        read = listed.corrected(place, row)
        draft = drafter.draft(read)
        other = contacts.get(target)
        entry = Entry(
            place=place, line=row.line, verdict=verdict, other=other, same_as=-min(0, target),
            name=draft.name if isinstance(draft, Draft) else "",
            said=[str(Said.of(text)) for text in said.get(place, ())],
            inputs=_inputs(listed.columns, read), decision=run.decisions.get(str(place)),
        )  # fmt: skip
        if isinstance(draft, Draft):
            entry.cells = _cells(draft, other, entry, kinds, run.policy)
        else:
            entry.said.append(str(draft.reason))
        entries.append(entry)
    return entries


def _contacts(run: Import, pks: Iterable[int]) -> dict[int, Contact]:
    """The known contacts that rows of this page mean."""
    belonging = Prefetch("affiliations", Affiliation.objects.filter(until=None).select_related("group"))
    found = Contact.objects.of_team(run.team).select_related("kind")
    return found.prefetch_related("points", "tags", belonging).in_bulk([pk for pk in pks if pk > 0])


def _inputs(columns: Sequence[Column], row: Row) -> list[tuple[int, str, str]]:
    """The cells that something is taken from, as they stand in the file or were put right."""
    return [
        (column.index, column.header or str(column.index + 1), row.cells[column.index])
        for column in [column for column in columns if column.field][:MOST_INPUTS]
    ]


def _cells(
    draft: Draft, other: Contact | None, entry: Entry, kinds: dict[str, ContactKind], policy: str
) -> list[Cell]:
    """Each value of a draft beside what the contact has, and what becomes of it."""
    is_known = other is not None and entry.verdict in (Verdict.UPDATED, Verdict.KNOWN)
    cells = []
    for part in (Field.STREET, Field.TOWN, Field.POSTCODE):
        cells += _text(LABELS[part], getattr(draft, part), getattr(other, part, ""), policy, known=is_known)
    points = list(other.points.all()) if other else []
    for kind, part in _POINTS.items():
        theirs = [point for point in points if point.property == kind]
        for point in draft.points:
            if point.property == kind:
                cells.append(_point(LABELS[part], point, theirs, policy, known=is_known))
    if other and is_known:
        cells = [*_name(draft, other, policy), *cells, *_untaken(draft, other, kinds)]
    else:
        kind_named = kinds.get(draft.kind) or kinds["other"]
        cells.insert(0, Cell(LABELS[Field.KIND], str(kind_named), str(other.kind) if other else ""))
        if draft.group:
            cells.append(Cell(LABELS[Field.GROUP], _belonging(draft.group, draft.role)))
        if draft.tags:
            cells.append(Cell(_("Tags"), ", ".join(dict.fromkeys(draft.tags))))
    cells += _text(LABELS[Field.NOTE], draft.note, other.note if other else "", policy, known=is_known)
    return cells


def _name(draft: Draft, other: Contact, policy: str) -> list[Cell]:
    """Another name than the one we know."""
    if draft.key == fold(other.name):
        return []
    word = _("is taken") if policy == Policy.OVERWRITE else _("is not taken")
    return [Cell(LABELS[Field.NAME], draft.name, other.name, word)]


def _untaken(draft: Draft, other: Contact, kinds: dict[str, ContactKind]) -> list[Cell]:
    """What no policy takes from a row about somebody known: kind, group, role and tags."""
    cells = []
    if draft.kind:
        kind = kinds.get(draft.kind) or kinds["other"]
        cells.append(_unless(LABELS[Field.KIND], str(kind), str(other.kind), is_theirs=kind == other.kind))
    if draft.group or draft.role:
        label = LABELS[Field.GROUP if draft.group else Field.ROLE]
        belongs = list(other.affiliations.all())
        is_theirs = any(
            fold(draft.group) in ("", fold(one.group.name)) and fold(draft.role) in ("", fold(one.role))
            for one in belongs
        )
        theirs = "; ".join(_belonging(one.group.name, one.role) for one in belongs)
        cells.append(_unless(label, _belonging(draft.group, draft.role), theirs, is_theirs=is_theirs))
    tags = {tag.key: tag.name for tag in other.tags.all()}
    for is_theirs in (True, False):
        said = [tag for tag in dict.fromkeys(draft.tags) if (tag_key(tag) in tags) == is_theirs]
        if said:
            cells.append(_unless(_("Tags"), ", ".join(said), ", ".join(tags.values()), is_theirs=is_theirs))
    return cells


def _unless(label: "StrOrPromise", value: str, theirs: str, *, is_theirs: bool) -> Cell:
    """A value that is not taken, unless it is there already."""
    return Cell(label, value, theirs, _("stays") if is_theirs else _("is not taken"))


def _belonging(group: str, role: str) -> str:
    return ", ".join(filter(None, (group, role)))


def _text(label: "StrOrPromise", value: str, theirs: str, policy: str, *, known: bool) -> list[Cell]:
    if not value:
        return []
    if not known:
        return [Cell(label, value, theirs)]
    if fold(value) == fold(theirs) or value in theirs:
        return [Cell(label, value, theirs, _("stays"))]
    if policy == Policy.LEAVE or (theirs and policy == Policy.COMPLETE):
        return [Cell(label, value, theirs, _("is not taken"))]
    return [Cell(label, value, theirs, _("is taken") if theirs else _("is completed"))]


def _point(label: "StrOrPromise", point: Point, theirs: Sequence[Any], policy: str, *, known: bool) -> Cell:
    shown = ", ".join(one.value for one in theirs)
    if not known:
        return Cell(label, point.value, shown)
    if any(one.key == point.key for one in theirs):
        return Cell(label, point.value, shown, _("stays"))
    if policy == Policy.LEAVE or (theirs and policy == Policy.COMPLETE):
        return Cell(label, point.value, shown, _("is not taken"))
    return Cell(label, point.value, shown, _("is added"))


def said_of_all(run: Import) -> list[str]:
    """What is to be said of the whole list, also once it is in."""
    if not run.data.verdicts:
        return []
    return [str(Said.of(finding)) for finding in packing.unpack_json(bytes(run.data.verdicts))["findings"]]


def earlier(run: Import) -> Import | None:
    """The last import of the very same file, if it was brought in before."""
    before = Import.objects.filter(team=run.team, digest=run.digest, state="done").exclude(pk=run.pk)
    return before.select_related("by").first()
