"""One CM's presence for their lead, with the individual view on; the lead may take a line out, with a reason."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import TeamRequest
from accounts.models import Membership, Team, User
from accounts.permissions import is_admin, is_lead
from foundation import clock
from foundation.messages import status
from ratio import agreements, corrections, overview
from ratio.forms import ReasonForm
from ratio.models import Exclusion
from ratio.views import thing_of


@require_safe
@login_required
def member_presence(request: TeamRequest, slug: str, pk: int) -> HttpResponse:
    """What was counted for one CM, for the team's leads and admins; the CM sees who looked."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    if not (is_admin(request.user) or is_lead(request.user, team)):
        raise PermissionDenied
    page = overview.member_page(_member(team, pk), team, request.user, clock.now())
    if page is None:
        raise Http404
    return render(request, "ratio/member_presence.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_out(request: TeamRequest, slug: str, pk: int, what: str, thing_pk: int) -> HttpResponse:
    """Take a line out of a CM's count, with a reason that the CM reads."""
    team, person = _led(request, slug, pk)
    thing = thing_of(person, team, what, thing_pk)
    form = ReasonForm(request.POST or None, person=person.name)
    if request.method == "POST" and form.is_valid():
        reason, by = form.cleaned_data["reason"], request.user
        corrections.take_out(thing=thing, manager=person, team=team, reason=reason, by=by, now=clock.now())
        status(request, _("Taken out of %(name)s’s count.") % {"name": person.name})
        return redirect("ratio:member_presence", team.slug, person.pk)
    context = {"form": form, "thing": thing, "is_post": what == "post", "person": person, "team": team}
    return render(request, "ratio/take_out.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def put_back(request: TeamRequest, slug: str, pk: int, exclusion_pk: int) -> HttpResponse:
    """Let a line of a CM count again."""
    team, person = _led(request, slug, pk)
    exclusion = get_object_or_404(Exclusion, pk=exclusion_pk, manager=person, team=team)
    corrections.put_back(exclusion, by=request.user, now=clock.now())
    status(request, _("It counts again."))
    return redirect("ratio:member_presence", team.slug, person.pk)


def _led(request: TeamRequest, slug: str, pk: int) -> tuple[Team, User]:
    """A team that the person leads, and a CM of it, with the individual view on; admins look, leads correct."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    if not is_lead(request.user, team):
        raise PermissionDenied
    if not agreements.policy_of(team).shows_people:
        raise Http404
    return team, _member(team, pk)


def _member(team: Team, pk: int) -> User:
    """A CM of the team today, else a 404."""
    members = Membership.objects.current().managing().filter(team=team).select_related("user")
    return get_object_or_404(members, user=pk).user
