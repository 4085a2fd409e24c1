"""Which column holds what: French and English headers, and the look of the values where a header says nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contacts import points
from contacts.imports.reading import Table
from contacts.names import fold


class Field(StrEnum):
    """What an imported column can become."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    TOWN = "town"
    POSTCODE = "postcode"
    KIND = "kind"
    GROUP = "group"
    ROLE = "role"
    TAGS = "tags"
    TOPIC = "topic"  # one tag, whatever its punctuation
    NOTE = "note"
    EXTERNAL_ID = "external_id"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. `field` is None where it is not taken; `sure` is False for a guess by its values.

    `detail` says more: the network of a link column, or the kind of contact that a header such as "Nom du
    festival" names.
    """

    index: int
    header: str
    field: Field | None
    detail: str = ""
    sure: bool = True


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
    Field.LINK: "url|urls|website|web site|site|site web|site internet|siteweb|web|web page|page web|link|links|lien|liens|"
    "homepage|home page|web page 1|web page 2|adresse internet|site officiel|profil",
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
    r"action|gender|sexe|ip|nombre|autres?|geo\w*|source|middle|additional|nickname|screen|voie|rue|street|"
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
_ONCE = frozenset({Field.NAME, Field.EXTERNAL_ID, Field.KIND, Field.TOPIC, Field.GROUP, Field.ROLE})
_LOOKED_AT = 200  # values of a nameless column


def recognise(table: Table) -> list[Column]:
    """A `Column` for each column of the table, in its order."""
    columns: list[Column] = []
    taken: set[Field] = set()
    folded = [fold(header) for header in table.headers]
    has_first_name = any(_BY_HEADER.get(header) is Field.FIRST_NAME for header in folded)
    has_group = any(_BY_HEADER.get(header) is Field.GROUP for header in folded)
    for index, header in enumerate(folded):
        field, detail = _by_header(header, has_first_name=has_first_name)
        if field in _ONCE and field in taken:
            field = None
        if field is Field.ROLE and not (has_group or has_first_name):
            field = None  # a role is somebody's in a group; the RNA's "position" is none
        if field:
            taken.add(field)
        columns.append(Column(index, table.headers[index], field, detail))
    if Field.LAST_NAME in taken and Field.FIRST_NAME not in taken and Field.NAME not in taken:
        columns = [
            _as(column, Field.NAME) if column.field is Field.LAST_NAME else column for column in columns
        ]
    return _by_values(table, columns)


def untaken(columns: Sequence[Column]) -> list[str]:
    """Headers of columns that nothing is taken from, to be said once."""
    return [column.header for column in columns if column.field is None and column.header]


def _as(column: Column, field: Field) -> Column:
    return Column(column.index, column.header, field, column.detail, column.sure)


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
        field = None
        if column.field is None and not column.header:
            field = _looks_like(_some_values(table, column.index), taken)
        if field:
            taken.add(field)
            guessed.append(Column(column.index, column.header, field, sure=False))
        else:
            guessed.append(column)
    if table.header_line is None and not taken & {Field.NAME, Field.LAST_NAME}:
        for position, column in enumerate(guessed):
            values = _some_values(table, column.index)
            if column.field is None and values and all(re.search(r"[^\W\d_]{2}", value) for value in values):
                guessed[position] = Column(column.index, column.header, Field.NAME, sure=False)
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
    if Field.POSTCODE not in taken and sum(bool(re.fullmatch(r"\d{5}", value)) for value in values) >= enough:
        return Field.POSTCODE
    return None
