"""A schedule comes in by a page: the file, what it would do, done. Each step is a page of its own and needs no
JavaScript."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changes import CannotUndo
from accounts.http import TeamRequest
from accounts.models import Operation, Team
from accounts.permissions import team_page
from contacts.imports.errors import ReadingError
from foundation import clock
from foundation.formatting import date_range, day_month
from foundation.messages import status
from outreach import imports, uploads
from outreach.forms import authors
from outreach.import_forms import ColumnsForm, FileForm, OrderForm, WhoseForm
from outreach.imports import Outcome
from outreach.models import ScheduleUpload
from outreach.schedules.base import AmbiguousDateOrder, UnknownFormat
from outreach.schedules.when import DateOrder
from outreach.uploads import AlreadyApplied, Settings


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def post_import(request: TeamRequest) -> HttpResponse:
    """Choose a file, and say whose posts are in it."""
    form = FileForm(request.POST or None, request.FILES or None, **_people(request))
    if request.method == "POST" and form.is_valid():
        try:
            upload = uploads.keep(
                team=cast("Team", request.team),
                by=request.user,
                name=form.file_name(),
                content=form.cleaned_data["file"].read(),
                settings=form.settings(),
                now=clock.now(),
            )
            return redirect("outreach:post_import_check", upload.pk)
        except ReadingError as error:
            form.add_error("file", str(error))
    return render(request, "outreach/import_form.html", {"form": form}, status=422 if form.errors else 200)


@team_page
@require_safe
def post_import_check(request: TeamRequest, pk: int) -> HttpResponse:
    """What the import would do; or the question that the file leaves open."""
    upload = _upload(request, pk)
    context: dict[str, Any] = {"upload": upload, "settings": uploads.settings_of(upload)}
    if upload.applied_at:  # its file is gone
        return render(request, "outreach/import_check.html", context)
    try:
        context["outcome"] = outcome = uploads.preview(upload, now=clock.now())
        context["dates"] = _dates(outcome)
        context["whose"] = _whose_form(request, context["settings"])
    except AmbiguousDateOrder as error:
        context |= {"question": error, "order": OrderForm()}
    except UnknownFormat as error:
        context |= {"question": error, "columns": ColumnsForm(table=uploads.table_of(upload))}
    except ReadingError as error:
        context["question"] = error
    return render(request, "outreach/import_check.html", context)


@team_page
@require_POST
def post_import_whose(request: TeamRequest, pk: int) -> HttpResponse:
    """Say anew whose posts they are and where they go."""
    upload = _upload(request, pk)
    form = WhoseForm(request.POST, **_people(request))
    if form.is_valid():
        said = uploads.settings_of(upload)
        channel = form.cleaned_data["channel"]
        uploads.change(upload, Settings(form.manager(), channel, said.order, said.columns))
    return redirect("outreach:post_import_check", pk)


@team_page
@require_POST
def post_import_order(request: TeamRequest, pk: int) -> HttpResponse:
    """Answer which comes first, day or month."""
    upload = _upload(request, pk)
    form = OrderForm(request.POST)
    if form.is_valid():
        said = uploads.settings_of(upload)
        order = DateOrder(form.cleaned_data["order"])
        uploads.change(upload, Settings(said.manager, said.channel, order, said.columns))
    return redirect("outreach:post_import_check", pk)


@team_page
@require_POST
def post_import_columns(request: TeamRequest, pk: int) -> HttpResponse:
    """Say which column holds what."""
    upload = _upload(request, pk)
    if upload.applied_at:  # its file is gone
        return redirect("outreach:post_import_check", pk)
    form = ColumnsForm(request.POST, table=uploads.table_of(upload))
    if not form.is_valid():
        context = {"upload": upload, "settings": uploads.settings_of(upload), "columns": form, "form": form}
        return render(request, "outreach/import_check.html", context, status=422)
    said = uploads.settings_of(upload)
    uploads.change(upload, Settings(said.manager, said.channel, said.order, form.cleaned_data))
    return redirect("outreach:post_import_check", pk)


@team_page
@require_POST
def post_import_apply(request: TeamRequest, pk: int) -> HttpResponse:
    """Import, once: a second click finds it done."""
    upload = _upload(request, pk)
    missing = request.POST.get("cancel_missing") == "yes"
    try:
        outcome = uploads.apply(upload, by=request.user, now=clock.now(), cancel_missing=missing)
    except AlreadyApplied:
        return redirect("posts")
    except ReadingError:
        return redirect("outreach:post_import_check", pk)
    undo = reverse("outreach:post_import_undo", args=[outcome.operation.pk]) if outcome.operation else ""
    status(request, _said(outcome), undo_url=undo)
    return redirect("posts")


@team_page
@require_POST
def post_import_undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take an import back, within 30 days."""
    now = clock.now()
    mine = Operation.objects.undoable_by(request.user, now=now)
    operation = get_object_or_404(mine, pk=pk, kind=imports.KIND)
    try:
        undone = imports.take_back(operation, by=request.user, now=now)
    except CannotUndo:
        raise Http404 from None
    said = ngettext("Undone: %(n)d post.", "Undone: %(n)d posts.", undone.restored) % {"n": undone.restored}
    if undone.edited_since:
        left = len(undone.edited_since)
        said += " " + ngettext(
            "%(n)d was changed since and is left as it is.",
            "%(n)d were changed since and are left as they are.",
            left,
        ) % {"n": left}
    status(request, said, level=messages.INFO)
    return redirect("posts")


def _upload(request: TeamRequest, pk: int) -> ScheduleUpload:
    """One's own upload to the team one looks at; anybody else's is a 404."""
    mine = ScheduleUpload.objects.filter(by=request.user, team=request.team).select_related("team")
    return get_object_or_404(mine, pk=pk)


def _people(request: TeamRequest) -> dict[str, Any]:
    team = cast("Team", request.team)
    leads = request.membership is not None and request.membership.is_lead
    return {"people": authors(team=team, user=request.user, leads=leads, post=None), "user": request.user}


def _whose_form(request: TeamRequest, settings: Settings) -> WhoseForm:
    first = {"author": str(settings.manager.pk) if settings.manager else "team", "channel": settings.channel}
    return WhoseForm(initial=first, **_people(request))


def _dates(outcome: Outcome) -> str:
    """The days of the first and the last post, in words."""
    if not (outcome.first_at and outcome.last_at):
        return ""
    language = get_language() or "en"
    first, last = (timezone.localtime(at).date() for at in (outcome.first_at, outcome.last_at))
    return day_month(first, language) if first == last else date_range(first, last, language)


def _said(outcome: Outcome) -> str:
    said = ngettext("%(n)d post came in.", "%(n)d posts came in.", outcome.created) % {"n": outcome.created}
    if outcome.updated:
        more = ngettext("%(n)d was completed.", "%(n)d were completed.", outcome.updated) % {
            "n": outcome.updated
        }
        said = f"{said} {more}"
    if outcome.cancelled:
        gone = ngettext("%(n)d was cancelled.", "%(n)d were cancelled.", outcome.cancelled) % {
            "n": outcome.cancelled
        }
        said = f"{said} {gone}"
    return said
