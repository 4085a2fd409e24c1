"""What a request knows about the person: language, time zone, and the team they look at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.models import Membership, Team

SESSION_KEY = "team"


class PersonMiddleware:
    """Activates the person's language and zone; sets `request.team`, `.membership`, `.teams` and `.memberships`.

    The session's user came with both; one query more for an organisation admin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.team = request.membership = None  # type: ignore[attr-defined]
        request.teams = request.memberships = []  # type: ignore[attr-defined]
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
        memberships = user.current_memberships
        if memberships is None:  # signed in within this very request
            memberships = list(Membership.objects.current().filter(user=user).select_related("team"))
        request.memberships = memberships  # type: ignore[attr-defined]
        mine = {membership.team_id: membership for membership in memberships}
        teams = list(Team.objects.all()) if user.is_admin else [membership.team for membership in memberships]
        request.teams = sorted(teams, key=lambda team: (team.name.casefold(), team.pk))  # type: ignore[attr-defined]
        team = chosen_team(request.teams, memberships, request.session.get(SESSION_KEY))  # type: ignore[attr-defined]
        request.team = team  # type: ignore[attr-defined]
        request.membership = mine.get(team.pk) if team else None  # type: ignore[attr-defined]
        with timezone.override(user.zone):
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


def chosen_team(teams: list[Team], memberships: list[Membership], chosen: int | None) -> Team | None:
    """The team chosen in this session, else the one where the person is a CM, else the first they may see."""
    for team in teams:
        if team.pk == chosen:
            return team
    managing = next((membership.team for membership in memberships if membership.is_manager), None)
    belonging = next((membership.team for membership in memberships), None)
    return managing or belonging or (teams[0] if teams else None)
