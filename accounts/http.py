"""The request as our middleware leaves it, and where to go back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Team, User


class TeamRequest(HttpRequest):
    """A signed-in person's request: `team` is the one they look at (None: they belong to none yet)."""

    user: User
    team: Team | None
    membership: Membership | None
    teams: list[Team]
    memberships: list[Membership]
    htmx: HtmxDetails


class InTeamRequest(TeamRequest):
    """What `permissions.team_page` and the decorators for roles let through: there is a team."""

    team: Team


def back_to(request: HttpRequest, default: str) -> str:
    """The page the person came from: the form's `next`, else the referring page; only on this site, else `default`."""
    for address in (request.POST.get("next"), request.headers.get("referer")):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return default
