"""Which column holds what: French and English headers, and the look of the values where a header says nothing."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contacts import points
from contacts.imports import headersets
from contacts.imports.fields import Field
from contacts.imports.reading import Table
from contacts.names import fold

__all__ = ["Column", "Field", "Why", "recognise", "signature", "untaken"]


class Why(StrEnum):
    """How it is known what a column holds."""

    HEADER = "header"
    VALUES = "values"  # a guess
    NOTHING = "nothing"  # empty, or known to hold nothing of ours
    UNKNOWN = "unknown"
    CHOSEN = "chosen"  # by a person, now or the last time they met these headers


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. `field` is None where it is not taken.

    `detail` says more: the network of a link column, or the kind of contact that a header such as "Nom du
    festival" names. A note whose header says what it is about ("Genre: ") has that header in `label`.
    """

    index: int
    header: str
    field: Field | None
    detail: str = ""
    why: Why = Why.HEADER
    label: str = ""

    @property
    def sure(self) -> bool:
        """Nobody need look at it."""
        return self.why in (Why.HEADER, Why.NOTHING, Why.CHOSEN)


# Headers as `fold` leaves them. Order of words, accents and case therefore do not matter, singular and plural do.
_EXACT: dict[Field, str] = {
    Field.NAME: "name|nom|display name|nom complet|full name|file as|contact|contact name|nom affiche|titre|title|intitule|"
    "denomination|nom usuel|raison sociale|nom prenom|prenom nom|nom et prenom|nom du contact|libelle|structure",
    Field.FIRST_NAME: "first name|firstname|given name|prenom|prenoms|first",
    Field.LAST_NAME: "last name|lastname|family name|surname|nom de famille|patronyme|last",
    Field.EMAIL: "email|e mail|mail|emails|e mails|courriel|courriels|adresse e mail|adresse email|adresse mail|mel|"
    "email address|e mail address|adresse electronique|adresse de messagerie|primary email|secondary email|"
    "contact mail|contact email|adresse courriel",
    Field.PHONE: "phone|telephone|tel|mobile|portable|phones|phone number|mobile number|mobile phone|work phone|home phone|"
    "business phone|numero de telephone|tel mobile|tel portable|tel fixe|telephone portable|telephone mobile|"
    "telephone fixe|telephone bureau|telephone domicile|gsm|n de telephone|other phone|cell phone|whatsapp",
    Field.LINK: "website 1 value|url|urls|website|web site|site|site web|site internet|siteweb|web|web page|page web|link|links|lien|liens|"
    "homepage|home page|web page 1|web page 2|adresse internet|site officiel|profil",
    Field.STREET: "street|rue|adresse|adresse postale|address|voie|street address|home address|work address|business street|"
    "home street|rue bureau|rue domicile|adresse 1|adresse 2|address line 1|address line 2|address 1 street|adr1|adr2|adr3|"
    "adresse ligne 1|adresse ligne 2|adresse complete|numero et voie|adresse du siege|home address 2|work address 2",
    Field.TOWN: "town|city|ville|commune|localite|home city|work city|business city|libcom|ville bureau|ville domicile|"
    "commune principale|lieu|libelle commune|nom commune|nom de la commune|location",
    Field.POSTCODE: "postcode|postal code|zip|zip code|zipcode|code postal|cp|adrs codepostal|codepostal|home zipcode|"
    "work zipcode|code postal bureau|code postal domicile|business postal code|home postal code|postalcode",
    Field.KIND: "kind|type|type de contact|type de structure|nature du contact|type d organisation|contact type",
    Field.GROUP: "group|groupe|company|organisation|organization|organisme|societe|entreprise|organization name|"
    "organization 1 name|association|employeur|nom de la structure",
    Field.ROLE: "role|fonction|poste|position|job title|organization title|organization 1 title|titre du poste|metier",
    Field.TAGS: "tags|tag|labels|label s|etiquette|etiquettes|categories|categorie|category|mots cles|keywords|"
    "group membership",
    Field.TOPIC: "discipline|discipline dominante|domaine|genre musical|style|styles|thematique|secteur",
    Field.NOTE: "note|notes|remarque|remarques|commentaire|commentaires|comment|comments|observation|observations|"
    "description|objet",
    Field.OWN_ID: "communitycrm id",
    Field.EXTERNAL_ID: "id|identifiant|identifier|identifiant unique|external id|id externe|uid|uuid|n identification|"
    "numero identification|reference|ref|rna|numero rna|id association|siret",
}
_BY_HEADER = {header: field for field, headers in _EXACT.items() for header in headers.split("|")}
_NETWORKS = (
    "facebook",
    "instagram",
    "insta",
    "twitter",
    "tiktok",
    "youtube",
    "linkedin",
    "threads",
    "soundcloud",
)
_KIND_WORDS = {
    "festival": "festival", "manifestation": "festival", "groupe": "band", "artiste": "band", "band": "band",
    "association": "association", "asso": "association", "media": "media", "journal": "media", "radio": "media",
    "webzine": "webzine", "lieu": "venue", "salle": "venue", "venue": "venue",
}  # fmt: skip
# Headers that look like ours and are not: the label of an address, a fax, a number of the statistics office.
_NEVER = re.compile(
    r"\b(label|phonetic|yomi|fax|telecopie|pager|insee|epci|photo|birth\w*|anniversaire|created|updated|date|"
    r"action|gender|sexe|ip|nombre|autres?|geo\w*|source|middle|additional|nickname|screen|numero de voie|"
    r"type de voie|nom de la voie|complement d adresse|looked after by|suivi par|last met|derniere rencontre|"
    r"see again every .*|a revoir toutes .*|why we have it|pourquoi|since|depuis|"
    r"nom complet de l adresse|type de messagerie)\b|.* \d type"
)
_BY_PATTERN: tuple[tuple[re.Pattern[str], Field], ...] = (
    (re.compile(r"(adresse )?(e ?mail|courriel)( address)?( \d)?( value| address)?"), Field.EMAIL),
    (re.compile(r".*\b(e ?mail|courriel|adresse de messagerie)\b.*"), Field.EMAIL),
    (re.compile(r".*\b(telephone|phone|tel|mobile|portable)\b.*"), Field.PHONE),
    (re.compile(r".*\b(code postal|postal code|postcode|zip)\b.*"), Field.POSTCODE),
    (re.compile(r".*\b(site (internet|web|officiel)|website|url|page web|web page)\b.*"), Field.LINK),
    (re.compile(r"(commune|ville|town|city)\b.*|.*\b(ville|city)"), Field.TOWN),
    (
        re.compile(r"nom (du|de l|de la|des|d) .*|(band|festival|venue|group|media|association) name"),
        Field.NAME,
    ),
)
# What these headers mean beside a column of first names; "Titre" is then "Mr", or a job.
_OF_ADDRESS_BOOKS = {"nom": Field.LAST_NAME, "titre": None, "title": None}
# Of these a second column is not taken without being asked for.
_ONCE = frozenset(
    {Field.NAME, Field.EXTERNAL_ID, Field.KIND, Field.TOPIC, Field.GROUP, Field.ROLE, Field.OWN_ID}
)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?|\d{1,2}[/.-]\d{1,2}[/.-](\d{2}|\d{4})")
_LOOKED_AT = 200  # values of a column whose header says nothing
_NAMING = frozenset({Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.GROUP, Field.EMAIL})


