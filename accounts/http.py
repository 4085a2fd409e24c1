"""The request as our middleware leaves it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Team, User


class TeamRequest(HttpRequest):
    """A signed-in person's request: `team` is the one they look at (None: they belong to none yet)."""

    user: User  # type: ignore[assignment]
    team: Team | None
    membership: Membership | None
    teams: list[Team]
    htmx: HtmxDetails
