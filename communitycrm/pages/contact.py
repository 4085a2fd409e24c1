"""A contact: who it is, how to reach it, what was promised, what happened and what is planned."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import InTeamRequest
from accounts.models import Operation, User
from accounts.permissions import team_page
from contacts import duplicates, merging
from contacts.forms import AffiliationForm, PromiseForm
from contacts.models import Affiliation, Contact, ContactPoint, PointProperty, Promise, Touchpoint
from contacts.paging import Page, page_of
from contacts.timeline import Entry, entries
from events.models import Occurrence
from foundation import clock
from foundation.htmx import respond

PER_PAGE, PLANNED = 20, 5
MAP = "https://www.openstreetmap.org/search?query="


@dataclass
class ContactPage:
    """What the page shows of a contact. `groups` and `members` are affiliations; ended ones come last."""

    contact: Contact
    page: Page
    entries: list[Entry]
    planned: list[Occurrence]
    promises: list[Promise]
    groups: list[Affiliation] = field(default_factory=list)
    members: list[Affiliation] = field(default_factory=list)
    merged: list[tuple[Contact, Operation]] = field(default_factory=list)
    likely: list[Contact] = field(default_factory=list)

    @property
    def reach(self) -> list[tuple[str, str, str]]:
        """Ways to reach the contact with one tap: (icon, address, words)."""
        found = [_tap(point) for point in self.contact.points.all()]
        place = " ".join(part for part in (self.contact.postcode, self.contact.town) if part)
        where = ", ".join(part for part in (self.contact.street, place) if part)
        if where:
            found.append(("map-pin", f"{MAP}{quote(where)}", where))
        return found


@team_page
@require_safe
def contact(request: InTeamRequest, pk: int) -> HttpResponse:
    """The page of a person or a group; the same number of queries however long its history is."""
    now = clock.now()
    visible = duplicates.with_hints(Contact.objects.visible_to(request.user)).select_related("kind", "owner")
    found = visible.prefetch_related("points", "tags").filter(pk=pk).first()
    if found is None:
        kept = get_object_or_404(Contact.objects.visible_to(request.user), merged__pk=pk)
        return redirect("contact", pk=kept.pk)
    today = timezone.localtime(now).date()
    context = {
        "page": contact_page(found, user=request.user, now=now, number=request.GET.get("page")),
        "affiliation": AffiliationForm(),
        "promise_form": PromiseForm(initial={"client_id": uuid.uuid4(), "due_on": today + timedelta(days=7)}),
        "today": today,
        "now": now,
    }
    return respond(request, "pages/contact_detail.html", context, fragment="timeline")


def contact_page(contact: Contact, *, user: User, now: datetime, number: str | None) -> ContactPage:
    """Everything of the page but its forms, in seven queries."""
    rows = Touchpoint.objects.kept().filter(contacts=contact).select_related("kind", "author")
    rows = rows.order_by("-met_at", "-pk").prefetch_related("contacts", "managers")
    page = page_of(rows, number, PER_PAGE)
    planned = Occurrence.objects.filter(guests=contact).upcoming(now).select_related("kind")
    promises = Promise.objects.filter(contact=contact, done_at=None, binned_at=None).select_related("manager")
    groups, members = _affiliations(contact)
    return ContactPage(
        contact=contact,
        page=page,
        entries=entries(page.object_list, contact=contact, user=user, now=now),
        planned=list(planned[:PLANNED]),
        promises=list(promises),
        groups=groups,
        members=members,
        merged=merging.undoable(contact, now=now) if getattr(contact, "has_merged", True) else [],
        likely=duplicates.of(contact) if getattr(contact, "has_likely", True) else [],
    )


def _affiliations(contact: Contact) -> tuple[list[Affiliation], list[Affiliation]]:
    """To which groups a person belongs; who belongs to a group."""
    side, other = ("group", "person") if contact.is_group else ("person", "group")
    rows = Affiliation.objects.filter(**{side: contact, f"{other}__binned_at": None}).select_related(
        "person", "group"
    )
    found = sorted(rows.order_by("pk")[:100], key=lambda row: row.until is not None)
    return ([], found) if contact.is_group else (found, [])


def _tap(point: ContactPoint) -> tuple[str, str, str]:
    if point.property == PointProperty.TEL:
        return "phone", f"tel:{point.key}", point.value
    if point.property == PointProperty.EMAIL:
        return "mail", f"mailto:{point.value}", point.value
    return "link", point.value, point.key
