"""A row of a file as the contact it asks for, cleaned, with what could not be used said."""

import marshal
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from contacts.imports import values
from contacts.imports.columns import Column, Field
from contacts.imports.errors import Said
from contacts.imports.errors import marked as _
from contacts.imports.rows import Rejected, Row
from contacts.models import PointProperty
from contacts.names import fold
from contacts.points import Point, as_point

NAME_LENGTH = 200

_KINDS: dict[str, str] = {
    "band": "band groupe musicien musicienne artiste orchestre ensemble chorale compagnie fanfare dj duo trio",
    "association": "association asso collectif ong nonprofit",
    "webzine": "webzine blog fanzine",
    "venue": "venue salle lieu bar club theatre cafe mjc smac cinema bibliotheque mediatheque",
    "festival": "festival",
    "media": "media presse radio television tv journal magazine site podcast revue quotidien hebdomadaire",
    "institution": "institution mairie ville departement region drac ministere collectivite commune universite ecole",
    "brand": "brand marque entreprise societe commerce company",
    "colleague": "colleague collegue",
    "person": "person personne particulier individu individual",
    "other": "other autre",
}
_KIND_OF = {word: code for code, words in _KINDS.items() for word in words.split()}
_folded = lru_cache(maxsize=10_000)(fold)  # towns and kinds: a list names the same again and again
_OWN_ID = re.compile(r"([\w-]+)/(\d{1,18})")
_LIMITS = {"street": 200, "town": 120, "postcode": 16}
# Looked up once: a member of an enumeration costs more than all else that is done with it for each cell.
_EMAIL, _PHONE, _POSTCODE = Field.EMAIL, Field.PHONE, Field.POSTCODE.value
_GROUP, _ROLE, _KIND, _FIRST_NAME, _LAST_NAME, _NAME = (
    "group",
    "role",
    "kind",
    "first_name",
    "last_name",
    "name",
)
_NOTE, _TAGS, _TOPIC, _EXTERNAL_ID, _OWN_ID_FIELD = "note", "tags", "topic", "external_id", "own_id"


