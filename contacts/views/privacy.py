"""Requests of people about their data, for administrators: the organisation is asked, not a team."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.http import TeamRequest
from accounts.permissions import admin_page
from contacts import access, erasing, privacy, suppression
from contacts.forms.privacy import EraseForm, HeldForm, RequestForm
from contacts.models import Contact, PrivacyRequest, RequestKind
from foundation import clock
from foundation.inputs import row_ids
from foundation.messages import status


@admin_page
@require_safe
def privacy_list(request: TeamRequest) -> HttpResponse:
    """What is asked and by when it is to be answered; what was answered."""
    closed = PrivacyRequest.objects.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")[:50]
    context = {
        "open": PrivacyRequest.objects.open(),
        "closed": [(row, privacy.OUTCOMES.get(row.outcome, "")) for row in closed],
        "days": privacy.days_to_answer(),
        "today": _today(request),
        "lost_keys": suppression.unknown_keys(),
    }
    return render(request, "contacts/privacy_list.html", context)


@admin_page
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_new(request: TeamRequest) -> HttpResponse:
    """Write a request down."""
    form = RequestForm(request.POST or None, today=_today(request))
    if request.method == "POST" and form.is_valid():
        row = privacy.register(**form.cleaned_data, by=request.user, now=clock.now())
        status(request, _("Written down. The clock runs from the day it was received."))
        return redirect("contacts:privacy_detail", pk=row.pk)
    return render(request, "contacts/privacy_form.html", {"form": form}, status=422 if form.errors else 200)


@admin_page
@require_safe
def privacy_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One request: its clock, its checklist, who it is about, and what can be done."""
    row = get_object_or_404(PrivacyRequest.objects.select_related("created_by", "closed_by"), pk=pk)
    text = request.GET.get("q", row.name).strip()[:200]
    about = list(row.contacts.select_related("team", "kind", "merged_into").order_by("pk"))
    found = [] if row.closed_at else [one for one in privacy.candidates(text) if one not in about]
    context = {
        "row": row,
        "steps": privacy.checklist(row),
        "about": about,
        "found": found,
        "q": text,
        "today": _today(request),
        "late": row.is_late(_today(request)),
        "outcome": privacy.OUTCOMES.get(row.outcome, ""),
        "outcomes": [(code, privacy.OUTCOMES[code]) for code in privacy.BY_HAND],
    }
    return render(request, "contacts/privacy_detail.html", context)


@admin_page
@require_POST
def privacy_step(request: TeamRequest, pk: int) -> HttpResponse:
    """Tick off a step of the checklist, or take the tick back."""
    row = get_object_or_404(PrivacyRequest.objects.open(), pk=pk)
    code = request.POST.get("code", "")
    if code in dict(privacy.STEPS[row.kind]):
        privacy.tick_off(row, code, day=_today(request), done=request.POST.get("done") == "yes")
    return redirect("contacts:privacy_detail", pk=pk)


@admin_page
@require_POST
def privacy_about(request: TeamRequest, pk: int) -> HttpResponse:
    """These contacts are the person, or are not after all."""
    row = get_object_or_404(PrivacyRequest.objects.open(), pk=pk)
    chosen = Contact.objects.filter(pk__in=row_ids(request.POST.getlist("contact")))
    if request.POST.get("remove"):
        row.contacts.remove(*chosen)
    else:
        row.contacts.add(*chosen)
    return redirect("contacts:privacy_detail", pk=pk)


@admin_page
@require_POST
def privacy_extend(request: TeamRequest, pk: int) -> HttpResponse:
    """Two months more, for a reason."""
    row = get_object_or_404(PrivacyRequest.objects.open(), pk=pk)
    because = request.POST.get("because", "").strip()[:200]
    if not because:
        status(request, _("A reason is needed: the person is told it."), level=messages.ERROR)
    elif privacy.extend(row, because=because, by=request.user, now=clock.now()):
        status(request, _("Two months more. Tell them so, and why, within the first month."))
    else:
        status(
            request, _("Two months more were taken already: that is possible once."), level=messages.WARNING
        )
    return redirect("contacts:privacy_detail", pk=pk)


@admin_page
@require_POST
def privacy_close(request: TeamRequest, pk: int) -> HttpResponse:
    """The request is answered."""
    row = get_object_or_404(PrivacyRequest, pk=pk)
    outcome = request.POST.get("outcome", "")
    if outcome in privacy.BY_HAND and privacy.close(row, outcome=outcome, by=request.user, now=clock.now()):
        status(request, _("Closed."))
    return redirect("contacts:privacy_list")


@admin_page
@require_POST
def privacy_download(request: TeamRequest, pk: int) -> HttpResponse:
    """Everything about the person as a ZIP, in the language asked for. Each download is in the audit trail."""
    row = get_object_or_404(PrivacyRequest, pk=pk)
    about, now = list(row.contacts.all()), clock.now()
    if not about:
        status(request, _("Choose first who it is about."), level=messages.ERROR)
        return redirect("contacts:privacy_detail", pk=pk)
    language = request.POST.get("language", "")
    language = language if language in ("fr", "en") else get_language() or "en"
    content = access.download(about, language=language, by=request.user, now=now)
    ids = [contact.pk for contact in about]
    audit.record(action="person.downloaded", actor=request.user, now=now, request=pk, contacts=ids)
    headers = {"Content-Disposition": f'attachment; filename="request-{pk}-{language}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@admin_page
@require_POST
def privacy_object(request: TeamRequest, pk: int) -> HttpResponse:
    """They are no longer written to; the request is closed."""
    row = get_object_or_404(PrivacyRequest.objects.open(), pk=pk, kind=RequestKind.OBJECTION)
    about = list(row.contacts.prefetch_related("points"))
    if not about:
        status(request, _("Choose first who it is about."), level=messages.ERROR)
        return redirect("contacts:privacy_detail", pk=pk)
    privacy.object_to_writing(about, by=request.user, now=clock.now(), request=row)
    status(request, _("They are no longer written to: no list of addresses has them."))
    return redirect("contacts:privacy_list")


@admin_page
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_erase(request: TeamRequest, pk: int) -> HttpResponse:
    """What erasing would do, the letter to send first, and the name to type."""
    kinds = [RequestKind.ERASURE, RequestKind.OBJECTION]
    row = get_object_or_404(PrivacyRequest.objects.open(), pk=pk, kind__in=kinds)
    about = list(row.contacts.select_related("team").prefetch_related("points"))
    if not about:
        status(request, _("Choose first who it is about."), level=messages.ERROR)
        return redirect("contacts:privacy_detail", pk=pk)
    form = EraseForm(request.POST or None, wanted=about[0].name)
    if request.method == "POST" and form.is_valid():
        erasing.erase(about, by=request.user, now=clock.now(), request=row)
        status(request, _("Erased, and held back from now on. The request is closed, and names nobody."))
        return redirect("contacts:privacy_list")
    context = {
        "row": row,
        "form": form,
        "preview": erasing.preview(about),
        "name": about[0].name,
        "letters": [(code, privacy.farewell(code)) for code in ("fr", "en")],
    }
    return render(request, "contacts/privacy_erase.html", context, status=422 if form.errors else 200)


@admin_page
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_held(request: TeamRequest) -> HttpResponse:
    """Is somebody held back? And they come back of their own will."""
    form = HeldForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "asked": False}
    if request.method == "POST" and form.is_valid():
        text, town = form.cleaned_data["text"], form.cleaned_data["town"]
        known = {"points": privacy.read_points(text), "name": text, "town": town}
        if request.POST.get("let_in"):
            people = privacy.let_in(**known, by=request.user, now=clock.now())
            status(request, _("They may come in again.") if people else _("Nobody is held back by this."))
            return redirect("contacts:privacy_held")
        context |= {"asked": True, "is_held": suppression.holds(**known)}
    return render(request, "contacts/privacy_held.html", context, status=422 if form.errors else 200)


def _today(request: TeamRequest) -> Any:
    return clock.now().astimezone(request.user.zone).date()
