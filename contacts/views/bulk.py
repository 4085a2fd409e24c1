"""Acts on several contacts of the list. Each answers with the list the person came from, and a way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import changes
from accounts.http import InTeamRequest
from accounts.models import Operation
from accounts.permissions import team_page
from accounts.views.undo import say_left, say_undone
from contacts import bulk, bulk_runs, exports, telling
from contacts.bulk import Done
from contacts.forms.bulk import BulkKindForm, BulkOwnerForm, BulkTagForm, ExportForm, SelectionForm
from contacts.models import BulkRun, ExportFormat
from contacts.tasks import send_for_many
from foundation import clock
from foundation.htmx import redirect as redirect_to
from foundation.htmx import respond
from foundation.leases import State
from foundation.messages import status


@team_page
@require_POST
def bulk_tag(request: InTeamRequest) -> HttpResponse:
    """They have these tags as well."""
    return _answer(request, _form(request, BulkTagForm), bulk.TAG)


@team_page
@require_POST
def bulk_untag(request: InTeamRequest) -> HttpResponse:
    """They have these tags no longer."""
    return _answer(request, _form(request, BulkTagForm), bulk.UNTAG)


@team_page
@require_POST
def bulk_owner(request: InTeamRequest) -> HttpResponse:
    """Somebody looks after them."""
    return _answer(request, _form(request, BulkOwnerForm), bulk.OWNER)


@team_page
@require_POST
def bulk_kind(request: InTeamRequest) -> HttpResponse:
    """They are of another kind."""
    return _answer(request, _form(request, BulkKindForm), bulk.KIND)


@team_page
@require_POST
def bulk_bin(request: InTeamRequest) -> HttpResponse:
    """Into the bin, for thirty days."""
    return _answer(request, _form(request, SelectionForm), bulk.BIN)


@team_page
@require_safe
def bulk_run(request: InTeamRequest, pk: int) -> HttpResponse:
    """Something that is done with very many: under way, given up, or done: then the list says so."""
    run = _run(request, pk)
    if run.state != State.DONE:
        return respond(request, "contacts/bulk_run.html", {"run": run}, fragment="progress")
    telling.seen(run, request.user, now=clock.now())
    if run.is_undo:
        _say_undo(request, run.result["left"])
    elif run.operation and run.operation.undone_at:
        _say_undo(request, None)
    else:
        _say(request, run.act, Done(run.count, run.operation))
    return redirect_to(request, _address(run.query))


@team_page
@require_POST
def bulk_again(request: InTeamRequest, pk: int) -> HttpResponse:
    """Have what was given up tried again."""
    run = _run(request, pk)
    if bulk_runs.ask_again(run):
        send_for_many(run.pk)
    return redirect("contacts:bulk_run", pk=run.pk)


@team_page
@require_POST
def bulk_undo(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take back what was done with many; what a worker did with very many, a worker takes back."""
    operations = Operation.objects.touchable_by(request.user).filter(kind__in=bulk.KINDS)
    operation = get_object_or_404(operations.select_related("team"), pk=pk)
    now = clock.now()
    try:
        if operation.details.get("count", 0) > bulk.AT_ONCE:
            run = bulk_runs.ask_undo(operation, by=request.user, now=now)
            send_for_many(run.pk)
            return redirect("contacts:bulk_run", pk=run.pk)
        done = bulk.take_back(operation, by=request.user, now=now)
    except changes.CannotUndo:
        _say_undo(request, None)
    else:
        say_undone(request, done)
    return redirect("contacts:contact_list")


@team_page
@require_POST
def export(request: InTeamRequest) -> HttpResponseBase:
    """A file of the contacts picked, or of the whole list; sent while it is made."""
    form = _form(request, ExportForm)
    if not form.is_valid():
        return _sorry(request, form)
    now = clock.now()
    into = ExportFormat(form.cleaned_data["format"])
    content_type, ending = exports.TYPES[into]
    pieces = exports.export(
        team=request.team, by=request.user, contact_ids=form.contact_ids(), into=into, now=now
    )
    day = now.astimezone(request.team.zone).date().isoformat()
    name = f"contacts-{slugify(request.team.slug)}-{day}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


@team_page
@require_POST
def copy_addresses(request: InTeamRequest) -> HttpResponse:
    """The e-mail addresses of those picked, to paste into a message; without those who objected."""
    form = _form(request, SelectionForm)
    if not form.is_valid():
        return _sorry(request, form)
    now = clock.now()
    found = exports.addresses(request.team, form.contact_ids()[: exports.ADDRESSES])
    if found.emails:
        exports.record(
            team=request.team,
            by=request.user,
            contact_ids=found.contact_ids,
            into=ExportFormat.ADDRESSES,
            now=now,
        )
    context = {"found": found, "back": _list(form), "most": exports.ADDRESSES}
    return render(request, "contacts/addresses.html", context)


def _form(request: InTeamRequest, of: type[Any]) -> Any:
    return of(request.POST, team=request.team, user=request.user, now=clock.now())


def _run(request: InTeamRequest, pk: int) -> BulkRun:
    """What the person asked for themselves; anything else is a 404."""
    runs = BulkRun.objects.visible_to(request.user).select_related("operation")
    return get_object_or_404(runs, pk=pk)


def _list(form: SelectionForm) -> str:
    """The address of the list the form was on."""
    return _address(form.filters.address())


def _address(query: str) -> str:
    return reverse("contacts:contact_list") + (f"?{query}" if query else "")


def _sorry(request: InTeamRequest, form: SelectionForm) -> HttpResponse:
    status(request, form.problem(), level=messages.ERROR)
    return redirect(_list(form))


def _answer(request: InTeamRequest, form: SelectionForm, kind: str) -> HttpResponse:
    """Do it while the person waits; or of very many have it done, and show that it is under way."""
    if not form.is_valid():
        return _sorry(request, form)
    act = form.act()
    if len(act.contact_ids) > bulk.AT_ONCE:
        run = bulk_runs.ask(act, kind, form.said(), query=form.filters.address())
        send_for_many(run.pk)
        return redirect("contacts:bulk_run", pk=run.pk)
    _say(request, kind, bulk.do(kind, act, form.said()))
    return redirect(_list(form))


def _say_undo(request: InTeamRequest, left: int | None) -> None:
    if left is None:
        status(request, _("This was already undone, or is too long ago."), level=messages.WARNING)
    else:
        say_left(request, left)


def _say(request: InTeamRequest, kind: str, done: Done) -> None:
    if done.operation is None:
        status(request, _("Nothing to change: they are so already."), level=messages.INFO)
        return
    if kind == bulk.BIN:
        text = ngettext(
            "%(n)s contact is in the bin for 30 days. The meetings stay.",
            "%(n)s contacts are in the bin for 30 days. The meetings stay.",
            done.count,
        )
    else:
        text = ngettext("%(n)s contact was changed.", "%(n)s contacts were changed.", done.count)
    undo_url = reverse("contacts:bulk_undo", args=[done.operation.pk])
    status(request, text % {"n": number_format(done.count, force_grouping=True)}, undo_url=undo_url)
