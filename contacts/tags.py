"""Tags as people type them: words between commas, made on the fly."""

from collections.abc import Iterable

from accounts.models import Team
from contacts.models import Tag
from contacts.names import fold

LONGEST = 60


def split(text: str) -> list[str]:
    """The words between commas or semicolons, each once however it is spelled, at most 60 characters each."""
    words = (" ".join(word.split()).lstrip("#")[:LONGEST] for word in text.replace(";", ",").split(","))
    return list({fold(word): word for word in reversed([*words]) if fold(word)}.values())[::-1]


def key(name: str) -> str:
    """By which two spellings of a tag are one."""
    return fold(name)[:LONGEST]


def named(team: Team, names: Iterable[str]) -> list[Tag]:
    """The team's tags of these names; those it lacks are made. "Rock" and "rock" are one tag."""
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(key(name), name)
    wanted.pop("", None)
    if not wanted:
        return []
    Tag.objects.bulk_create(
        [Tag(team=team, name=name[:LONGEST], key=folded) for folded, name in wanted.items()],
        ignore_conflicts=True,
    )
    return list(Tag.objects.filter(team=team, key__in=wanted))
