"""One CM's presence for their lead, with the individual view on: what was counted, and a hand to offer."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import TeamRequest
from accounts.models import Membership, Team, User
from accounts.permissions import is_lead, login_required
from contacts.models import TouchpointKind
from foundation import clock
from foundation.inputs import row_ids
from foundation.messages import status
from outreach.models import Post
from ratio import agreements, corrections, offers, overview, periods, presence
from ratio.forms import ProposalForm, ReasonForm
from ratio.models import Exclusion
from ratio.own_views import thing_of

PROPOSED_POSTS = 6
PROPOSED_AT = dt.time(18, 30)


@require_safe
@login_required
def member_presence(request: TeamRequest, slug: str, pk: int) -> HttpResponse:
    """What was counted for one CM, for the team's leads; the CM sees who looked."""
    team = _led_team(request, slug)
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


@require_safe
@login_required
def help_offer(request: TeamRequest, slug: str, pk: int) -> HttpResponse:
    """Four ways to help, the same for everybody."""
    team, person = _led(request, slug, pk)
    if person.pk == request.user.pk:
        return redirect("ratio:presence")
    return _help_page(request, team, person, None)


@require_POST
@login_required
def help_meeting(request: TeamRequest, slug: str, pk: int) -> HttpResponse:
    """Propose a date to go somewhere together; the CM finds it on Today."""
    team, person = _led(request, slug, pk)
    now = clock.now()
    form = ProposalForm(request.POST, team=team, days=_days(team, now))
    if not form.is_valid():
        return _help_page(request, team, person, form)
    kind = TouchpointKind.objects.for_team(team).filter(code="meeting").first()
    if kind is None:
        raise Http404
    proposal = form.proposed()
    offers.propose_meeting(manager=person, team=team, by=request.user, kind=kind, now=now, **proposal)
    status(request, _("Proposed: %(name)s finds it on Today.") % {"name": person.name})
    return redirect("ratio:team_presence", team.slug)


@require_POST
@login_required
def help_posts(request: TeamRequest, slug: str, pk: int) -> HttpResponse:
    """Offer to take over the posts that are ticked."""
    team, person = _led(request, slug, pk)
    now = clock.now()
    ticked = row_ids(request.POST.getlist("post"))
    posts = Post.objects.filter(team=team, manager=person, pk__in=ticked).to_come(now)
    if offers.propose_posts(manager=person, team=team, by=request.user, posts=posts, now=now) is None:
        status(request, _("Choose the posts to take over."), level=messages.INFO)
        return redirect("ratio:help", team.slug, person.pk)
    status(request, _("Offered: %(name)s finds it on Today.") % {"name": person.name})
    return redirect("ratio:team_presence", team.slug)


def _help_page(request: TeamRequest, team: Team, person: User, form: ProposalForm | None) -> HttpResponse:
    now = clock.now()
    days = _days(team, now)
    to_see = [one.contact for one in presence.people_to_see(person, team, now, limit=4)]
    first = {
        "client_id": uuid.uuid4(),
        "day": days[0],
        "at": PROPOSED_AT,
        "contact": [contact.pk for contact in to_see[:1]],
    }
    form = form or ProposalForm(team=team, days=days, initial=first)
    context = {
        "team": team,
        "person": person,
        "form": form,
        "days": days,
        "to_see": to_see,
        "chosen": row_ids(form["contact"].value() or []),
        "made": offers.made_to(person, team),
        "posts": list(Post.objects.filter(team=team, manager=person).to_come(now)[:PROPOSED_POSTS]),
    }
    return render(request, "ratio/help.html", context, status=422 if form.errors else 200)


def _days(team: Team, now: dt.datetime) -> list[dt.date]:
    """Five working days to choose from, from the day after tomorrow on."""
    today = periods.local_day(now, team.zone)
    ahead = (today + dt.timedelta(days=number) for number in range(2, 12))
    return [day for day in ahead if day.weekday() < 5][:5]  # Monday to Friday


def _led_team(request: TeamRequest, slug: str) -> Team:
    """A team that the person leads: who only administers sees nobody's own page."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    if not is_lead(request.user, team):
        raise PermissionDenied
    return team


def _led(request: TeamRequest, slug: str, pk: int) -> tuple[Team, User]:
    """A team that the person leads, and a CM of it, with the individual view on."""
    team = _led_team(request, slug)
    if not agreements.policy_of(team).shows_people:
        raise Http404
    return team, _member(team, pk)


def _member(team: Team, pk: int) -> User:
    """A CM of the team today, else a 404."""
    members = Membership.objects.current().managing().filter(team=team).select_related("user")
    return get_object_or_404(members, user=pk).user
