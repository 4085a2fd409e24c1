"""Ask the analytics services that are due, from the tick: each by one, with a lease, backing off when it is in trouble.

No network inside a transaction; what was fetched is written all together or not at all. A service that is down, busy
or talks nonsense is named with its trouble and changes no figure.
"""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from foundation.fetch import FetchError
from outreach import sealing
from outreach.launches import visits
from outreach.launches.analytics import matomo, plausible
from outreach.launches.analytics.base import PERMANENT, CannotAsk, Figure, Trouble, each_once
from outreach.models import Analytics, Launch, Origin, Service

LEASE = timedelta(minutes=2)  # three requests of five seconds each end well before
AT_ONCE = 5  # services asked in one tick: the mail is not to wait for them
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
_ASKED_AT = time(6, 10)  # yesterday is counted by then
_ASKS = {Service.MATOMO: matomo, Service.PLAUSIBLE: plausible}
_BUSY = 429
_GONE = {404, 410}
_REFUSED = {401, 403}

log = logging.getLogger(__name__)


class TokenNeeded(Exception):
    """There is no token for this address yet."""


def connect(
    launch: Launch, *, service: str, address: str, site: str, token: str, by: User, now: datetime
) -> Analytics:
    """Have a service asked from now on. Without a token the one that is known stays.

    It was given for one address and is sent to no other: raises TokenNeeded when that changes.
    """
    known = Analytics.objects.filter(launch=launch, service=service, address=address).exclude(sealed_token="")
    if not token and not known.exists():
        raise TokenNeeded
    values = {
        "service": service,
        "address": address,
        "site": site,
        "next_at": now,
        "attempts": 0,
        "trouble": "",
    }
    if token:
        values["sealed_token"] = sealing.seal(token)
    row, _created = Analytics.objects.update_or_create(launch=launch, defaults=values)
    audit.record(
        action="analytics.set",
        actor=by,
        team=launch.team,
        now=now,
        launch=launch.pk,
        service=service,
        address=address,
    )
    return row


def disconnect(row: Analytics, *, by: User, now: datetime) -> None:
    """Forget a service and its token; the figures stay."""
    audit.record(action="analytics.removed", actor=by, team=row.launch.team, now=now, launch=row.launch_id)
    row.delete()


def ask_now(row: Analytics, *, now: datetime) -> None:
    """Have it asked by the next tick."""
    Analytics.objects.filter(pk=row.pk).update(next_at=now, attempts=0)


def fetch_due(now: datetime) -> int:
    """Ask every service that is due, a few in a tick; how many gave figures."""
    due = Analytics.objects.filter(_free(now), next_at__lte=now, launch__binned_at=None).order_by(
        "next_at", "pk"
    )
    return sum(_fetch(pk, now) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def _free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


def _fetch(pk: int, now: datetime) -> bool:
    """Claim one, ask it, settle it; False when somebody else was faster, or it is in trouble."""
    until = now + LEASE
    claimed = Analytics.objects.filter(_free(now), pk=pk, next_at__lte=now)
    if not claimed.update(leased_until=until):
        return False
    row = Analytics.objects.select_related("launch__team").get(pk=pk)
    mine = Analytics.objects.filter(pk=pk, leased_until=until)
    try:
        figures = _ask(row, now)
    except CannotAsk as error:
        log.warning("analytics of launch %s: %s", row.launch_id, error.trouble)
        mine.update(**_in_trouble(row, error.trouble, now))
        return False
    with transaction.atomic():  # settled without its figures, the day would be lost
        if mine.update(**_settled(row, now)):  # else the lease ran out: whoever has it now writes
            visits.write(row.launch, figures, origin=Origin.FETCHED, by=None, now=now)
    return True


def _ask(row: Analytics, now: datetime) -> list[Figure]:
    """The days up to yesterday, and the first week once it is over. Raises CannotAsk."""
    launch, service = row.launch, _ASKS[Service(row.service)]
    yesterday = now.astimezone(launch.team.zone).date() - timedelta(days=1)
    first, last = launch.day - visits.BEFORE, min(yesterday, launch.day + visits.AFTER - timedelta(days=1))
    if last < first:
        return []
    try:
        where = (row.address, row.site, sealing.unseal(row.sealed_token))
        found = service.days(*where, first, last)
        if launch.last_day_of_week <= yesterday:
            found = [*found, service.week(*where, launch.day)]
        return each_once(found)
    except sealing.CannotOpen:
        raise CannotAsk(Trouble.SEALED) from None
    except FetchError as error:
        raise CannotAsk(_trouble_of(error)) from None


def _trouble_of(error: FetchError) -> Trouble:
    if error.status in _REFUSED:
        return Trouble.REFUSED
    if error.status in _GONE or error.permanent:
        return Trouble.GONE
    if error.status == _BUSY:
        return Trouble.BUSY
    return Trouble.DOWN


def _settled(row: Analytics, now: datetime) -> dict[str, object]:
    zone = row.launch.team.zone
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    goes_on = tomorrow <= row.launch.day + visits.AFTER + timedelta(days=2)
    return {
        "next_at": datetime.combine(tomorrow, _ASKED_AT, zone) if goes_on else None,
        "leased_until": None,
        "attempts": 0,
        "fetched_at": now,
        "trouble": "",
        "troubled_at": None,
    }


def _in_trouble(row: Analytics, trouble: Trouble, now: datetime) -> dict[str, object]:
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**row.attempts)
    return {
        "next_at": None if trouble in PERMANENT else now + wait,
        "leased_until": None,
        "attempts": min(row.attempts + 1, 10),
        "trouble": trouble.value,
        "troubled_at": now,
    }
