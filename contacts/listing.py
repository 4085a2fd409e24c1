"""The list of contacts: what its address may ask for, as a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import OrderBy

from accounts.models import Team, User
from contacts import search
from contacts.models import Contact, ContactKind, Tag
from contacts.models.kind import COLLEAGUE, shipped_contact_kind
from contacts.names import fold

COUNTED = 1000  # beyond it the page says "more than": counting reads every row
NEVER = "never"
UNSEEN_WEEKS = (4, 8, 13, 26)
SHOW = ("mine", "colleagues", "groups", "drafts")
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "name": ("sort_key", "pk"),
    "-name": ("-sort_key", "-pk"),
    "met": (F("last_met_at").asc(nulls_first=True), "pk"),
    "-met": (F("last_met_at").desc(nulls_last=True), "-pk"),
}


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything it does not understand is left out.

    `show` is one of SHOW or ""; `kind`, `tag` and `owner` are ids; `unseen` is a number of weeks, or "never".
    """

    q: str = ""
    show: str = ""
    kind: int | None = None
    tag: int | None = None
    owner: int | None = None
    unseen: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, address: Mapping[str, str]) -> "Filters":
        """The filters in a query string."""
        show, unseen, sort = address.get("show", ""), address.get("unseen", ""), address.get("sort", "")
        return cls(
            q=address.get("q", "").strip()[:100],
            show=show if show in SHOW else "",
            kind=_id(address.get("kind")),
            tag=_id(address.get("tag")),
            owner=_id(address.get("owner")),
            unseen=unseen if unseen == NEVER or unseen in map(str, UNSEEN_WEEKS) else "",
            sort=sort if sort in SORTS else "name",
        )

    @classmethod
    def read_text(cls, query: str) -> "Filters":
        """The filters in a query string that is still one text: "q=jo&show=mine"."""
        return cls.read(dict(parse_qsl(query)))

    def address(self, **others: object) -> str:
        """The query string of these filters with some changed: "q=jo&show=mine"; "" when there are none."""
        values = {**self.__dict__, **others}
        if values["sort"] == "name":
            values["sort"] = ""
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def are_set(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.q or self.show or self.kind or self.tag or self.owner or self.unseen)


@dataclass(frozen=True)
class Listing:
    """The rows, not yet fetched. `guessed`: nothing matches as typed; these are much like it."""

    contacts: QuerySet[Contact]
    guessed: bool = False
    filters: Filters = field(default_factory=Filters)

    def count(self) -> int:
        """How many there are, up to COUNTED + 1."""
        return self.contacts.order_by()[: COUNTED + 1].count()


def listing(*, team: Team, user: User, filters: Filters, now: datetime) -> Listing:
    """The team's contacts that the filters leave, sorted. Mistyped names are looked for when nothing matches."""
    everybody = Contact.objects.of_team(team)
    contacts = _narrowed(everybody, user, filters, now)
    order = SORTS[filters.sort]
    if not filters.q:
        return Listing(contacts.order_by(*order), filters=filters)
    # The few matches first, then their order: else SQLite walks the whole book in that order, looking for them.
    found = search.find(contacts, filters.q)
    matches = list(found.order_by().values_list("pk", flat=True)[:COUNTED])
    if len(matches) < COUNTED:
        found = contacts.filter(pk__in=matches)
    if matches:
        return Listing(found.order_by(*order), filters=filters)
    likest = search.guess(contacts, filters.q)
    return Listing(contacts.filter(pk__in=likest).order_by(*order), bool(likest), filters)


def choices(team: Team) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Kinds and tags to filter by, each as (id, words), in the order to show them; one query for both."""
    kinds = ContactKind.objects.for_team(team).annotate(sort=Value("kind")).order_by()
    tags = Tag.objects.filter(team=team).order_by()
    columns = ("sort", "pk", "code", "name", "place")
    rows = kinds.annotate(place=F("position")).values_list(*columns)
    tag_rows = tags.annotate(sort=Value("tag"), code=Value(""), place=Value(0)).values_list(*columns)
    found: dict[str, list[tuple[int, str, int, str]]] = {"kind": [], "tag": []}
    for sort, pk, code, name, place in rows.union(tag_rows, all=True):
        found[sort].append((place, fold(name), pk, name or shipped_contact_kind(code) or code))
    kinds_found, tags_found = (
        [(pk, words) for _place, _key, pk, words in sorted(group)] for group in found.values()
    )
    return kinds_found, tags_found


def _narrowed(contacts: QuerySet[Contact], user: User, filters: Filters, now: datetime) -> QuerySet[Contact]:
    shown = {
        "mine": Q(owner=user),
        "colleagues": Q(kind__code=COLLEAGUE, kind__team=None),
        "groups": Q(is_group=True),
        "drafts": Q(is_draft=True),
    }
    contacts = contacts.filter(shown.get(filters.show, Q()))
    if filters.kind:
        contacts = contacts.filter(kind=filters.kind)
    if filters.tag:
        contacts = contacts.filter(tags=filters.tag)
    if filters.owner:
        contacts = contacts.filter(owner=filters.owner)
    if filters.unseen == NEVER:
        contacts = contacts.filter(last_met_at=None)
    elif filters.unseen:
        contacts = contacts.filter(last_met_at__lt=now - timedelta(weeks=int(filters.unseen)))
    return contacts


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
