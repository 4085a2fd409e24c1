"""How a view finds the occurrence it is about, and what it answers."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.http import TeamRequest
from accounts.models import Operation, Team
from events.models import Occurrence
from foundation import clock
from foundation.htmx import redirect
from foundation.messages import status


def occurrence_of(request: TeamRequest, pk: int) -> Occurrence:
    """The occurrence with its people; 404 when it is not of the person's teams."""
    seen = (
        Occurrence.objects.visible_to(request.user)
        .with_people()
        .select_related("team", "touchpoint", "kind", "series__team", "series__kind")
    )
    return get_object_or_404(seen, pk=pk)


def editable(request: TeamRequest, pk: int) -> Occurrence:
    """Seen by the whole team; changed by its hosts, who planned it, and the lead."""
    occurrence = occurrence_of(request, pk)
    if not occurrence.may_be_edited_by(request.user, leads=leads(request, occurrence)):
        raise PermissionDenied
    return occurrence


def hosted(request: TeamRequest, pk: int) -> Occurrence:
    """Whether it took place is said by those who were there."""
    occurrence = occurrence_of(request, pk)
    if request.user not in occurrence.hosts.all():
        raise PermissionDenied
    return occurrence


def leads(request: TeamRequest, occurrence: Occurrence) -> bool:
    """Whether the person leads the occurrence's team, which need not be the one they look at."""
    return leads_team(request, occurrence.team_id)


def leads_team(request: TeamRequest, team: int) -> bool:
    """Whether the person leads the team of that id."""
    return any(one.is_lead and one.team_id == team for one in request.memberships)


def belongs_to(request: TeamRequest, team: Team) -> bool:
    """Whether the person is a member of the team, which need not be the one they look at."""
    return any(one.team_id == team.pk for one in request.memberships)


def team_of(request: TeamRequest) -> Team:
    """The team that `team_page` has made sure of."""
    return cast("Team", request.team)


def done(
    request: TeamRequest, occurrence: Occurrence, said: str, operation: Operation | None
) -> HttpResponse:
    """Say what was done, with Undo when an operation can take it back."""
    undo = reverse("accounts:undo", args=[operation.pk]) if operation else ""
    status(request, said, undo_url=undo)
    return redirect(request, back(request, occurrence))


def refused(request: TeamRequest, occurrence: Occurrence) -> HttpResponse:
    """It is no longer as the page showed it: say how it is now."""
    now = clock.now()
    occurrence.refresh_from_db()
    if occurrence.outcome:
        said = _("Already answered: %(outcome)s.") % {"outcome": occurrence.get_outcome_display()}
    elif occurrence.cancelled_at:
        said = _("It is cancelled already.")
    elif not occurrence.has_begun(now):
        said = _("It has not begun yet.")
    else:
        said = _("It was changed meanwhile. Here is how it stands.")
    status(request, said, level=messages.INFO)
    return redirect(request, back(request, occurrence))


def back(request: TeamRequest, occurrence: Occurrence) -> str:
    """Where the form wants to go back to, else the page of the occurrence."""
    return safe_next(request, reverse("occurrence", args=[occurrence.pk]))


def safe_next(request: TeamRequest, otherwise: str) -> str:
    """Where the form wants to go back to, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise
