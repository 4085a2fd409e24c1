"""How presence is counted and who sees it, for everybody; targets, rules and the individual view, for those who decide."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import InTeamRequest, TeamRequest
from accounts.models import Membership
from accounts.permissions import admin_page, lead_or_admin_page, login_required, team_page
from foundation import clock
from foundation.messages import status
from ratio import agreements, previews
from ratio.forms import IndividualViewForm, PolicyForm, TargetForm
from ratio.models import Target
from ratio.periods import local_day


@require_safe
@login_required
def how(request: TeamRequest) -> HttpResponse:
    """How it is counted, with the team's own values."""
    policy = agreements.policy_of(request.team) if request.team else None
    return render(request, "ratio/how.html", {"policy": policy})


@require_safe
@team_page
def measured(request: InTeamRequest) -> HttpResponse:
    """What is measured, who sees it, what was decided: for every member of the team."""
    leading = Membership.objects.current().leading().filter(team=request.team).select_related("user")
    context = {
        "policy": agreements.policy_of(request.team),
        "leads": sorted(one.user.name for one in leading if one.user.is_active),
    }
    return render(request, "ratio/measured.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page
@lead_or_admin_page
def policy(request: InTeamRequest) -> HttpResponse:
    """Targets and how the ratio is read; what a change would move is shown before it is made."""
    team, now = request.team, clock.now()
    form = PolicyForm(request.POST or None, instance=agreements.policy_of(team))
    moves = None
    if request.method == "POST" and form.is_valid():
        if "sure" in request.POST:
            agreements.change_policy(team=team, values=form.decided(), by=request.user, now=now)
            status(request, _("Saved. It holds for every reading from now on."))
            return redirect("ratio:policy")
        moves = previews.of_policy(team, values=form.decided(), now=now) if _sees_people(request) else ()
    context = {
        "policy": agreements.policy_of(team),
        "form": form,
        "targets": Target.objects.filter(team=team).select_related("manager", "set_by"),
        "today": local_day(now, team.zone),
        "moves": moves,
        "sees_people": _sees_people(request),
    }
    return render(request, "ratio/policy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page
@lead_or_admin_page
def target_new(request: InTeamRequest) -> HttpResponse:
    """Agree on a target; whose state it would move is shown before."""
    team, now = request.team, clock.now()
    first = {"percent": 30, "since": local_day(now, team.zone), "manager": request.GET.get("for")}
    form = TargetForm(request.POST or None, team=team, initial=first)
    moves = None
    if request.method == "POST" and form.is_valid():
        agreed = form.agreed()
        if "sure" in request.POST:
            agreements.set_target(team=team, by=request.user, now=now, **agreed)
            status(request, _("Target set."))
            return redirect("ratio:policy")
        del agreed["reason"]
        moves = previews.of_target(team, now=now, **agreed) if _sees_people(request) else ()
    context = {"form": form, "moves": moves, "sees_people": _sees_people(request)}
    return render(request, "ratio/target_form.html", context, status=422 if form.errors else 200)


@require_POST
@team_page
@lead_or_admin_page
def target_remove(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take a target back."""
    target = get_object_or_404(Target, pk=pk, team=request.team)
    is_gone = agreements.drop_target(target, by=request.user, now=clock.now())
    status(request, _("Target removed.") if is_gone else _("The target no longer holds; past days keep it."))
    return redirect("ratio:policy")


@require_http_methods(["GET", "HEAD", "POST"])
@team_page
@admin_page
def individual_view(request: InTeamRequest) -> HttpResponse:
    """Let leads see single people, in two steps: its purpose and who was told; then what everybody will read."""
    team, now = request.team, clock.now()
    form = IndividualViewForm(request.POST or None, today=local_day(now, team.zone))
    is_checked = request.method == "POST" and form.is_valid()
    if is_checked and "sure" in request.POST:
        agreements.show_people(team=team, by=request.user, now=now, **form.cleaned_data)
        status(request, _("The individual view is on. Community managers see it on their page."))
        return redirect("ratio:policy")
    context = {"form": form, "is_checked": is_checked}
    return render(request, "ratio/individual_view.html", context, status=422 if form.errors else 200)


@require_POST
@team_page
@admin_page
def individual_view_off(request: InTeamRequest) -> HttpResponse:
    """Nobody but the person sees their presence any more."""
    agreements.hide_people(team=request.team, by=request.user, now=clock.now())
    status(request, _("The individual view is off."))
    return redirect("ratio:policy")


def _sees_people(request: InTeamRequest) -> bool:
    """Who may see single people may see whose state would move: leads, with the individual view on."""
    leads = request.membership is not None and request.membership.is_lead
    return leads and agreements.policy_of(request.team).shows_people
