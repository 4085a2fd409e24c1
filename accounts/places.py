"""Time zones and countries as a form offers them."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from holidays.utils import list_supported_countries


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name this machine knows, old aliases too; read from the disk once."""
    return frozenset(available_timezones())


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Zones where people live, by region, Europe first: [("Europe", [("Europe/Paris", "Paris"), ...]), ...].

    The names of zone.tab (IANA): three columns or more, country, coordinates, name; no aliases.
    """
    lines = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
    names = {line.split("\t")[2] for line in lines if line and not line.startswith("#")}
    grouped: dict[str, list[tuple[str, str]]] = {"Europe": []}
    for name in sorted(names & zone_names()):
        region, _, place = name.partition("/")
        grouped.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [*grouped.items(), ("UTC", [("UTC", "UTC")])]


@cache
def countries() -> frozenset[str]:
    """Countries whose public holidays are known, as two letters (ISO 3166-1)."""
    return frozenset(list_supported_countries(include_aliases=False))
