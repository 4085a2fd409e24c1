"""A CM's own pages: where they stand, what was counted, the year, what others see; and what they say about it."""

import csv
import datetime as dt
import io

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import changes
from accounts.http import InTeamRequest
from accounts.models import Operation, Team, User
from accounts.permissions import manager_page, team_page
from accounts.views.undo import say_undone
from contacts.models import Touchpoint
from foundation import clock
from foundation.htmx import is_fragment, respond
from foundation.inputs import is_reckonable
from foundation.messages import status
from outreach.models import Post
from ratio import corrections, offers, overview, own
from ratio.forms import ContestForm, ContextForm, LeaveForm, ReasonForm
from ratio.history import By
from ratio.models import Contest, ContextNote, Exclusion, Leave, Offer
from ratio.periods import local_day

SNOOZE_DAYS = 7


@require_safe
@team_page
def presence(request: InTeamRequest) -> HttpResponse:
    """Where one stands; for somebody who is no community manager a word about whose page it is."""
    page = own.page(request.user, request.team, clock.now())
    return render(request, "ratio/presence.html", {"page": page, "form": LeaveForm(), "team": request.team})


@require_safe
@manager_page
def counted(request: InTeamRequest) -> HttpResponse:
    """The lines of the window; for htmx the card alone."""
    page = own.counted_page(request.user, request.team, clock.now())
    context = {"page": page, "is_open": not is_fragment(request)}
    return respond(request, "ratio/counted.html", context, fragment="lines")


@require_safe
@manager_page
def year(request: InTeamRequest) -> HttpResponse:
    """A year by weeks or months."""
    by = By.MONTH if request.GET.get("by") == By.MONTH else By.WEEK
    page = own.year_page(request.user, request.team, clock.now(), by=by, until=_day(request))
    return render(request, "ratio/year.html", {"page": page})


@require_safe
@manager_page
def year_csv(request: InTeamRequest) -> HttpResponse:
    """The same figures as a file."""
    by = By.MONTH if request.GET.get("by") == By.MONTH else By.WEEK
    page = own.year_page(request.user, request.team, clock.now(), by=by, until=_day(request))
    if page is None:
        raise Http404
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([_("From"), _("To"), _("Meetings"), _("Posts")])
    for one in page.stretches:
        rows.writerow([one.first, one.last, one.counts.real, one.counts.online])
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="presence-{page.first_day}-{page.last_day}.csv"'
    return answer


@require_safe
@manager_page
def seen(request: InTeamRequest) -> HttpResponse:
    """What one's lead sees, exactly, and who looked."""
    page = overview.as_seen(request.user, request.team, clock.now())
    return render(request, "ratio/seen.html", {"page": page, "looks": own.looks(request.user)})


@require_POST
@manager_page
def acknowledge(request: InTeamRequest) -> HttpResponse:
    """I know: nothing more about this stretch."""
    if corrections.acknowledge(manager=request.user, now=clock.now()):
        status(request, _("Understood. No more reminders about this stretch."))
    return redirect("ratio:presence")


@require_POST
@manager_page
def snooze(request: InTeamRequest) -> HttpResponse:
    """Not this week."""
    today = local_day(clock.now(), request.team.zone)
    if corrections.snooze(manager=request.user, today=today, days=SNOOZE_DAYS):
        status(request, _("Put off by a week."))
    return redirect("ratio:presence")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_page
