"""Who came: figures by hand, by file or fetched, and who told them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import InTeamRequest
from accounts.models import Operation
from accounts.permissions import team_page
from contacts.imports.errors import ReadingError
from foundation import clock
from foundation.htmx import redirect
from foundation.messages import status
from outreach.launch_views import launch_of
from outreach.launches import board, fetching, visits, words
from outreach.launches.analytics import files
from outreach.launches.analytics.base import Figure
from outreach.models import Analytics, Launch, Origin, Told, Visitors
from outreach.visit_forms import AnalyticsForm, DayForm, FileForm, ToldForm, WeekForm


@team_page
@require_safe
def launch_after(request: InTeamRequest, pk: int) -> HttpResponse:
    """Who came, by day and for the first week, and who told them."""
    return _page(request, launch_of(request, pk))


@team_page
@require_POST
def visitors_week(request: InTeamRequest, pk: int) -> HttpResponse:
    """Type the first week's figure."""
    return _typed(request, launch_of(request, pk), WeekForm(request.POST), "week_form")


@team_page
@require_POST
def visitors_day(request: InTeamRequest, pk: int) -> HttpResponse:
    """Type a day's figure."""
    return _typed(request, launch_of(request, pk), DayForm(request.POST), "day_form")


@team_page
@require_POST
def visitors_file(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take the figures of a file over."""
    launch, form = launch_of(request, pk), FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, launch, file_form=form)
    sent = form.cleaned_data["file"]
    try:
        found = files.read(sent.read(), sent.name)
    except ReadingError as error:
        form.add_error("file", str(error))
        return _page(request, launch, file_form=form)
    return _written(request, launch, found.figures, Origin.FILE, left_out=found.left_out)


@team_page
@require_POST
def visitors_remove(request: InTeamRequest, pk: int, visitors_pk: int) -> HttpResponse:
    """A figure was wrong: it is a gap again."""
    launch = launch_of(request, pk)
    row = get_object_or_404(Visitors, launch=launch, pk=visitors_pk, binned_at=None)
    row.launch = launch
    return _done(request, launch, _("Removed."), visits.remove(row, by=request.user, now=clock.now()))


@team_page
@require_POST
def told_add(request: InTeamRequest, pk: int) -> HttpResponse:
    """One more answer to "Who told you?"."""
    launch, form = launch_of(request, pk), ToldForm(request.POST)
    if form.is_valid():
        visits.heard(launch, form.cleaned_data["words"])
    return redirect(request, f"{_address(launch)}#told")


@team_page
@require_POST
def told_less(request: InTeamRequest, pk: int, told_pk: int) -> HttpResponse:
    """One answer fewer: it was a slip."""
    launch = launch_of(request, pk)
    visits.unheard(get_object_or_404(Told, launch=launch, pk=told_pk))
    return redirect(request, f"{_address(launch)}#told")


@sensitive_variables("form")
@sensitive_post_parameters("token")
@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def analytics(request: InTeamRequest, pk: int) -> HttpResponse:
    """The service that counts the visitors, and its token, which is never shown again."""
    launch = launch_of(request, pk)
    row = Analytics.objects.filter(launch=launch).first()
    known = {"service": row.service, "address": row.address, "site": row.site} if row else {}
    form = AnalyticsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            fetching.connect(launch, by=request.user, now=clock.now(), **form.cleaned_data)
        except fetching.TokenNeeded:
            form.add_error("token", _("Enter the token: it was given for another address, or never."))
        else:
            status(request, _("Kept. The figures are fetched within a minute."))
            return redirect(request, _address(launch))
    context = {"form": form, "launch": launch, "analytics": row}
    return render(request, "outreach/analytics_form.html", context, status=422 if form.errors else 200)


@team_page
@require_POST
def analytics_fetch(request: InTeamRequest, pk: int) -> HttpResponse:
    """Have the service asked by the next tick."""
    launch = launch_of(request, pk)
    fetching.ask_now(get_object_or_404(Analytics, launch=launch), now=clock.now())
    status(request, _("The service is asked within a minute."), level=messages.INFO)
    return redirect(request, _address(launch))


@team_page
@require_POST
def analytics_remove(request: InTeamRequest, pk: int) -> HttpResponse:
    """Forget the service and its token; the figures stay."""
    launch = launch_of(request, pk)
    row = get_object_or_404(Analytics.objects.select_related("launch__team"), launch=launch)
    fetching.disconnect(row, by=request.user, now=clock.now())
    status(request, _("The service and its token are forgotten. The figures stay."))
    return redirect(request, _address(launch))


def _typed(request: InTeamRequest, launch: Launch, form: WeekForm | DayForm, name: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, launch, **{name: form})
    return _written(request, launch, [form.figure(launch)], Origin.HAND)


def _written(
    request: InTeamRequest, launch: Launch, figures: list[Figure], origin: Origin, *, left_out: int = 0
) -> HttpResponse:
    """Write figures down and say what came of it."""
    n, operation = visits.write(launch, figures, origin=origin, by=request.user, now=clock.now())
    said = [ngettext("%(n)d figure written down.", "%(n)d figures written down.", n) % {"n": n}]
    if n == 0:
        said = [_("Nothing new for the eight weeks before and the four after the day.")]
    if left_out:
        words_left = ngettext("%(n)d row held no number.", "%(n)d rows held no number.", left_out)
        said.append(words_left % {"n": left_out})
    return _done(request, launch, " ".join(said), operation)


def _page(request: InTeamRequest, launch: Launch, **forms: Any) -> HttpResponse:
    now, found = clock.now(), visits.of_launch(launch)
    today = board.team_day(launch.team, now)
    row = Analytics.objects.filter(launch=launch).first()
    week = found.week
    context = {
        "launch": launch,
        "here": "after",
        "today": today,
        "visits": found,
        "week": week,
        "week_over": launch.last_day_of_week < today,
        "days": sorted(found.days.items(), reverse=True),
        "stretches": [one for one in found.figures if one.days > 1],
        "missing": found.missing(today),
        "analytics": row,
        "trouble": words.trouble(row.trouble) if row and row.trouble else "",
        "told": list(Told.objects.filter(launch=launch)),
        "week_form": WeekForm(initial={"week": week.count if week and week.is_exact else None}),
        "day_form": DayForm(initial={"on": today}),
        "file_form": FileForm(),
        **forms,
    }
    return render(request, "outreach/launch_after.html", context, status=422 if forms else 200)


def _done(request: InTeamRequest, launch: Launch, said: str, operation: Operation | None) -> HttpResponse:
    status(request, said, undo_url=reverse("accounts:undo", args=[operation.pk]) if operation else "")
    return redirect(request, _address(launch))


def _address(launch: Launch) -> str:
    return reverse("outreach:launch_after", args=[launch.pk])
