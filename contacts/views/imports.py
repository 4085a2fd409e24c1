"""Lists come in: File, Columns, Check, Result. Each step is a page of its own address and needs no JavaScript."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.shortcuts import redirect as redirect_to
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changes import CannotUndo
from accounts.http import TeamRequest
from accounts.models import UNDO_KEPT
from accounts.permissions import lead_or_admin_page
from contacts import telling
from contacts.forms.imports import ColumnsForm, FileForm, ReadForm
from contacts.imports import checking, corrections, overview, runs
from contacts.imports.errors import ReadingError
from contacts.imports.runs import Closed
from contacts.models import Import, Step
from contacts.paging import page_of
from contacts.tasks import send_for_worker
from foundation import clock
from foundation.htmx import is_fragment, redirect, respond
from foundation.leases import State
from foundation.messages import status

log = logging.getLogger(__name__)
PER_PAGE = 25


@lead_or_admin_page
@require_safe
def import_list(request: TeamRequest) -> HttpResponse:
    """What came in so far, the latest first, each with its undo."""
    mine = Import.objects.visible_to(request.user).filter(team=request.team)
    kept = mine.exclude(state=State.FAILED, closed_at__isnull=False)  # given up before anything was written
    rows = kept.select_related("by", "operation")
    page = page_of(rows, request.GET.get("page"), PER_PAGE, lambda run: (run, overview.completed(run)))
    oldest = clock.now() - UNDO_KEPT
    return render(request, "contacts/import_list.html", {"page": page, "oldest": oldest})


@lead_or_admin_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: TeamRequest) -> HttpResponse:
    """File: choose or paste a list, and say where it comes from. The same list on its way in is that one."""
    if request.team is None:
        raise PermissionDenied
    now = clock.now()
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        initial={"sourced_on": timezone.localtime(now).date()},
        is_too_large=int(request.headers.get("content-length") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE,
    )
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("source", "basis", "sourced_on", "tags")}
        try:
            run, is_new = runs.begin(
                team=request.team,
                by=request.user,
                name=form.list_name(),
                content=form.list_content(),
                pasted=not form.cleaned_data["file"],
                now=now,
                **said,
            )
        except ReadingError as error:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", str(error))
        else:
            if not is_new:
                status(request, _("This list is on its way in already: here it is."), level=messages.INFO)
            return redirect_to("contacts:import", run.pk)
    return render(request, "contacts/import_form.html", {"form": form}, status=422 if form.errors else 200)


@lead_or_admin_page
@require_safe
def import_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """The step at which an import stands; `?step=columns` goes back to the columns."""
    run = _run(request, pk)
    if run.is_working:
        return _progress(request, run)
    if is_fragment(request) and "said" in request.GET:  # progress was asked for, and it is over
        return redirect(request, run_address(run))
    if run.is_closed:
        return _result(request, run)
    wants_columns = request.GET.get("step") == "columns"
    if run.problem and run.step != Step.COLUMNS and not wants_columns:
        return render(request, "contacts/import_problem.html", {"run": run, "problem": overview.problem(run)})
    if run.step == Step.COLUMNS or not run.counts or wants_columns:
        return _columns_page(request, run)
    return _check_page(request, run)


@lead_or_admin_page
@require_POST
def import_read(request: TeamRequest, pk: int) -> HttpResponse:
    """Read the file in another way: its encoding, separator, sheet, or the line of its headers."""
    run = _run(request, pk)
    form = ReadForm(request.POST, run=run)
    try:
        if form.is_valid():
            _read_again(request, run, form)
        if form.errors:
            return _columns_page(request, run, reading=form)
        if is_fragment(request):
            return _columns_page(request, _run(request, pk))
    except Closed:
        return redirect(request, run_address(run))
    return redirect(request, f"{run_address(run)}?step=columns")


@lead_or_admin_page
@require_POST
def import_columns(request: TeamRequest, pk: int) -> HttpResponse:
    """Say which column holds what, and have every row checked."""
    run = _run(request, pk)
    told = runs.told(run)
    try:
        form = ColumnsForm(request.POST, found=runs.columns_of(run))
        if form.is_valid():
            for objection in runs.choose_columns(run, form.chosen(), now=clock.now()):
                form.add_error(None, str(objection))
    except Closed:
        return redirect_to("contacts:import", run.pk)
    if form.errors:
        return _columns_page(request, run, form)
    if runs.told(run) < told:
        said = _("The columns hold something else now: who the likely doubles are is asked again.")
        status(request, said, level=messages.WARNING)
    return _worked(run)


@lead_or_admin_page
@require_POST
def import_check(request: TeamRequest, pk: int) -> HttpResponse:
    """Put cells right, leave rows out, say who is the same and what happens to those we know; then look again."""
    run = _run(request, pk)
    try:
        corrections.take(run, request.POST)
    except Closed:
        return redirect_to("contacts:import", run.pk)
    return _worked(run, corrections.back_to(request.POST))


@lead_or_admin_page
@require_POST
def import_save(request: TeamRequest, pk: int) -> HttpResponse:
    """Write it, once: a second click, a second tab or a second person finds it under way."""
    run = _run(request, pk)
    if runs.ask_to_save(run):
        send_for_worker(run.pk)
    return redirect_to("contacts:import", run.pk)


@lead_or_admin_page
@require_POST
def import_again(request: TeamRequest, pk: int) -> HttpResponse:
    """Try again what was given up."""
    run = _run(request, pk)
    asked = runs.ask_to_save(run) if run.step == Step.RESULT else runs.ask_to_check(run)
    if asked:
        send_for_worker(run.pk)
    return redirect_to("contacts:import", run.pk)


@lead_or_admin_page
@require_POST
def import_discard(request: TeamRequest, pk: int) -> HttpResponse:
    """Give it up: nothing was written, and the file is forgotten."""
    run = _run(request, pk)
    try:
        runs.discard(run, now=clock.now())
    except Closed:
        return redirect_to("contacts:import", run.pk)
    status(request, _("Given up: %(name)s. Nothing was written.") % {"name": run.name}, level=messages.INFO)
    return redirect_to("contacts:imports")


@lead_or_admin_page
@require_safe
def import_rejected(request: TeamRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, with the reason, as a file to put right and bring again."""
    run = _run(request, pk)
    if not run.has_rejected:
        raise Http404
    to_fix = _("to-fix")
    name = f"import-{run.pk}-{to_fix}.csv"
    return HttpResponse(
        bytes(run.data.rejected),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@lead_or_admin_page
@require_POST
def import_undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take an import back, within 30 days. What somebody edited since is left, and listed on its page."""
    run = _run(request, pk)
    try:
        restored, left = overview.take_back(run, by=request.user, now=clock.now())
    except CannotUndo:
        raise Http404 from None
    status(request, overview.said_of_undo(restored, left), level=messages.INFO)
    return redirect_to("contacts:import", run.pk)


@lead_or_admin_page
@require_safe
def import_sample(request: TeamRequest) -> HttpResponse:
    """A list to try it with."""
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return HttpResponse(overview.sample(), content_type="text/csv; charset=utf-8", headers=headers)


def run_address(run: Import) -> str:
    """The page of an import."""
    return reverse("contacts:import", args=[run.pk])


def _run(request: TeamRequest, pk: int) -> Import:
    """An import of a team that the person leads (an admin: of any); what is not theirs is a 404."""
    mine = Import.objects.visible_to(request.user).select_related("team", "by", "operation", "data")
    return get_object_or_404(mine, pk=pk)


def _worked(run: Import, address: str = "") -> HttpResponse:
    """A short list is checked while the person waits, by the same steps; a long one by a worker."""
    if runs.is_small(run):
        runs.work(run.pk, clock=clock.now)
    else:
        send_for_worker(run.pk)
    return redirect_to(f"{run_address(run)}{address}")


def _progress(request: TeamRequest, run: Import) -> HttpResponse:
    context = {"run": run, "progress": overview.progress(run, said=request.GET.get("said"))}
    return respond(request, "contacts/import_progress.html", context, fragment="progress")


def _read_again(request: TeamRequest, run: Import, form: ReadForm) -> None:
    told = runs.told(run)
    try:
        runs.read_again(run, form.options())
    except ReadingError as error:
        form.add_error(None, str(error))
    if runs.told(run) < told:
        said = _("The rows are read in another way: what you said of single ones is dropped.")
        status(request, said, level=messages.WARNING)


def _columns_page(
    request: TeamRequest, run: Import, form: ColumnsForm | None = None, reading: ReadForm | None = None
) -> HttpResponse:
    form = form or ColumnsForm(found=runs.columns_of(run))
    wrong = bool(form.errors or (reading and reading.errors))
    context: dict[str, Any] = {
        "run": run,
        "form": form,
        "reading": reading or ReadForm(run=run),
        **overview.columns_page(run, form),
    }
    return respond(
        request, "contacts/import_columns.html", context, fragment="list", status=422 if wrong else 200
    )


def _check_page(request: TeamRequest, run: Import) -> HttpResponse:
    found = checking.check(run, show=request.GET.get("show", ""), number=request.GET.get("page"))
    context = {"run": run, "check": found, "page": found.page, **overview.check_page(run, found)}
    return respond(request, "contacts/import_check.html", context, fragment="rows")


def _result(request: TeamRequest, run: Import) -> HttpResponse:
    now = clock.now()
    telling.seen(run, request.user, now=now)
    return render(request, "contacts/import_result.html", {"run": run, **overview.result_page(run, now)})