def take_out(request: InTeamRequest, what: str, pk: int) -> HttpResponse:
    """Take one of one's own lines out of the count, with a reason."""
    thing = thing_of(request.user, request.team, what, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.take_out(
            thing=thing,
            manager=request.user,
            team=request.team,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=clock.now(),
        )
        status(request, _("Taken out of your count."))
        return redirect("ratio:counted")
    context = {"form": form, "thing": thing, "is_post": what == "post"}
    return render(request, "ratio/take_out.html", context, status=422 if form.errors else 200)


@require_POST
@manager_page
def put_back(request: InTeamRequest, pk: int) -> HttpResponse:
    """Let a line count again."""
    exclusion = get_object_or_404(Exclusion, pk=pk, manager=request.user)
    corrections.put_back(exclusion, by=request.user, now=clock.now())
    status(request, _("It counts again."))
    return redirect("ratio:counted")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_page
def contest(request: InTeamRequest, what: str, pk: int) -> HttpResponse:
    """Say that a line is counted wrongly; the lead reads it."""
    thing = thing_of(request.user, request.team, what, pk)
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.contest(
            thing=thing,
            manager=request.user,
            team=request.team,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
        status(request, _("Noted beside the line, for you and your team lead."))
        return redirect("ratio:counted")
    context = {"form": form, "thing": thing, "is_post": what == "post", "contests": True}
    return render(request, "ratio/take_out.html", context, status=422 if form.errors else 200)


@require_POST
@manager_page
def contest_withdraw(request: InTeamRequest, pk: int) -> HttpResponse:
    """The line is right after all."""
    get_object_or_404(Contest, pk=pk, manager=request.user).delete()
    status(request, _("Withdrawn."))
    return redirect("ratio:counted")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_page
def leave_new(request: InTeamRequest) -> HttpResponse:
    """Note days away."""
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.say_away(manager=request.user, team=request.team, **form.cleaned_data)
        status(request, _("Noted: these days are left out."))
        return redirect("ratio:presence")
    return render(request, "ratio/leave_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@manager_page
def leave_remove(request: InTeamRequest, pk: int) -> HttpResponse:
    """Days that were no absence after all."""
    get_object_or_404(Leave, pk=pk, manager=request.user).delete()
    status(request, _("Removed: these days count again."))
    return redirect("ratio:presence")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_page
def context_new(request: InTeamRequest) -> HttpResponse:
    """Say what explains some days."""
    form = ContextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.explain(manager=request.user, team=request.team, **form.cleaned_data)
        status(request, _("Noted: it stands beside your bar."))
        return redirect("ratio:presence")
    context = {"form": form, "explains": True}
    return render(request, "ratio/leave_form.html", context, status=422 if form.errors else 200)


@require_POST
@manager_page
def context_remove(request: InTeamRequest, pk: int) -> HttpResponse:
    """What explained nothing after all."""
    get_object_or_404(ContextNote, pk=pk, manager=request.user).delete()
    status(request, _("Removed."))
    return redirect("ratio:presence")


@require_POST
@manager_page
def offer_accept(request: InTeamRequest, pk: int) -> HttpResponse:
    """Gladly."""
    offer = _offer(request, pk)
    try:
        operation = offers.accept(offer, by=request.user, now=clock.now())
    except offers.Answered:
        status(request, _("That was answered already, or its day is past."), level=messages.INFO)
        return redirect(settings.LOGIN_REDIRECT_URL)
    said = (
        _("You go together: it is in your calendar.") if offer.occurrence else _("The posts changed hands.")
    )
    status(request, said, undo_url=reverse("ratio:offer_take_back", args=[operation.pk]))
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
@manager_page
def offer_decline(request: InTeamRequest, pk: int) -> HttpResponse:
    """Not this time."""
    offer = _offer(request, pk)
    try:
        offers.decline(offer, now=clock.now())
        status(request, _("Declined. Your team lead sees that you answered."))
    except offers.Answered:
        status(request, _("That was answered already, or its day is past."), level=messages.INFO)
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
@manager_page
def offer_take_back(request: InTeamRequest, pk: int) -> HttpResponse:
    """Undo a yes."""
    mine = Operation.objects.filter(by=request.user, team=request.team, kind=offers.KIND)
    operation = get_object_or_404(mine, pk=pk)
    try:
        say_undone(request, offers.take_back(operation, by=request.user, now=clock.now()))
    except changes.CannotUndo:
        status(request, _("This was already undone, or is too long ago."), level=messages.WARNING)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _offer(request: InTeamRequest, pk: int) -> Offer:
    """An offer to the person in the team of which they are a CM now, as Today shows it; one of a team left is a 404."""
    mine = Offer.objects.filter(manager=request.user, team=request.team)
    return get_object_or_404(mine.select_related("team", "occurrence", "by"), pk=pk)


def _day(request: InTeamRequest) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(request.GET.get("until", ""))
    except ValueError:
        return None
    return day if is_reckonable(day) else None


def thing_of(person: User, team: Team, what: str, pk: int) -> Touchpoint | Post:
    """A touchpoint or post of a CM in a team, else a 404."""
    if what == "post":
        return get_object_or_404(Post, pk=pk, team=team, manager=person, binned_at=None)
    return get_object_or_404(
        Touchpoint.objects.kept().filter(team=team, participations__manager=person), pk=pk
    )
