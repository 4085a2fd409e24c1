"""Time zones and countries as a form offers them."""

from functools import cache
from zoneinfo import available_timezones

from holidays.utils import list_supported_countries

REGIONS = ("Europe", "America", "Africa", "Asia", "Atlantic", "Australia", "Indian", "Pacific", "Antarctica", "Arctic")
LEGACY = ("Brazil/", "Canada/", "Chile/", "Etc/", "Mexico/", "SystemV/", "US/", "posix/", "right/")


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name this machine knows; read from the disk once."""
    return frozenset(available_timezones())


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Zones by region, Europe first, as a `<select>` with groups: [("Europe", [("Europe/Paris", "Paris"), ...])]."""
    grouped: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zone_names()):
        region, _, place = name.partition("/")
        if region in grouped and place and not name.startswith(LEGACY):
            grouped[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [*((region, places) for region, places in grouped.items() if places), ("UTC", [("UTC", "UTC")])]


@cache
def countries() -> frozenset[str]:
    """Countries whose public holidays are known, as two letters (ISO 3166-1)."""
    return frozenset(list_supported_countries(include_aliases=False))
