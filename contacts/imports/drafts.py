"""A row of a file as the contact it asks for, cleaned, with what could not be used said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from contacts.imports import values
from contacts.imports.columns import Column, Field
from contacts.imports.rows import Rejected, Row
from contacts.models import PointProperty
from contacts.names import fold
from contacts.points import Point

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
    "person": "person personne particulier individu",
    "other": "other autre",
}
_KIND_OF = {word: code for code, words in _KINDS.items() for word in words.split()}


@dataclass(slots=True)
class Draft:
    """What one row says. `kind` is a code of ours or a folded name of the team's own kind, "" when it says none."""

    line: int
    name: str
    key: str
    kind: str = ""
    points: list[Point] = field(default_factory=list)
    town: str = ""
    town_key: str = ""
    postcode: str = ""
    note: str = ""
    group: str = ""
    role: str = ""
    tags: list[str] = field(default_factory=list)
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row that was taken: a value that was repaired or could not be used, a likely double."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text}


class Drafter:
    """Makes drafts of rows. `kinds` are the kinds of the team: folded name or code, to code; `remarks` gathers."""

    def __init__(self, columns: Sequence[Column], *, country: str, kinds: dict[str, str]) -> None:
        self.country = country
        self.kinds = kinds
        self.remarks: list[Remark] = []
        self._columns: dict[Field, list[Column]] = {}
        for column in columns:
            if column.field:
                self._columns.setdefault(column.field, []).append(column)
        named = self._columns.get(Field.NAME, [])
        self._kind_of_name = named[0].detail if named else ""
        self._of_people = Field.FIRST_NAME in self._columns or Field.LAST_NAME in self._columns

    def draft(self, row: Row) -> Draft | Rejected:
        """What the row asks for; Rejected when nothing in it can name a contact."""
        points, remarks = self._points(row)
        name, kind = self._named(row)
        if not name and points:
            name = points[0].value
            remarks.append(_("no name, so it is called %(name)s.") % {"name": name})
        if not name:
            return Rejected(row.line, _("Nothing in the row names a contact."))
        if len(name) > NAME_LENGTH:
            remarks.append(_("the name was cut after %(count)d characters.") % {"count": NAME_LENGTH})
            name = name[:NAME_LENGTH].rstrip()
        postcode = ""
        for text in self._texts(row, Field.POSTCODE):
            postcode, more = values.postcode(text, self.country)
            remarks += more
            if postcode:
                break
        kind_code, tags = self._kind(row, kind)
        draft = Draft(row.line, name, fold(name), kind_code, points, postcode=postcode)
        draft.town = next(self._texts(row, Field.TOWN), "")[:120]
        draft.town_key = fold(draft.town)
        draft.note = "\n".join(self._texts(row, Field.NOTE, lines=True))
        draft.group = next(self._texts(row, Field.GROUP), "")[:NAME_LENGTH]
        draft.role = next(self._texts(row, Field.ROLE), "")[:120]
        draft.tags = [tag[:60] for tag in (*tags, *self._tags(row))]
        draft.external_id = next(self._texts(row, Field.EXTERNAL_ID), "")[:200]
        if draft.group and fold(draft.group) == draft.key:
            draft.group = ""
        self.remarks += [Remark(row.line, remark) for remark in remarks]
        return draft

    def _texts(self, row: Row, field: Field, *, lines: bool = False) -> Iterator[str]:
        for column in self._columns.get(field, ()):
            text = row.cells[column.index]
            text = text.strip() if lines else values.clean(text)
            if text:
                yield text

    def _points(self, row: Row) -> tuple[list[Point], list[str]]:
        found: list[Point] = []
        remarks: list[str] = []
        for part in (Field.EMAIL, Field.PHONE, Field.LINK):
            for column in self._columns.get(part, ()):
                cell = row.cells[column.index]
                if cell:
                    points, more = self._read(part, cell, column.detail)
                    found += points
                    remarks += more
        return (values.once(found) if len(found) > 1 else found), remarks

    def _read(self, part: Field, cell: str, network: str) -> tuple[list[Point], list[str]]:
        """The points of one cell; one of another sort than its column's is kept as what it is."""
        if part is Field.PHONE:
            return values.phones(cell, self.country)
        found, remarks = values.emails(cell) if part is Field.EMAIL else values.links(cell, network)
        if found or not remarks:
            return found, remarks
        if part is Field.EMAIL:
            return self._misplaced(cell, remarks)
        emails, _more = values.emails(cell) if "@" in cell else ([], [])
        return (emails, []) if emails else ([], remarks)

    def _misplaced(self, cell: str, remarks: list[str]) -> tuple[list[Point], list[str]]:
        """A link or a phone that stands in the e-mail column is kept as what it is."""
        points = values.links(cell)[0] or values.phones(cell, self.country)[0]
        if not points:
            return [], remarks
        kept = (
            _("It was kept as a link.")
            if points[0].property == PointProperty.URL
            else _("It was kept as a phone.")
        )
        return points, [f"{remarks[0]} {kept}"]

    def _named(self, row: Row) -> tuple[str, str]:
        """The name, and the kind that the way it is given suggests."""
        parts = [next(self._texts(row, part), "") for part in (Field.FIRST_NAME, Field.LAST_NAME)]
        person = " ".join(part for part in parts if part)
        name = next(self._texts(row, Field.NAME), "")
        if name:
            return name, "person" if person else self._kind_of_name
        if person:
            return person, "person"
        # A group's own entry in an address book of people.
        return next(self._texts(row, Field.GROUP), ""), "" if not self._of_people else "other"

    def _kind(self, row: Row, suggested: str) -> tuple[str, list[str]]:
        """The code of the kind, and the cell's own word as a tag where it says more than the kind does."""
        text = next(self._texts(row, Field.KIND), "")
        if not text:
            return suggested, []
        folded = fold(text)
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
        for text in self._texts(row, Field.TAGS):
            for part in re.split(r"\s*(?:[,;|]|:::)\s*", text):
                tag = part.removeprefix("* ").strip()
                if tag:
                    yield tag
        yield from self._texts(row, Field.TOPIC)