@dataclass(slots=True)
class Draft:
    """What one row says. `kind` is a code of ours or a folded name of the team's own kind, "" when it says none."""

    line: int
    name: str
    key: str
    kind: str = ""
    points: list[Point] = field(default_factory=list)
    street: str = ""
    town: str = ""
    town_key: str = ""
    postcode: str = ""
    note: str = ""
    group: str = ""
    role: str = ""
    tags: list[str] = field(default_factory=list)
    external_id: str = ""
    own_id: int = 0

    def packed(self) -> bytes:
        """As few bytes: a hundred thousand drafts are held at once."""
        return marshal.dumps(
            (self.line, self.name, self.key, self.kind, list(map(tuple, self.points)), self.street,
             self.town, self.town_key, self.postcode, self.note, self.group, self.role, self.tags, self.external_id,
             self.own_id)
        )  # fmt: skip

    @classmethod
    def unpacked(cls, packed: bytes) -> "Draft":
        """What `packed` gave: of our own process, never of a file."""
        draft = cls(*marshal.loads(packed))  # noqa: S302  # our own bytes, this process's
        draft.points = list(map(as_point, draft.points))
        return draft


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row that was taken: a value that was repaired or could not be used, a likely double.

    `place` is the row's, counted from 0. `is_loss`: a value of the file is not taken.
    """

    line: int
    text: Said
    place: int = 0

    def __str__(self) -> str:
        return str(Said(_("Line %(line)d: %(text)s"), line=self.line, text=self.text))


class Drafter:
    """Makes drafts of rows. `kinds` are the kinds of the team: folded name or code, to code; `remarks` gathers.

    `team` is the slug that our own exports write before a contact's number.
    """

    def __init__(
        self, columns: Sequence[Column], *, country: str, kinds: dict[str, str], team: str = ""
    ) -> None:
        self.country = country
        self.kinds = kinds
        self.team = team
        self.remarks: list[Remark] = []
        self._columns: dict[str, list[Column]] = {}
        for column in columns:
            if column.field:
                self._columns.setdefault(column.field.value, []).append(column)
        self._reaching = [
            (column.index, column.field, column.detail)
            for part in (Field.EMAIL, Field.PHONE, Field.LINK)
            for column in self._columns.get(part.value, ())
        ]
        named = self._columns.get(_NAME, [])
        self._kind_of_name = named[0].detail if named else ""
        self._of_people = _FIRST_NAME in self._columns or _LAST_NAME in self._columns
        self._places = [
            (part, limit, _by_stem(self._columns[part]))
            for part, limit in _LIMITS.items()
            if part in self._columns
        ]

    def draft(self, row: Row, place: int = 0) -> Draft | Rejected:
        """What the row asks for; Rejected when nothing in it can name a contact."""
        draft = self.identify(row, place)
        if isinstance(draft, Draft):
            self.complete(draft, row, place)
        return draft

    def identify(self, row: Row, place: int = 0) -> Draft | Rejected:
        """Who the row means: name, addresses, ids, group. What else it says `complete` reads."""
        points, remarks = self._points(row)
        name, kind = self._named(row)
        if not name and points:
            name = points[0].value
            remarks.append(Said(_("no name, so it is called %(name)s."), name=name))
        if not name:
            return Rejected(row.line, Said(_("Nothing in the row names a contact.")))
        if len(name) > NAME_LENGTH:
            remarks.append(Said(_("the name was cut after %(count)d characters."), count=NAME_LENGTH))
            name = name[:NAME_LENGTH].rstrip()
        draft = Draft(row.line, name, fold(name), kind, points)
        draft.group = self._first(row, _GROUP)[:NAME_LENGTH]
        draft.external_id = self._first(row, _EXTERNAL_ID)[:200]
        draft.own_id = self._own_id(row)
        if draft.group and fold(draft.group) == draft.key:
            draft.group = ""
        if remarks:
            self.remarks += [Remark(row.line, remark, place) for remark in remarks]
        return draft

    def complete(self, draft: Draft, row: Row, place: int = 0) -> None:
        """Give a draft all that the row says beside who it means. Once: its kind is then no longer what its name suggests."""
        remarks: list[Said] = []
        draft.kind, tags = self._kind(row, draft.kind)
        others = self._place(row, draft, remarks)
        draft.note = "\n".join([*self._notes(row), *others])
        draft.role = self._first(row, _ROLE)[:120]
        draft.tags = [tag[:60] for tag in (*tags, *self._tags(row))]
        if remarks:
            self.remarks += [Remark(row.line, remark, place) for remark in remarks]

    def _first(self, row: Row, part: str) -> str:
        """The first column of that field that is filled, on one line."""
        for column in self._columns.get(part, ()):
            text = row.cells[column.index]
            if text and (text := values.clean(text.partition("\n")[0] if part is _GROUP else text)):
                return text
        return ""

    def _points(self, row: Row) -> tuple[list[Point], list[Said]]:
        found: list[Point] = []
        remarks: list[Said] = []
        for index, part, detail in self._reaching:
            cell = row.cells[index]
            if cell:
                points, more = self._read(part, cell, detail)
                found += points
                remarks += more
        return (values.once(found) if len(found) > 1 else found), remarks

    def _read(self, part: Field | None, cell: str, network: str) -> tuple[list[Point], list[Said]]:
        """The points of one cell; one of another sort than its column's is kept as what it is."""
        if part is _PHONE:
            return values.phones(cell, self.country)
        found, remarks = values.emails(cell) if part is _EMAIL else values.links(cell, network)
        if found or not remarks:
            return found, remarks
        if part is _EMAIL:
            return self._misplaced(cell, remarks)
        emails, _more = values.emails(cell) if "@" in cell else ([], [])
        return (emails, []) if emails else ([], remarks)

    def _misplaced(self, cell: str, remarks: list[Said]) -> tuple[list[Point], list[Said]]:
        """A link or a phone that stands in the e-mail column is kept as what it is."""
        points = values.links(cell)[0] or values.phones(cell, self.country)[0]
        if not points:
            return [], remarks
        kept = (
            _("“%(value)s” is not an e-mail address. It was kept as a link.")
            if points[0].property == PointProperty.URL
            else _("“%(value)s” is not an e-mail address. It was kept as a phone.")
        )
        return points, [Said(kept, **remarks[0].values)]

    def _named(self, row: Row) -> tuple[str, str]:
        """The name, and the kind that the way it is given suggests."""
        person = ""
        if self._of_people:
            parts = (self._first(row, _FIRST_NAME), self._first(row, _LAST_NAME))
            person = " ".join(part for part in parts if part)
        named = self._columns.get(_NAME, ())
        name = " ".join(text for column in named if (text := values.clean(row.cells[column.index])))
        if name:
            return name, "person" if person else self._kind_of_name
        if person:
            return person, "person"
        # A group's own entry in an address book of people.
        return self._first(row, _GROUP), "" if not self._of_people else "other"

    def _place(self, row: Row, draft: Draft, remarks: list[Said]) -> list[str]:
        """Fill in street, town and postcode; what a second address says, for the note."""
        others = []
        for part, limit, stems in self._places:
            for columns in stems:
                if len(columns) == 1:
                    text = values.clean(row.cells[columns[0].index])
                else:
                    said = [values.clean(row.cells[column.index]) for column in columns]
                    text = ", ".join(filter(None, said))
                if part == _POSTCODE and text:
                    text, more = values.postcode(text, self.country)
                    remarks += more
                present = getattr(draft, part)
                if text and not present:
                    setattr(draft, part, text[:limit])
                elif text and fold(text) != fold(present):
                    others.append(f"{columns[0].header}: {text}" if columns[0].header else text)
        draft.town_key = _folded(draft.town)
        return others

    def _notes(self, row: Row) -> Iterator[str]:
        for column in self._columns.get(_NOTE, ()):
            text = row.cells[column.index].strip()
            if text:
                yield f"{column.label}: {text}" if column.label else text

    def _kind(self, row: Row, suggested: str) -> tuple[str, list[str]]:
        text = self._first(row, _KIND)
        return self._kind_of(text, suggested) if text else (suggested, [])

    def _kind_of(self, text: str, suggested: str) -> tuple[str, list[str]]:
        """The code of the kind, and the cell's own word as a tag where it says more than the kind does."""
        folded = _folded(text)
        exact = self.kinds.get(folded)
        if exact:
            return exact, []
        words = [_KIND_OF.get(word.rstrip("s")) or _KIND_OF.get(word) for word in folded.split()]
        code = next((word for word in words if word), suggested)
        plain = folded in _KIND_OF or folded.rstrip("s") in _KIND_OF
        if plain and code in ("person", "colleague", "other", "festival", "association", "webzine", "band"):
            return code, []
        return code, [re.split(r"[(,;/]", text)[0].strip() or text]

    def _tags(self, row: Row) -> Iterator[str]:
        for column in self._columns.get(_TAGS, ()):
            if row.cells[column.index]:
                for part in re.split(r"\s*(?:[,;|\n]|:::)\s*", row.cells[column.index]):
                    tag = values.clean(part.removeprefix("* "))
                    if tag:
                        yield tag
        for column in self._columns.get(_TOPIC, ()):
            topic = values.clean(row.cells[column.index])
            if topic:
                yield topic

    def _own_id(self, row: Row) -> int:
        if _OWN_ID_FIELD not in self._columns:
            return 0
        said = _OWN_ID.fullmatch(self._first(row, _OWN_ID_FIELD))
        return int(said[2]) if said and said[1] == self.team else 0


def _by_stem(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns that are parts of one address ("adr1", "adr2") together; those of another address apart."""
    stems: dict[str, list[Column]] = {}
    for column in columns:
        stem = re.sub(r"\d+", "", fold(column.header)).strip()
        stems.setdefault(stem if column.field is Field.STREET else f"{column.index}", []).append(column)
    return list(stems.values())
