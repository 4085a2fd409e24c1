"""Names as people type them, and the contacts they mean."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Team, User
from contacts import directory, search
from contacts.models import Contact
from contacts.names import typed_key


@dataclass
class Meant:
    """Contacts that typed names mean, names nobody knows yet, and names that several contacts bear."""

    known: list[Contact] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)


def split_names(typed: str) -> list[str]:
    """Names as they are typed in one line: separated by commas, semicolons or line ends."""
    return [name.strip() for name in typed.replace(";", ",").replace("\n", ",").split(",") if name.strip()]


def meant(team: Team, names: Iterable[str]) -> Meant:
    """Whom the names mean, but for accents and case, each once as first spelled. One query, none without names."""
    wanted = list({typed_key(name): name for name in reversed(list(names))}.values())[::-1]
    found = search.named(team, wanted) if wanted else {}
    result = Meant()
    for name in wanted:
        bearers = found.get(name, [])
        if len(bearers) == 1:
            result.known.append(bearers[0])
        else:
            (result.ambiguous if bearers else result.unknown).append(name)
    return result


def everybody(
    *, team: Team, by: User, contacts: Iterable[Contact], new_names: Iterable[str], now: datetime
) -> list[Contact]:
    """The contacts, and draft contacts for the names nobody knows; each once."""
    drafts = directory.add_drafts(team=team, by=by, names=new_names, now=now)
    return list(dict.fromkeys([*contacts, *drafts]))
