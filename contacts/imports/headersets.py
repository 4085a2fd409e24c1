"""The address books that export under headers of their own, recognised by them, and where their headers mislead.

Facts of the products themselves. A header is as `fold` leaves it; "#2" is the second column of that name. None: nothing
is taken, and nobody is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contacts.imports.fields import Field


@dataclass(frozen=True, slots=True)
class HeaderSet:
    """A product's export. `signs` are headers that together only it has; `fields` overrule what a header says elsewhere."""

    name: str
    signs: frozenset[str]
    fields: dict[str, Field | None] = field(default_factory=dict)


def _set(
    name: str, signs: str, fields: dict[str, Field | None] | None = None, *, nothing: str = ""
) -> HeaderSet:
    overruled: dict[str, Field | None] = {header: None for header in nothing.split("|") if header}
    return HeaderSet(name, frozenset(signs.split("|")), {**overruled, **(fields or {})})


_GOOGLE = (
    "middle name|additional name|name prefix|name suffix|nickname|file as|organization department|birthday|photo|"
    "phonetic first name|phonetic middle name|phonetic last name|event 1 label|event 1 value|relation 1 label|"
    "relation 1 value|custom field 1 label|custom field 1 value|initials|short name|maiden name|gender|location|"
    "billing information|directory server|mileage|occupation|hobby|sensitivity|priority|subject|language|"
    "organization 1 department|organization 1 symbol|organization 1 location|organization 1 job description|"
    "address 1 formatted|address 1 po box|address 1 region|address 1 country|address 1 extended address"
)
SETS = (
    _set(
        "Google Contacts",
        "given name|family name|group membership",
        {"name": Field.NAME, "organization 1 name": Field.GROUP, "organization 1 title": Field.ROLE},
        nothing=_GOOGLE,
    ),
    _set("Google Contacts", "first name|last name|organization name|labels", nothing=_GOOGLE),
    _set(
        "Outlook",
        "prenom|nom|societe|adresse de messagerie|type de messagerie",
        {
            "titre#1": None, "titre#2": Field.ROLE, "mots cles": Field.TAGS, "telephone autre": Field.PHONE,
            "ville autre": Field.TOWN, "code postal autre": Field.POSTCODE,
            **{f"rue {place}{n}": Field.STREET for place in ("bureau", "domicile", "autre") for n in ("", " 2", " 3")},
        },
        nothing="deuxieme prenom|suffixe|service|lieu|emplacement|bureau|nom de l assistant e|telephone de l assistant e|"
        "responsable|initiales|anniversaire|anniversaire de mariage ou fete|conjoint e|enfants|langue|sexe|prive|priorite|"
        "compte|code gouvernement|critere de diffusion|disponibilite internet|informations facturation|kilometrage|"
        "numero d identification de l organisation|passe temps|serveur d annuaire|rappel|rnis|telex|telephone tdd tty|profession|"
        "recepteur de radiomessagerie|radiotelephone|autre boite postale|b p professionnelle|boite postale du domicile|"
        "utilisateur 1|utilisateur 2|utilisateur 3|utilisateur 4|dep region bureau|dep region domicile|dep region autre|"
        "pays region bureau|pays region domicile|pays region autre",
    ),
    _set(
        "Outlook",
        "first name|last name|company|e mail address",
        {"title": None, "job title": Field.ROLE, "categories": Field.TAGS, "keywords": Field.TAGS},
        nothing="middle name|suffix|department|assistant s name|assistant s phone|manager s name|initials|anniversary|"
        "birthday|spouse|children|language|gender|private|priority|account|government id number|billing information|"
        "directory server|hobby|location|mileage|office location|organizational id number|po box|profession|referred by|"
        "sensitivity|isdn|telex|tty tdd phone|radio phone|callback|pager|user 1|user 2|user 3|user 4|web page|"
        "e mail type|e mail display name|e mail 2 type|e mail 2 display name|e mail 3 type|e mail 3 display name|"
        "business state|business country region|home state|home country region|other state|other country region|"
        "business address po box|home address po box|other address po box|internet free busy|action|id|"
        "home address|business address|other address".replace("web page|", ""),
    ),
    _set("LinkedIn", "first name|last name|connected on|position", nothing="connected on"),
    _set(
        "Thunderbird",
        "display name|primary email|screen name",
        nothing="nickname|screen name|fax number|pager number|department|birth year|birth month|birth day|home state|"
        "home country|work state|work country|custom 1|custom 2|custom 3|custom 4",
    ),
    _set(
        "HubSpot",
        "record id|first name|last name|lifecycle stage",
        {"record id": Field.EXTERNAL_ID, "associated company": Field.GROUP, "company name": Field.GROUP},
        nothing="lifecycle stage|contact owner|lead status|create date|last activity date|marketing contact status|"
        "associated company ids|primary associated company id|record source|last modified date|state region|country region",
    ),
    _set(
        "Mailchimp",
        "email address|first name|last name|member rating",
        {"address": Field.STREET, "tags": Field.TAGS},
        nothing="member rating|optin time|optin ip|confirm time|confirm ip|latitude|longitude|gmtoff|dstoff|timezone|cc|"
        "region|last changed|leid|euid|birthday",
    ),
    _set(
        "CiviCRM",
        "contact id|contact type|sort name|display name",
        {
            "contact id": Field.EXTERNAL_ID, "internal contact id": Field.EXTERNAL_ID, "sort name": None,
            "display name": Field.NAME, "contact type": Field.KIND, "street address": Field.STREET,
            "supplemental address 1": Field.STREET, "current employer": Field.GROUP, "groups": Field.TAGS, "tags": Field.TAGS,
        },
        nothing="contact subtype|middle name|nickname|legal name|legal identifier|external identifier|do not email|"
        "do not phone|do not mail|do not sms|do not trade|is opt out|individual prefix|individual suffix|gender|birth date|"
        "communication style|preferred language|preferred communication method|source|image url|state|county|country|"
        "on hold|is deceased|email greeting|postal greeting|addressee|location type|im provider",
    ),
    _set(
        "Répertoire national des associations",
        "id|siret|titre|objet|libcom|dir civilite",
        {
            "titre": Field.NAME, "adr1": Field.STREET, "adr2": Field.STREET, "adr3": Field.STREET, "objet": Field.NOTE,
            "adrs codepostal": Field.POSTCODE, "libcom": Field.TOWN, "siteweb": Field.LINK, "observation": Field.NOTE,
        },
        nothing="id ex|siret|gestion|date creat|date publi|nature|groupement|objet social1|objet social2|adrs codeinsee|"
        "dir civilite|position|rup mi|maj time",
    ),
)  # fmt: skip


def known(headers: Sequence[str]) -> HeaderSet | None:
    """The set that these folded headers are; where several fit, the one with the most signs."""
    here = set(headers)
    fitting = [one for one in SETS if one.signs <= here]
    return max(fitting, key=lambda one: len(one.signs), default=None)
