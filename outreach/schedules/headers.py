"""Finding columns by their headers, whatever their case, accents and punctuation."""

from contacts.imports.reading import Table
from contacts.names import fold


def positions(table: Table) -> dict[str, int]:
    """Folded header to index, the first of each; nameless columns are left out."""
    found: dict[str, int] = {}
    for index, header in enumerate(table.headers):
        if header:
            found.setdefault(fold(header), index)
    return found


def one(found: dict[str, int], *names: str) -> int | None:
    """The column of the first of these names that the file has."""
    return next((found[name] for name in names if name in found), None)


def those(found: dict[str, int], *names: str) -> tuple[int, ...]:
    """The columns of all of these names that the file has, in the order of the names."""
    return tuple(found[name] for name in names if name in found)
