"""One contact: new, edit, into the bin, groups."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import InTeamRequest
from accounts.models import Operation
from accounts.permissions import team_page
from contacts import directory
from contacts.forms import AffiliationForm, ContactForm, LineForm
from contacts.models import Affiliation, Contact
from foundation import clock
from foundation.meanwhile import ChangedMeanwhile
from foundation.messages import status


def undo_address(operation: Operation | None) -> str:
    """Where the status line's Undo posts to; "" when there is nothing to undo."""
    return reverse("accounts:undo", args=[operation.pk]) if operation else ""


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: InTeamRequest) -> HttpResponse:
    """A new contact by the full form; the one-line form beside it posts to `contact_quick`."""
    now = clock.now()
    today = now.astimezone(request.team.zone).date()
    initial = {**ContactForm.initial_for(request.user, today), "name": request.GET.get("name", "")[:200]}
    form = ContactForm(request.POST or None, team=request.team, initial=initial)
    if request.method == "POST" and form.is_valid():
        client_id = form.cleaned_data["client_id"] or uuid.uuid4()
        added = directory.add(
            team=request.team, by=request.user, details=form.details(), client_id=client_id, now=now
        )
        return _added(request, added)
    line = LineForm(team=request.team, initial={"client_id": uuid.uuid4()})
    return _form_page(request, form, {"line": line})


@team_page
@require_POST
def contact_quick(request: InTeamRequest) -> HttpResponse:
    """A new contact from one line."""
    line = LineForm(request.POST, team=request.team)
    if line.is_valid():
        cleaned = line.cleaned_data
        added = directory.add_line(
            team=request.team,
            by=request.user,
            line=cleaned["line"],
            client_id=cleaned["client_id"],
            now=clock.now(),
        )
        return _added(request, added)
    today = clock.now().astimezone(request.team.zone).date()
    form = ContactForm(team=request.team, initial=ContactForm.initial_for(request.user, today))
    return _form_page(request, form, {"line": line})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: InTeamRequest, pk: int) -> HttpResponse:
    """Change what is known of a contact; of one that was merged, what is known of the kept one."""
    contacts = Contact.objects.visible_to(request.user).select_related("team", "kind")
    contact = contacts.filter(pk=pk).first() or get_object_or_404(contacts, merged__pk=pk)
    if contact.pk != pk and request.method != "POST":
        return redirect("contacts:contact_edit", pk=contact.pk)
    initial = None if request.method == "POST" else ContactForm.initial_of(contact)
    form = ContactForm(request.POST or None, team=contact.team, contact=contact, initial=initial)
    if contact.pk != pk:
        merged = _("Merged with %(name)s meanwhile. Check what you typed before you save it here.")
        form.come_back(directory.state(contact), merged % {"name": contact.name})
    if request.method == "POST" and form.is_valid():
        try:
            directory.edit(contact, details=form.details(), seen=form.cleaned_data["seen"])
            status(request, _("Saved: %(name)s.") % {"name": contact.name})
            return redirect("contact", pk=contact.pk)
        except ChangedMeanwhile as meanwhile:
            form.come_back(meanwhile.state)
    return _form_page(request, form, {"contact": contact})


@team_page
@require_POST
def contact_bin(request: InTeamRequest, pk: int) -> HttpResponse:
    """Put a contact into the bin, for thirty days; its meetings stay."""
    contacts = Contact.objects.filter(team__in=request.teams, merged_into=None, erase_at=None)
    contact = get_object_or_404(contacts.select_related("team"), pk=pk)
    if contact.binned_at:
        text = _("In the bin already: %(name)s.") % {"name": contact.name}
        status(request, text, level=messages.INFO)
        return redirect("contacts:contact_list")
    operation = directory.bin_contact(contact, by=request.user, now=clock.now())
    status(
        request,
        _("In the bin for 30 days: %(name)s. The meetings stay.") % {"name": contact.name},
        undo_url=undo_address(operation),
    )
    return redirect("contacts:contact_list")


@team_page
@require_POST
def affiliation_new(request: InTeamRequest, pk: int) -> HttpResponse:
    """A person belongs to a group named in the form; or, from a group's page, the person named belongs to it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("team"), pk=pk)
    form = AffiliationForm(request.POST)
    if not form.is_valid():
        problem = next(iter(form.errors.get("other", [_("Which group? Type its name.")])))
        status(request, problem, level=messages.ERROR)
        return redirect("contact", pk=contact.pk)
    other = directory.counterpart(contact, by=request.user, name=form.cleaned_data["other"], now=clock.now())
    person, group = (other, contact) if contact.is_group else (contact, other)
    directory.affiliate(
        person=person, group=group, role=form.cleaned_data["role"], since=form.cleaned_data["since"]
    )
    status(request, _("%(person)s belongs to %(group)s.") % {"person": person.name, "group": group.name})
    return redirect("contact", pk=contact.pk)


@team_page
@require_POST
def affiliation_end(request: InTeamRequest, pk: int) -> HttpResponse:
    """The person left the group today."""
    affiliations = Affiliation.objects.filter(person__in=Contact.objects.visible_to(request.user))
    affiliation = get_object_or_404(affiliations.select_related("team", "person", "group"), pk=pk, until=None)
    directory.end_affiliation(affiliation, day=clock.now().astimezone(affiliation.team.zone).date())
    names = {"person": affiliation.person.name, "group": affiliation.group.name}
    status(request, _("%(person)s no longer belongs to %(group)s.") % names)
    came_from_group = request.POST.get("from") == str(affiliation.group_id)
    return redirect("contact", pk=affiliation.group_id if came_from_group else affiliation.person_id)


def _added(request: InTeamRequest, added: directory.Added) -> HttpResponse:
    text = _("Added: %(name)s.") % {"name": added.contact.name}
    status(request, text, undo_url=undo_address(added.operation))
    return redirect("contact", pk=added.contact.pk)


def _form_page(request: InTeamRequest, form: ContactForm, others: dict[str, Any]) -> HttpResponse:
    """The form, with 422 when something in it is to be put right."""
    wrong = bool(form.errors) or bool(getattr(others.get("line"), "errors", None))
    return render(
        request, "contacts/contact_form.html", {"form": form, **others}, status=422 if wrong else 200
    )
