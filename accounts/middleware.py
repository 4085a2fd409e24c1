"""What a request knows about the person: language, time zone, and the team they look at."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.models import Membership, Team

SESSION_KEY = "team"
# What a form says of the team it was drawn for (`accounts.templatetags.forms`).
FORM_KEY = "for_team"


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
        teams = list(Team.objects.all()) if user.is_admin else [membership.team for membership in memberships]
        request.teams = sorted(teams, key=lambda team: (team.name.casefold(), team.pk))  # type: ignore[attr-defined]
        _look_at(request, chosen_team(request.teams, memberships, request.session.get(SESSION_KEY)))  # type: ignore[attr-defined]
        with timezone.override(user.zone):
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """A form is about the team it was drawn for, whichever another tab of the session chose since; what belongs to
        a team that is not, or no longer, the person's is a 404. After the check for CSRF, which reads the form too."""
        drawn_for = request.POST.get(FORM_KEY) or request.GET.get(FORM_KEY)
        if drawn_for is None or not request.user.is_authenticated:
            return
        team = next((team for team in request.teams if str(team.pk) == drawn_for), None)  # type: ignore[attr-defined]
        if team is None:
            raise Http404
        _look_at(request, team)


def _look_at(request: HttpRequest, team: Team | None) -> None:
    mine = {membership.team_id: membership for membership in request.memberships}  # type: ignore[attr-defined]
    request.team = team  # type: ignore[attr-defined]
    request.membership = mine.get(team.pk) if team else None  # type: ignore[attr-defined]


def chosen_team(teams: list[Team], memberships: list[Membership], chosen: int | None) -> Team | None:
    """The team chosen in this session, else the one where the person is a CM, else the first they may see."""
    for team in teams:
        if team.pk == chosen:
            return team
    managing = next((membership.team for membership in memberships if membership.is_manager), None)
    belonging = next((membership.team for membership in memberships), None)
    return managing or belonging or (teams[0] if teams else None)