def recognise(table: Table, chosen: Sequence[Sequence[str | None]] = ()) -> list[Column]:
    """A `Column` for each column of the table, in its order. `chosen` is what a person said (`as_chosen`), if they did."""
    folded = [fold(header) for header in table.headers]
    columns = _of_headers(table.headers, folded)
    if not any(column.field in (Field.FIRST_NAME, Field.NAME) for column in columns):
        columns = [replace(one, field=Field.NAME) if one.field is Field.LAST_NAME else one for one in columns]
    columns = _by_values(table, columns)
    if len(chosen) == len(columns):
        columns = [_chosen(column, said) for column, said in zip(columns, chosen, strict=True)]
    return columns


def as_chosen(columns: Sequence[Column]) -> list[list[str | None]]:
    """The columns as a mapping is kept: field and detail of each."""
    return [[column.field.value if column.field else None, column.detail] for column in columns]


def signature(headers: Sequence[str]) -> str:
    """What a team's mapping is remembered by: the headers, but for case, accents and punctuation."""
    return hashlib.sha256("\x1f".join(fold(header) for header in headers).encode()).hexdigest()


def names_anybody(columns: Sequence[Column]) -> bool:
    """Whether the columns can name a contact at all."""
    return any(column.field in _NAMING for column in columns)


def untaken(columns: Sequence[Column]) -> list[str]:
    """Headers of columns that nothing is taken from, to be said once."""
    return [column.header for column in columns if column.field is None and column.header]


