"""Calendars of others: a file brought in, an address followed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changes import CannotUndo
from accounts.http import TeamRequest
from accounts.models import Operation
from accounts.permissions import team_page
from accounts.views.undo import say_undone
from events import calendars
from events.calendar_forms import AddressForm, FileForm
from events.calendars import AlreadyFollowed
from events.ical.intake import Outcome
from events.ical.lines import CalendarRefused
from events.models import Source
from events.tasks import send_for_worker
from events.views.responses import team_of
from foundation import clock, leases
from foundation.fetch import FetchError
from foundation.messages import status


@team_page
@require_safe
def source_list(request: TeamRequest) -> HttpResponse:
    """The calendars the team follows, and the ways to bring one in."""
    found = Source.objects.visible_to(request.user).subscribed().filter(team=request.team)
    leads = request.membership is not None and request.membership.is_lead
    sources = [
        (source, source.may_be_changed_by(request.user, leads=leads))
        for source in found.select_related("by", "host", "kind")
    ]
    return render(request, "events/source_list.html", {"sources": sources})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_import(request: TeamRequest) -> HttpResponse:
    """Read a file into the team's calendar, with Undo."""
    form = FileForm(request.POST or None, request.FILES or None, **_who(request))
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imported = calendars.import_file(
                file.read(),
                file.name,
                team=team_of(request),
                by=request.user,
                now=clock.now(),
                **form.chosen(),
            )
        except CalendarRefused as error:
            form.add_error("file", str(error))
        else:
            _say(request, imported.outcome)
            if not imported.read.rejected:
                return redirect("calendar")
            context = {"form": None, "rejected": [(one.title, one.reason) for one in imported.read.rejected]}
    return render(request, "events/calendar_import.html", context, status=422 if form.errors else 200)


@team_page
@require_POST
def calendar_import_undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take an import, or the end of a subscription, back within 30 days."""
    now = clock.now()
    mine = Operation.objects.undoable_by(request.user, now=now)
    operation = get_object_or_404(mine, pk=pk, kind=calendars.KIND)
    try:
        undone = calendars.take_back(operation, by=request.user, now=now)
    except CannotUndo as error:
        if not error.args:
            raise Http404 from None
        status(request, str(error), level=messages.WARNING)
        return redirect("events:source_list")
    say_undone(request, undone)
    return redirect("calendar")


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def source_new(request: TeamRequest) -> HttpResponse:
    """Follow an address: it is read at once."""
    form = AddressForm(request.POST or None, **_who(request))
    if request.method == "POST" and form.is_valid():
        try:
            source, outcome = calendars.subscribe(
                form.cleaned_data["url"],
                team=team_of(request),
                by=request.user,
                now=clock.now(),
                **form.chosen(),
            )
        except (FetchError, CalendarRefused) as error:
            form.add_error("url", str(error))
        except AlreadyFollowed:
            form.add_error("url", _("The team follows this calendar already."))
        else:
            said = _("“%(name)s” is followed from now on: %(n)d in the calendar.")
            status(request, said % {"name": source.name, "n": outcome.created})
            return redirect("events:source_list")
    return render(request, "events/source_form.html", {"form": form}, status=422 if form.errors else 200)


@team_page
@require_POST
def source_refresh(request: TeamRequest, pk: int) -> HttpResponse:
    """Have it looked at now."""
    source = _changeable(request, pk)
    if leases.ask(Source.objects.subscribed(), source.pk):
        send_for_worker(source.pk)
    status(request, _("It is being looked at. What has changed is here in a moment."))
    return redirect("events:source_list")


@team_page
@require_POST
def source_end(request: TeamRequest, pk: int) -> HttpResponse:
    """Follow it no longer, with Undo."""
    operation = calendars.unsubscribe(source=_changeable(request, pk), by=request.user, now=clock.now())
    undo = reverse("events:calendar_import_undo", args=[operation.pk])
    said = _(
        "No longer followed. What was to come is gone, except dates with guests or changes of yours: they stay."
    )
    status(request, said, undo_url=undo)
    return redirect("events:source_list")


def _changeable(request: TeamRequest, pk: int) -> Source:
    found = Source.objects.visible_to(request.user).subscribed().select_related("team", "by", "host", "kind")
    source = get_object_or_404(found, pk=pk)
    leads = any(one.is_lead for one in request.memberships if one.team_id == source.team_id)
    if not source.may_be_changed_by(request.user, leads=leads):
        raise PermissionDenied
    return source


def _who(request: TeamRequest) -> dict[str, Any]:
    return {"team": team_of(request), "user": request.user, "is_member": request.membership is not None}


def _say(request: TeamRequest, outcome: Outcome) -> None:
    """What an import did, in a sentence."""
    parts = [ngettext("%(n)d came in", "%(n)d came in", outcome.created) % {"n": outcome.created}]
    if outcome.updated:
        parts.append(ngettext("%(n)d changed", "%(n)d changed", outcome.updated) % {"n": outcome.updated})
    if outcome.removed:
        parts.append(ngettext("%(n)d gone", "%(n)d gone", outcome.removed) % {"n": outcome.removed})
    here = outcome.unchanged + outcome.known
    if here:
        parts.append(ngettext("%(n)d was here already", "%(n)d were here already", here) % {"n": here})
    if outcome.over:
        parts.append(ngettext("%(n)d is over", "%(n)d are over", outcome.over) % {"n": outcome.over})
    undo = reverse("events:calendar_import_undo", args=[outcome.operation.pk]) if outcome.operation else ""
    level = messages.SUCCESS if outcome.operation else messages.INFO
    status(request, _("Read: %(what)s.") % {"what": ", ".join(parts)}, undo_url=undo, level=level)
