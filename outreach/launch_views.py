"""A launch before its day: written down, whom to meet, where each of them stands."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import InTeamRequest, back_to
from accounts.models import Operation
from accounts.permissions import team_page
from contacts.forms.contact import members
from foundation import clock
from foundation.htmx import redirect
from foundation.messages import status
from outreach.launch_forms import ChoiceForm, LaunchForm, NewLaunchForm, SayForm, ShareOutForm
from outreach.launches import board, choosing, coverage, planning, visits, words
from outreach.launches.coverage import Card, Coverage, State
from outreach.models import Launch


@team_page
@require_safe
def launch_list(request: InTeamRequest) -> HttpResponse:
    """The team's launches: those to come, the soonest first, and those that are out."""
    launches = list(Launch.objects.of_team(request.team).select_related("team")[:100])
    met, came = coverage.of_launches(launches), visits.of_launches(launches)
    today = board.team_day(request.team, clock.now())
    rows = [
        (met[one.pk], words.left(one.day, today), *words.outcome(met[one.pk], came[one.pk], today))
        for one in launches
    ]
    context = {
        "ahead": [row for row in reversed(rows) if not row[0].launch.is_out(today)],
        "out": [row for row in rows if row[0].launch.is_out(today)],
    }
    return render(request, "outreach/launch_list.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def launch_new(request: InTeamRequest) -> HttpResponse:
    """Prepare a launch: what, when, and whom to meet for it, in one page."""
    now = clock.now()
    form = NewLaunchForm(request.POST or None, team=request.team, initial={"client_id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            launch, operation = planning.prepare(
                team=request.team,
                by=request.user,
                client_id=form.cleaned_data["client_id"],
                details=form.details(),
                contacts=form.contacts(),
                now=now,
            )
        except planning.NameTaken:
            form.add_error("name", _("There is or was a launch of this name. Add a year, or a place."))
        except planning.TooMany:
            form.add_error("kind", _too_many())
        else:
            n = launch.approaches.count()
            said = ngettext("Prepared: %(n)d contact to meet.", "Prepared: %(n)d contacts to meet.", n) % {
                "n": n
            }
            return _done(request, said, operation, reverse("outreach:launch", args=[launch.pk]))
    return _form_page(request, form, None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def launch_edit(request: InTeamRequest, pk: int) -> HttpResponse:
    """Change what is known of a launch."""
    launch = launch_of(request, pk)
    form = LaunchForm(request.POST or None, initial=LaunchForm.initial_of(launch))
    if request.method == "POST" and form.is_valid():
        operation = planning.edit(launch, by=request.user, now=clock.now(), **form.details().__dict__)
        return _done(request, _("Saved."), operation, reverse("outreach:launch", args=[pk]))
    return _form_page(request, form, launch)


@team_page
@require_POST
def launch_bin(request: InTeamRequest, pk: int) -> HttpResponse:
    """Put a launch into the bin, with Undo."""
    operation = planning.bin_launch(launch_of(request, pk), by=request.user, now=clock.now())
    return _done(
        request, _("The launch is in the bin for 30 days."), operation, reverse("outreach:launch_list")
    )


@team_page
@require_safe
def launch(request: InTeamRequest, pk: int) -> HttpResponse:
    """Who was met, whom to see next, who is on board."""
    found = launch_of(request, pk)
    page = board.of_launch(found, user=request.user, now=clock.now())
    return render(request, "outreach/launch_board.html", {"page": page, "launch": found, "here": "board"})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def launch_choose(request: InTeamRequest, pk: int) -> HttpResponse:
    """Add contacts to meet: by kind, tag and town, or by name."""
    launch = launch_of(request, pk)
    form = ChoiceForm(request.POST or None, team=launch.team)
    if request.method == "POST" and form.is_valid():
        contacts = [*choosing.chosen(launch.team, form.choice())[: planning.MOST + 1], *form.by_hand()]
        if "colleagues" in request.POST:
            contacts += choosing.colleagues(launch.team)[: planning.MOST + 1]
        try:
            n, operation = planning.add(launch, contacts=contacts, by=request.user, now=clock.now())
        except planning.TooMany:
            form.add_error("kind", _too_many())
        else:
            said = ngettext("%(n)d contact added.", "%(n)d contacts added.", n) % {"n": n}
            return _done(request, said, operation if n else None, reverse("outreach:launch", args=[pk]))
    context = {"form": form, "launch": launch}
    return render(request, "outreach/launch_choose.html", context, status=422 if form.errors else 200)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def launch_plan(request: InTeamRequest, pk: int) -> HttpResponse:
    """Who meets whom, by when."""
    launch = launch_of(request, pk)
    found = coverage.of_launch(launch)
    waiting = sorted(found.everybody, key=lambda card: list(State).index(card.state))
    form = ShareOutForm(
        request.POST or None,
        approaches=[card.approach for card in waiting],
        people=list(members(launch.team)),
    )
    if request.method == "POST" and form.is_valid():
        operation = planning.share_out(launch, plan=form.plan(), by=request.user, now=clock.now())
        return _done(request, _("Saved."), operation, reverse("outreach:launch", args=[pk]))
    said = {card.approach.pk: words.STATES[card.state] for card in waiting if card.state is not State.TO_MEET}
    context = {"form": form, "launch": launch, "said": said}
    return render(request, "outreach/launch_plan.html", context, status=422 if form.errors else 200)


@team_page
@require_POST
def approach_say(request: InTeamRequest, pk: int, approach_pk: int) -> HttpResponse:
    """Say where a contact stands, in one tap."""
    launch, now = launch_of(request, pk), clock.now()
    form, found = SayForm(request.POST), coverage.of_launch(launch)
    card = _card(found, approach_pk)
    there = f"{reverse('outreach:launch', args=[pk])}#contact-{approach_pk}"
    if not form.is_valid():
        return redirect(request, there)
    state = State(form.cleaned_data["state"])
    try:
        operation = planning.say(card.approach, state, by_meeting=card.by_meeting, by=request.user, now=now)
    except planning.MetAlready:
        said = _("A noted meeting says you met: change it there.")
        status(
            request,
            said,
            level=messages.INFO,
            links=[(card.contact, reverse("contact", args=[card.contact.pk]))],
        )
        return redirect(request, there)
    values = {"name": card.contact, "state": words.STATES[state][0]}
    return _done(request, _("%(name)s: %(state)s.") % values, operation, there)


@team_page
@require_POST
def approach_leave_out(request: InTeamRequest, pk: int, approach_pk: int) -> HttpResponse:
    """A contact is not to be met for the launch after all."""
    launch = launch_of(request, pk)
    card = _card(coverage.of_launch(launch), approach_pk)
    operation = planning.leave_out(card.approach, by=request.user, now=clock.now())
    said = _("Left out: %(name)s.") % {"name": card.contact}
    return _done(request, said, operation, back_to(request, reverse("outreach:launch", args=[pk])))


def launch_of(request: InTeamRequest, pk: int) -> Launch:
    """A launch of the person's teams, with its team (which need not be the one they look at); else 404."""
    return get_object_or_404(Launch.objects.visible_to(request.user).select_related("team"), pk=pk)


def _card(found: Coverage, approach: int) -> Card:
    card = next((one for one in found.everybody if one.approach.pk == approach), None)
    if card is None:
        raise Http404
    return card


def _done(request: InTeamRequest, said: str, operation: Operation | None, address: str) -> HttpResponse:
    status(request, said, undo_url=reverse("accounts:undo", args=[operation.pk]) if operation else "")
    return redirect(request, address)


def _form_page(request: InTeamRequest, form: LaunchForm, launch: Launch | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "launch": launch}
    return render(request, "outreach/launch_form.html", context, status=422 if form.errors else 200)


def _too_many() -> str:
    return _("More than %(n)d contacts are too many for one launch: narrow it down.") % {"n": planning.MOST}
