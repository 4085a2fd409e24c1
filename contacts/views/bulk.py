"""Acts on several contacts of the list. Each answers with the list the person came from, and a way back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import changes
from accounts.http import InTeamRequest
from accounts.models import Operation
from accounts.permissions import team_page
from accounts.views.undo import say_undone
from contacts import bulk, exports
from contacts.bulk import Act, Done
from contacts.forms.bulk import BulkKindForm, BulkOwnerForm, BulkTagForm, ExportForm, SelectionForm
from contacts.models import ExportFormat
from foundation import clock
from foundation.messages import status


@team_page
@require_POST
def bulk_tag(request: InTeamRequest) -> HttpResponse:
    """They have these tags as well."""
    form = _form(request, BulkTagForm)
    return _answer(request, form, lambda act: bulk.add_tags(act, form.cleaned_data["tags"]))


@team_page
@require_POST
def bulk_untag(request: InTeamRequest) -> HttpResponse:
    """They have these tags no longer."""
    form = _form(request, BulkTagForm)
    return _answer(request, form, lambda act: bulk.remove_tags(act, form.cleaned_data["tags"]))


@team_page
@require_POST
def bulk_owner(request: InTeamRequest) -> HttpResponse:
    """Somebody looks after them."""
    form = _form(request, BulkOwnerForm)
    return _answer(request, form, lambda act: bulk.set_owner(act, form.cleaned_data["to_owner"]))


@team_page
@require_POST
def bulk_kind(request: InTeamRequest) -> HttpResponse:
    """They are of another kind."""
    form = _form(request, BulkKindForm)
    return _answer(request, form, lambda act: bulk.set_kind(act, form.cleaned_data["to_kind"]))


@team_page
@require_POST
def bulk_bin(request: InTeamRequest) -> HttpResponse:
    """Into the bin, for thirty days."""
    form = _form(request, SelectionForm)
    if not form.is_valid():
        return _sorry(request, form)
    done = bulk.bin_contacts(form.act())
    text = ngettext(
        "%(n)d contact is in the bin for 30 days. The meetings stay.",
        "%(n)d contacts are in the bin for 30 days. The meetings stay.",
        done.count,
    )
    return _say(request, form, done, text)


@team_page
@require_POST
def bulk_undo(request: InTeamRequest, pk: int) -> HttpResponse:
    """Take back what was done with many."""
    operations = Operation.objects.touchable_by(request.user).filter(kind__in=bulk.KINDS)
    operation = get_object_or_404(operations.select_related("team"), pk=pk)
    try:
        done = bulk.take_back(operation, by=request.user, now=clock.now())
    except changes.CannotUndo:
        status(request, _("This was already undone, or is too long ago."), level=messages.WARNING)
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


def _list(form: SelectionForm) -> str:
    """The address of the list the form was on."""
    query = form.filters.address()
    return reverse("contacts:contact_list") + (f"?{query}" if query else "")


def _sorry(request: InTeamRequest, form: SelectionForm) -> HttpResponse:
    status(request, form.problem(), level=messages.ERROR)
    return redirect(_list(form))


def _answer(request: InTeamRequest, form: SelectionForm, do: Callable[[Act], Done]) -> HttpResponse:
    if not form.is_valid():
        return _sorry(request, form)
    done = do(form.act())
    text = ngettext("%(n)d contact was changed.", "%(n)d contacts were changed.", done.count)
    return _say(request, form, done, text)


def _say(request: InTeamRequest, form: SelectionForm, done: Done, text: str) -> HttpResponse:
    if done.operation is None:
        status(request, _("Nothing to change: they are so already."), level=messages.INFO)
    else:
        undo_url = reverse("contacts:bulk_undo", args=[done.operation.pk])
        status(request, text % {"n": done.count}, undo_url=undo_url)
    return redirect(_list(form))