def _chosen(column: Column, said: Sequence[str | None]) -> Column:
    field = Field(said[0]) if said[0] in set(Field) else None
    if field is column.field and column.sure:
        return column
    detail = column.detail if field is column.field else ""
    label = (
        column.header if field is Field.NOTE and _BY_HEADER.get(fold(column.header)) is not Field.NOTE else ""
    )
    return Column(column.index, column.header, field, detail, Why.CHOSEN, label)


def _of_headers(headers: Sequence[str], folded: list[str]) -> list[Column]:
    known = headersets.known(folded)
    has_first_name = any(_BY_HEADER.get(header) is Field.FIRST_NAME for header in folded)
    has_group = any(_BY_HEADER.get(header) is Field.GROUP for header in folded)
    columns: list[Column] = []
    taken: set[Field] = set()
    times: dict[str, int] = {}
    for index, header in enumerate(folded):
        times[header] = times.get(header, 0) + 1
        numbered = f"{header}#{times[header]}"
        if known and (header in known.fields or numbered in known.fields):
            field, detail = known.fields.get(numbered, known.fields.get(header)), ""
            why = Why.HEADER if field else Why.NOTHING
        else:
            field, detail = _by_header(header, has_first_name=has_first_name)
            is_never = (
                bool(header) and not field and (bool(_NEVER.search(header)) or header in _OF_ADDRESS_BOOKS)
            )
            why = Why.HEADER if field else Why.NOTHING if is_never else Why.UNKNOWN
        if field in _ONCE and field in taken:
            field, why = None, Why.UNKNOWN
        if field is Field.ROLE and not (has_group or has_first_name):
            field, why = None, Why.UNKNOWN  # a role is somebody's in a group
        if field:
            taken.add(field)
        columns.append(Column(index, headers[index], field, detail, why))
    return columns


def _by_header(header: str, *, has_first_name: bool) -> tuple[Field | None, str]:
    field = _BY_HEADER.get(header)
    if field is Field.NAME and has_first_name and header in _OF_ADDRESS_BOOKS:
        return _OF_ADDRESS_BOOKS[header], ""
    if field:
        return field, ""
    for network in _NETWORKS:
        if re.search(rf"\b{network}\b", header):
            return Field.LINK, network
    if not header or _NEVER.search(header):
        return None, ""
    for pattern, by_pattern in _BY_PATTERN:
        if pattern.fullmatch(header):
            return by_pattern, _kind_named(header) if by_pattern is Field.NAME else ""
    return None, ""


def _kind_named(header: str) -> str:
    return next((_KIND_WORDS[word] for word in header.split() if word in _KIND_WORDS), "")


def _by_values(table: Table, columns: list[Column]) -> list[Column]:
    """Fill in what the headers left open: addresses show what they are, and without headers so does a name."""
    taken = {column.field for column in columns}
    guessed: list[Column] = []
    for column in columns:
        if column.why is not Why.UNKNOWN:
            guessed.append(column)
            continue
        values = _some_values(table, column.index)
        field = _looks_like(values, taken)
        if field:
            taken.add(field)
            label = column.header if field is Field.NOTE else ""
            guessed.append(replace(column, field=field, why=Why.VALUES, label=label))
        else:
            guessed.append(column if values else replace(column, why=Why.NOTHING))
    if table.header_line is None and not taken & {Field.NAME, Field.LAST_NAME}:
        for position, column in enumerate(guessed):
            values = _some_values(table, column.index)
            if column.field is None and values and all(re.search(r"[^\W\d_]{2}", value) for value in values):
                guessed[position] = replace(column, field=Field.NAME, why=Why.VALUES)
                break
    return guessed


def _some_values(table: Table, index: int) -> list[str]:
    values = (row.cells[index].strip() for row in table.rows[:_LOOKED_AT])
    return [value for value in values if value]


def _looks_like(values: list[str], taken: set[Field | None]) -> Field | None:
    if not values:
        return None
    enough = 0.8 * len(values)
    if sum(points.email(value) is not None for value in values) >= enough:
        return Field.EMAIL
    if sum(bool(re.fullmatch(r"\+?(?:[ ().-]*\d){9,15}", value)) for value in values) >= enough:
        return Field.PHONE
    if sum(bool(re.match(r"https?://|www\.", value, re.I)) for value in values) >= enough:
        return Field.LINK
    if sum(bool(_DATE.fullmatch(value)) for value in values) >= enough:
        return Field.NOTE  # as it is written: nothing of ours is kept by such a day
    if Field.POSTCODE not in taken and sum(bool(re.fullmatch(r"\d{5}", value)) for value in values) >= enough:
        return Field.POSTCODE
    return None
