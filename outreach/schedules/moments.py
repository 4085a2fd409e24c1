"""Local times of a schedule to instants, on the two nights of the year when that is not plain."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _


def instant(moment: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """The instant (UTC) of a moment: by its own offset, else in `zone`; and a remark where the clock was changed.

    A local time that does not exist (02:30 on the spring night) is what the clock then shows, an hour later. One
    that exists twice in autumn is the first of the two.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC), ""
    local = moment.replace(tzinfo=zone, fold=0)
    found = local.astimezone(UTC)
    shown = found.astimezone(zone)
    if shown.replace(tzinfo=None) != moment:
        return found, _("%(time)s does not exist that night; %(shown)s was taken.") % {
            "time": f"{moment:%Y-%m-%d %H:%M}",
            "shown": f"{shown:%H:%M}",
        }
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return found, _("%(time)s happens twice that night; the first was taken.") % {
            "time": f"{moment:%Y-%m-%d %H:%M}"
        }
    return found, ""
