"""A team's kinds of contacts and of meetings, for its leads and for admins."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import InTeamRequest
from accounts.permissions import lead_or_admin_page, team_page
from contacts import kind_rules, kinds
from contacts.forms import ContactKindForm, RuleForm, TouchpointKindForm
from contacts.models import ContactKind, TouchpointKind
from foundation import clock
from foundation.formatting import full_date
from foundation.messages import status


@lead_or_admin_page
@team_page
@require_safe
def kind_list(request: InTeamRequest) -> HttpResponse:
    """What there is, what counts since when, and a line to add one's own."""
    return _page(request, {})


@lead_or_admin_page
@team_page
@require_POST
def contact_kind_new(request: InTeamRequest) -> HttpResponse:
    """A further kind of contact."""
    form = ContactKindForm(request.POST, prefix="contact")
    if not form.is_valid():
        return _page(request, {"contact_form": form}, code=422)
    try:
        kinds.add_contact_kind(team=request.team, **form.cleaned_data)
    except kinds.KindExists:
        form.add_error("name", _("There is a kind of this name."))
        return _page(request, {"contact_form": form}, code=422)
    status(request, _("Added: %(name)s.") % {"name": form.cleaned_data["name"]})
    return redirect("contacts:kinds")


@lead_or_admin_page
@team_page
@require_POST
def touchpoint_kind_new(request: InTeamRequest) -> HttpResponse:
    """A further kind of meeting."""
    form = TouchpointKindForm(request.POST, prefix="meeting")
    if not form.is_valid():
        return _page(request, {"meeting_form": form}, code=422)
    try:
        kinds.add_touchpoint_kind(team=request.team, **form.cleaned_data, by=request.user, now=clock.now())
    except kinds.KindExists:
        form.add_error("name", _("There is a kind of this name."))
        return _page(request, {"meeting_form": form}, code=422)
    status(request, _("Added: %(name)s.") % {"name": form.cleaned_data["name"]})
    return redirect("contacts:kinds")


@lead_or_admin_page
@team_page
@require_POST
def contact_kind_archive(request: InTeamRequest, pk: int) -> HttpResponse:
    """Offer one of the team's own kinds of contacts no longer."""
    return _archive(request, get_object_or_404(ContactKind, team=request.team, pk=pk))


@lead_or_admin_page
@team_page
@require_POST
def touchpoint_kind_archive(request: InTeamRequest, pk: int) -> HttpResponse:
    """Offer one of the team's own kinds of meetings no longer."""
    return _archive(request, get_object_or_404(TouchpointKind, team=request.team, pk=pk))


@lead_or_admin_page
@team_page
@require_POST
def kind_rule(request: InTeamRequest, pk: int) -> HttpResponse:
    """From a day on a kind of meeting counts, or no longer does; what it would change is shown first."""
    kind = get_object_or_404(TouchpointKind.objects.for_team(request.team), pk=pk)
    form = RuleForm(request.POST)
    if not form.is_valid():
        status(request, _("From which day on?"), level=messages.ERROR)
        return redirect("contacts:kinds")
    if "sure" not in request.POST:
        meetings, people = kind_rules.would_change(team=request.team, kind=kind, **form.cleaned_data)
        return _page(
            request, {"preview": {**form.cleaned_data, "kind": kind, "meetings": meetings, "people": people}}
        )
    decided = {**form.cleaned_data, "by": request.user, "now": clock.now()}
    changed = kind_rules.apply_rule(team=request.team, kind=kind, **decided)
    words = (
        _("%(kind)s counts from %(day)s on.")
        if form.cleaned_data["is_real"]
        else _("%(kind)s does not count from %(day)s on.")
    )
    day = full_date(form.cleaned_data["since"], get_language() or "en")
    counted = ngettext("%(n)d meeting was changed.", "%(n)d meetings were changed.", changed) % {"n": changed}
    status(request, f"{words % {'kind': kind, 'day': day}} {counted}")
    return redirect("contacts:kinds")


def _archive(request: InTeamRequest, kind: ContactKind | TouchpointKind) -> HttpResponse:
    kinds.archive(kind, now=clock.now())
    status(request, _("Offered no longer: %(name)s. What has this kind keeps it.") % {"name": kind})
    return redirect("contacts:kinds")


def _page(request: InTeamRequest, forms: dict[str, Any], code: int = 200) -> HttpResponse:
    contact_kinds, touchpoint_kinds = kinds.of_team(request.team)
    context = {
        "contact_kinds": contact_kinds,
        "touchpoint_kinds": touchpoint_kinds,
        "contact_form": ContactKindForm(prefix="contact"),
        "meeting_form": TouchpointKindForm(prefix="meeting"),
        "today": clock.now().astimezone(request.team.zone).date(),
        **forms,
    }
    return render(request, "contacts/kinds.html", context, status=code)
