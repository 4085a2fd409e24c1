"""Pages of presence: one's own, the team's, how it is counted, and what was agreed."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import TeamRequest
from accounts.models import Team, User
from accounts.permissions import admin_page, is_admin, is_lead, lead_or_admin_page, manager_page, team_page
from contacts.models import Touchpoint
from foundation import clock
from foundation.messages import status
from outreach.models import Post
from ratio import agreements, corrections, overview, presence
from ratio.forms import IndividualViewForm, LeaveForm, PolicyForm, ReasonForm, TargetForm
from ratio.models import Exclusion, Leave, Target
from ratio.periods import local_day

SNOOZE_DAYS = 7


@require_safe
@team_page
def own(request: TeamRequest) -> HttpResponse:
    """One's own presence; for somebody who is no community manager a word about whose it is."""
    team = _team(request)
    page = presence.own_page(request.user, team, clock.now())
    return render(request, "ratio/presence.html", {"page": page, "form": LeaveForm(), "team": team})


@require_safe
@login_required
def how(request: TeamRequest) -> HttpResponse:
    """How it is counted, with the team's own values."""
    policy = agreements.policy_of(request.team) if request.team else None
    return render(request, "ratio/how.html", {"policy": policy})


@require_safe
@login_required
def team_presence(request: TeamRequest, slug: str) -> HttpResponse:
    """The team's figures, for its lead and admins; single people only with the individual view on."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    if not (is_admin(request.user) or is_lead(request.user, team)):
        raise PermissionDenied
    only_under = request.GET.get("show") == "under"
    page = overview.team_page(team, request.user, clock.now(), only_under=only_under)
    return render(request, "ratio/team_presence.html", {"page": page})


@require_POST
@manager_page
def acknowledge(request: TeamRequest) -> HttpResponse:
    """I know: nothing more about this stretch."""
    if corrections.acknowledge(manager=request.user, now=clock.now()):
        status(request, _("Understood. No more reminders about this stretch."))
    return redirect("ratio:presence")


@require_POST
@manager_page
def snooze(request: TeamRequest) -> HttpResponse:
    """Not this week."""
    today = local_day(clock.now(), _team(request).zone)
    if corrections.snooze(manager=request.user, today=today, days=SNOOZE_DAYS):
        status(request, _("Put off by a week."))
    return redirect("ratio:presence")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_page
def take_out(request: TeamRequest, what: str, pk: int) -> HttpResponse:
    """Take one of one's own lines out of the count, with a reason."""
    thing = thing_of(request.user, _team(request), what, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, team = form.cleaned_data["reason"], _team(request)
        corrections.take_out(
            thing=thing, manager=request.user, team=team, reason=reason, by=request.user, now=clock.now()
        )
        status(request, _("Taken out of your count."))
        return redirect("ratio:presence")
    context = {"form": form, "thing": thing, "is_post": what == "post"}
    return render(request, "ratio/take_out.html", context, status=422 if form.errors else 200)


@require_POST
@manager_page
def put_back(request: TeamRequest, pk: int) -> HttpResponse:
    """Let a line count again."""
    exclusion = get_object_or_404(Exclusion, pk=pk, manager=request.user)
    corrections.put_back(exclusion, by=request.user, now=clock.now())
    status(request, _("It counts again."))
    return redirect("ratio:presence")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_page
def leave_new(request: TeamRequest) -> HttpResponse:
    """Note days away."""
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.say_away(manager=request.user, team=_team(request), **form.cleaned_data)
        status(request, _("Noted: these days are left out."))
        return redirect("ratio:presence")
    return render(request, "ratio/leave_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@manager_page
def leave_remove(request: TeamRequest, pk: int) -> HttpResponse:
    """Days that were no absence after all."""
    get_object_or_404(Leave, pk=pk, manager=request.user).delete()
    status(request, _("Removed: these days count again."))
    return redirect("ratio:presence")


@require_http_methods(["GET", "HEAD", "POST"])
@lead_or_admin_page
def policy(request: TeamRequest) -> HttpResponse:
    """Targets and how the ratio is read, for the lead; the individual view for admins."""
    team, now = _team(request), clock.now()
    decided = agreements.policy_of(team)
    form = PolicyForm(request.POST or None, instance=decided)
    if request.method == "POST" and form.is_valid():
        agreements.change_policy(team=team, values=form.decided(), by=request.user, now=now)
        status(request, _("Saved. It holds for every reading from now on."))
        return redirect("ratio:policy")
    today = local_day(now, team.zone)
    context = {
        "policy": agreements.policy_of(team),
        "form": form,
        "targets": Target.objects.filter(team=team).select_related("manager", "set_by"),
        "today": today,
    }
    return render(request, "ratio/policy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@lead_or_admin_page
def target_new(request: TeamRequest) -> HttpResponse:
    """Agree on a target."""
    team, now = _team(request), clock.now()
    first = {"percent": 30, "since": local_day(now, team.zone)}
    form = TargetForm(request.POST or None, team=team, initial=first)
    if request.method == "POST" and form.is_valid():
        agreements.set_target(team=team, by=request.user, now=now, **form.agreed())
        status(request, _("Target set."))
        return redirect("ratio:policy")
    return render(request, "ratio/target_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@lead_or_admin_page
def target_remove(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a target back."""
    target = get_object_or_404(Target, pk=pk, team=_team(request))
    is_gone = agreements.drop_target(target, by=request.user, now=clock.now())
    status(request, _("Target removed.") if is_gone else _("The target no longer holds; past days keep it."))
    return redirect("ratio:policy")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def individual_view(request: TeamRequest) -> HttpResponse:
    """Let the lead see single people: its purpose, and when people were told."""
    team, now = _team(request), clock.now()
    form = IndividualViewForm(request.POST or None, today=local_day(now, team.zone))
    if request.method == "POST" and form.is_valid():
        agreements.show_people(team=team, by=request.user, now=now, **form.cleaned_data)
        status(request, _("The individual view is on. Community managers see it on their page."))
        return redirect("ratio:policy")
    return render(request, "ratio/individual_view.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@admin_page
def individual_view_off(request: TeamRequest) -> HttpResponse:
    """Nobody but the person sees their presence any more."""
    agreements.hide_people(team=_team(request), by=request.user, now=clock.now())
    status(request, _("The individual view is off."))
    return redirect("ratio:policy")


def _team(request: TeamRequest) -> Team:
    """The team that the decorator has made sure of; an admin may still be without any."""
    if request.team is None:
        raise Http404
    return request.team


def thing_of(person: User, team: Team, what: str, pk: int) -> Touchpoint | Post:
    """A touchpoint or post of a CM in a team, else a 404."""
    if what == "post":
        return get_object_or_404(Post, pk=pk, team=team, manager=person, binned_at=None)
    return get_object_or_404(
        Touchpoint.objects.kept().filter(team=team, participations__manager=person), pk=pk
    )
