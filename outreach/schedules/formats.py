"""The formats we know, and which of them a file is."""

from types import ModuleType

from django.utils.translation import gettext as _

from contacts.imports.reading import Table
from outreach.schedules import buffer, handkept, hootsuite, metricool, publer, socialbee
from outreach.schedules.base import Mapping, UnknownFormat

# The narrow ones first: a hand-kept sheet may have any header.
FORMATS: tuple[ModuleType, ...] = (buffer, metricool, publer, socialbee, hootsuite, handkept)
NAMES = tuple(module.NAME for module in FORMATS)
AUTO = "auto"
MAPPED = "mapped"


def recognise(table: Table, name: str = AUTO) -> tuple[str, Mapping]:
    """The format's name and mapping, for `name` "auto" by the headers. Raises `UnknownFormat`."""
    for module in FORMATS:
        if name in (AUTO, module.NAME):
            mapping = module.recognise(table)
            if mapping:
                return module.NAME, mapping
    headers = ", ".join(header for header in table.headers if header) or "–"
    if name == AUTO:
        raise UnknownFormat(
            _(
                "No format is known with these columns: %(headers)s. Say which holds the text and which the time."
            )
            % {"headers": headers}
        )
    raise UnknownFormat(
        _("This is not a file of the format “%(format)s”. Its columns: %(headers)s.")
        % {"format": name, "headers": headers}
    )
