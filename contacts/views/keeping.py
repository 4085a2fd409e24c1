"""How long people are kept, and whether they know: for teams, in their own books."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import InTeamRequest
from accounts.permissions import lead_or_admin_page, team_page
from contacts import informing, retention
from contacts.forms.privacy import KeepForm, KnowsForm
from contacts.models import Contact
from contacts.paging import page_of
from foundation import clock
from foundation.inputs import row_ids
from foundation.messages import status

PER_PAGE = 50


@team_page
@require_safe
def informing_list(request: InTeamRequest) -> HttpResponse:
    """People who do not know yet that we hold their details, and what to send them."""
    people = informing.to_inform(request.team).select_related("kind").prefetch_related("points")
    page = page_of(people, request.GET.get("page"), PER_PAGE)
    contactable = [contact for contact in page.object_list if contact.objected_at is None]
    letters = [(code, informing.letter(code, team=request.team, by=request.user)) for code in ("fr", "en")]
    context = {
        "page": page,
        "addresses": informing.addresses(contactable),
        "letters": letters,
        "today": _today(request),
    }
    return render(request, "contacts/informing_list.html", context)


@team_page
@require_POST
def informed(request: InTeamRequest) -> HttpResponse:
    """Those ticked know since today."""
    people = Contact.objects.visible_to(request.user).filter(informed_on=None, team=request.team)
    ticked = row_ids(request.POST.getlist("shown" if request.POST.get("all") else "contact"))
    chosen = list(people.filter(pk__in=ticked[:PER_PAGE]).select_related("team"))
    if not chosen:
        status(request, _("Nobody is ticked."), level=messages.WARNING)
        return redirect("contacts:informing_list")
    operation = informing.told(chosen, day=_today(request), by=request.user, now=clock.now())
    words = ngettext("%(n)d person knows since today.", "%(n)d people know since today.", len(chosen))
    undo = reverse("accounts:undo", args=[operation.pk])
    status(request, words % {"n": len(chosen)}, undo_url=undo)
    return redirect("contacts:informing_list")


@team_page
@require_POST
def knows(request: InTeamRequest, pk: int) -> HttpResponse:
    """Since when one person knows, and when they last wrote."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("team"), pk=pk)
    form = KnowsForm(request.POST)
    today = contact.team.day_of(clock.now())
    if not form.is_valid() or any(day and day > today for day in form.cleaned_data.values()):
        status(request, _("A day is needed, not later than today."), level=messages.ERROR)
        return redirect("contact", pk=pk)
    informing.note(contact, **form.cleaned_data)
    status(request, _("Saved: %(name)s.") % {"name": contact.name})
    return redirect("contact", pk=pk)


@lead_or_admin_page
@team_page
@require_safe
def retention_list(request: InTeamRequest) -> HttpResponse:
    """Who gave no sign for so long that we keep them hardly any longer."""
    today = _today(request)
    silent = retention.with_last_sign(retention.expiring(request.team, today=today)).select_related("kind")
    page = page_of(silent, request.GET.get("page"), PER_PAGE)
    rows = [
        (contact, retention.last_sign(contact), retention.over_on(contact)) for contact in page.object_list
    ]
    context = {"page": page, "rows": rows, "today": today, "months": settings.RETENTION_MONTHS}
    return render(request, "contacts/retention_list.html", context)


@lead_or_admin_page
@team_page
@require_POST
def retention_decide(request: InTeamRequest) -> HttpResponse:
    """Erase those ticked, or keep them for a reason."""
    today = _today(request)
    chosen = list(
        retention.expiring(request.team, today=today).filter(pk__in=row_ids(request.POST.getlist("contact")))
    )
    act: dict[str, Any] = {"by": request.user, "now": clock.now()}
    if not chosen:
        status(request, _("Nobody is ticked."), level=messages.WARNING)
    elif "erase" in request.POST:
        gone = retention.let_go(chosen, **act)
        status(
            request, ngettext("%(n)d contact is erased.", "%(n)d contacts are erased.", gone) % {"n": gone}
        )
    else:
        form = KeepForm(request.POST)
        if form.is_valid():
            kept = retention.keep(chosen, reason=form.cleaned_data["reason"], **act)
            words = ngettext("%(n)d contact is kept for a year.", "%(n)d contacts are kept for a year.", kept)
            status(request, words % {"n": kept})
        else:
            status(request, _("A reason is needed: why are they kept?"), level=messages.ERROR)
    return redirect("contacts:retention_list")


def _today(request: InTeamRequest) -> Any:
    return clock.now().astimezone(request.team.zone).date()
