"""A contact: who it is, how to reach it, what was promised, what happened and what is planned."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from urllib.parse import quote

from django.db.models import Q, Value
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
from contacts.paging import Page, page_by
from contacts.points import Point
from contacts.timeline import Entry, entries
from events.models import Occurrence
from foundation import clock
from foundation.compiled import Compiled, given
from foundation.htmx import respond

PER_PAGE, PLANNED = 20, 5
_OF_KIND = ("kind__code", "kind__name", "kind__icon", "kind__team")
SHOWN = (
    "met_at",
    "is_real",
    "note",
    "place",
    "is_private",
    "minutes",
    *_OF_KIND,
    "author__name",
    "author__email",
)
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
    teams = [team.pk for team in request.teams]
    found = next(iter(_found().rows(pk=pk, teams=teams, user=request.user, now=now)), None)
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
    page = page_by(lambda start: _history(start).rows(contact=contact), number, PER_PAGE)
    groups, members = _affiliations(contact)
    points, tags = _points_and_tags(contact)
    return ContactPage(
        contact=contact,
        points=points,
        tags=tags,
        page=page,
        entries=entries(page.object_list, contact=contact, user=user, now=now),
        planned=_planned().rows(contact=contact, now=now),
        promises=_promises().rows(contact=contact),
        groups=groups,
        members=members,
        merged=merging.undoable(contact, now=now) if getattr(contact, "has_merged", True) else [],
        likely=duplicates.of(contact) if getattr(contact, "has_likely", True) else [],
    )


@cache
def _found() -> Compiled:
    """The contact of a number, if it is of one of the `teams` (those of the request: all that the person may see)."""
    visible = Contact.objects.filter(pk=given("pk"), team__in=given("teams"), binned_at__isnull=True)
    hinted = rhythm.with_rule(duplicates.with_hints(visible)).select_related("kind", "owner")
    return Compiled(rhythm_rules.with_not_now(hinted, given("user"), given("now")))


@lru_cache(maxsize=50)
def _history(start: int) -> Compiled:
    """Touchpoints of a contact, the latest first, from a place on: those of a page and one more."""
    rows = Touchpoint.objects.kept().filter(contacts=given("contact")).select_related("kind", "author")
    return Compiled(rows.only(*SHOWN).order_by("-met_at", "-pk")[start : start + PER_PAGE + 1])


@cache
def _planned() -> Compiled:
    """The next few occurrences with a contact."""
    planned = Occurrence.objects.filter(guests=given("contact")).upcoming(given("now"))
    return Compiled(planned.select_related("kind", "team")[:PLANNED])


@cache
def _promises() -> Compiled:
    open_still = Promise.objects.filter(contact=given("contact"), done_at=None, binned_at=None)
    return Compiled(open_still.select_related("manager"))


def _points_and_tags(contact: Contact) -> tuple[list[Point], list[tuple[int, str]]]:
    """Ways to reach a contact, and its tags (id, name), each in its order; one query."""
    found, named = [], []
    for sort, _position, pk, value, key in sorted(_reaching().rows(contact=contact)):
        if sort == "tag":
            named.append((key, pk, value))
        else:
            found.append(Point(sort, value, key))
    return found, [(pk, name) for _key, pk, name in sorted(named)]


@cache
def _reaching() -> Compiled:
    of_tag, nowhere = Value("tag"), Value(0)
    points = ContactPoint.objects.filter(contact=given("contact")).order_by()
    tags = Tag.objects.filter(contacts=given("contact")).order_by()
    return Compiled(
        points.values_list("property", "position", "pk", "value", "key").union(
            tags.values_list(of_tag, nowhere, "pk", "name", "key"), all=True
        )
    )


def _affiliations(contact: Contact) -> tuple[list[Affiliation], list[Affiliation]]:
    """To which groups a contact belongs, and who belongs to it: both, for what was a group may be a person now."""
    found = sorted(_belonging().rows(contact=contact), key=lambda row: row.until is not None)
    groups = [row for row in found if row.person_id == contact.pk]
    return groups, [row for row in found if row.group_id == contact.pk]


@cache
def _belonging() -> Compiled:
    """Affiliations of a contact on either side, with who is on the other and not in the bin."""
    either = Q(person=given("contact")) | Q(group=given("contact"))
    rows = Affiliation.objects.filter(either, person__binned_at=None, group__binned_at=None)
    return Compiled(rows.select_related("person", "group").order_by("pk")[:100])


def _tap(point: Point) -> tuple[str, str, str]:
    if point.property == PointProperty.TEL:
        return "phone", f"tel:{point.key}", point.value
    if point.property == PointProperty.EMAIL:
        return "mail", f"mailto:{point.value}", point.value
    return "link", point.value, point.key
