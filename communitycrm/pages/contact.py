"""A contact: who it is, how to reach it, what was promised, what happened and what is planned."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from django.db.models import Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import InTeamRequest
from accounts.models import Operation, User
from accounts.permissions import team_page
from contacts import duplicates, merging, rhythm, rhythm_rules
from contacts.forms import AffiliationForm, PromiseForm
from contacts.models import Affiliation, Contact, ContactPoint, PointProperty, Promise, Tag, Touchpoint
from contacts.paging import Page, page_of
from contacts.points import Point
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
    points: list[Point]
    tags: list[tuple[int, str]]
    page: Page
    entries: list[Entry]
    planned: list[Occurrence]
    promises: list[Promise]
    groups: list[Affiliation] = field(default_factory=list)
    members: list[Affiliation] = field(default_factory=list)
    merged: list[tuple[Contact, Operation]] = field(default_factory=list)
    likely: list[Contact] = field(default_factory=list)

    @property
    def rule_weeks(self) -> int | None:
        """What the team's rules for tags and kinds ask, in weeks."""
        days = getattr(self.contact, "rule_days", None)
        return -(-days // 7) if days else None

    @property
    def reach(self) -> list[tuple[str, str, str]]:
        """Ways to reach the contact with one tap: (icon, address, words)."""
        found = [_tap(point) for point in self.points]
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
    found = rhythm_rules.with_not_now(rhythm.with_rule(visible), request.user, now).filter(pk=pk).first()
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
    """Everything of the page but its forms, in six queries; two more where there are likely or merged duplicates."""
    rows = Touchpoint.objects.kept().filter(contacts=contact).select_related("kind", "author")
    rows = rows.order_by("-met_at", "-pk")
    page = page_of(rows, number, PER_PAGE)
    planned = Occurrence.objects.filter(guests=contact).upcoming(now).select_related("kind")
    promises = Promise.objects.filter(contact=contact, done_at=None, binned_at=None).select_related("manager")
    groups, members = _affiliations(contact)
    points, tags = _points_and_tags(contact)
    return ContactPage(
        contact=contact,
        points=points,
        tags=tags,
        page=page,
        entries=entries(page.object_list, contact=contact, user=user, now=now),
        planned=list(planned[:PLANNED]),
        promises=list(promises),
        groups=groups,
        members=members,
        merged=merging.undoable(contact, now=now) if getattr(contact, "has_merged", True) else [],
        likely=duplicates.of(contact) if getattr(contact, "has_likely", True) else [],
    )


def _points_and_tags(contact: Contact) -> tuple[list[Point], list[tuple[int, str]]]:
    """Ways to reach a contact, and its tags (id, name), each in its order; one query."""
    of_tag, nowhere = Value("tag"), Value(0)
    points = ContactPoint.objects.filter(contact=contact).order_by()
    tags = Tag.objects.filter(contacts=contact).order_by()
    rows = points.values_list("property", "position", "pk", "value", "key").union(
        tags.values_list(of_tag, nowhere, "pk", "name", "key"), all=True
    )
    found, named = [], []
    for sort, _position, pk, value, key in sorted(rows):
        if sort == "tag":
            named.append((key, pk, value))
        else:
            found.append(Point(sort, value, key))
    return found, [(pk, name) for _key, pk, name in sorted(named)]


def _affiliations(contact: Contact) -> tuple[list[Affiliation], list[Affiliation]]:
    """To which groups a person belongs; who belongs to a group."""
    side, other = ("group", "person") if contact.is_group else ("person", "group")
    rows = Affiliation.objects.filter(**{side: contact, f"{other}__binned_at": None}).select_related(
        "person", "group"
    )
    found = sorted(rows.order_by("pk")[:100], key=lambda row: row.until is not None)
    return ([], found) if contact.is_group else (found, [])


def _tap(point: Point) -> tuple[str, str, str]:
    if point.property == PointProperty.TEL:
        return "phone", f"tel:{point.key}", point.value
    if point.property == PointProperty.EMAIL:
        return "mail", f"mailto:{point.value}", point.value
    return "link", point.value, point.key
