"""The list of contacts: what its address may ask for, as a query."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from accounts.models import Membership, Team, User
from contacts import search
from contacts.models import (
    Affiliation,
    Contact,
    ContactKind,
    ContactQuerySet,
    Duplicate,
    SavedFilter,
    Tag,
)
from contacts.models.kind import COLLEAGUE, shipped_contact_kind
from contacts.names import fold
from contacts.paging import Page, page_of
from foundation.compiled import Compiled, given

COUNTED = 1000  # beyond it the page says "more than": counting reads every row
NEVER = "never"
UNSEEN_WEEKS = (4, 8, 13, 26)
SHOW = ("mine", "colleagues", "groups", "alone", "drafts")
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "name": ("sort_key", "pk"),
    "-name": ("-sort_key", "-pk"),
    "met": (F("last_met_at").asc(nulls_first=True), "pk"),
    "-met": (F("last_met_at").desc(nulls_last=True), "-pk"),
}


_BELONGING = Affiliation.objects.filter(person=OuterRef("pk"), until=None)


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


class Line(NamedTuple):
    """As much of a contact as a line of the list shows."""

    pk: int
    name: str
    is_group: bool
    is_draft: bool
    town: str
    last_met_at: datetime | None
    kind_code: str
    kind_name: str
    owner_name: str | None
    owner_email: str | None

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return self.kind_name or shipped_contact_kind(self.kind_code) or self.kind_code

    @property
    def owner(self) -> str:
        """The first name of who looks after it; "" where everybody does."""
        return self.owner_name.split(" ")[0] if self.owner_name else self.owner_email or ""


@dataclass(frozen=True)
class Listing:
    """The rows, not yet fetched. `guessed`: nothing matches as typed; these are much like it. `matching`: how many
    there are, where that is known."""

    contacts: QuerySet[Contact]
    guessed: bool = False
    filters: Filters = field(default_factory=Filters)
    matching: int | None = None

    def page(self, number: str | None, size: int) -> Page:
        """A page of `Line`s: a third of the columns, and nothing of kind and owner but their names. One query."""
        names = ("kind__code", "kind__name", "owner__name", "owner__email")
        return page_of(self.contacts.values_list(*Line._fields[:-4], *names), number, size, make=Line._make)

    def count(self) -> int:
        """How many there are, up to COUNTED + 1."""
        return self.contacts.order_by()[: COUNTED + 1].count() if self.matching is None else self.matching


def listing(*, team: Team, user: User, filters: Filters, now: datetime) -> Listing:
    """The team's contacts that the filters leave, sorted. Mistyped names are looked for when nothing matches."""
    everybody = Contact.objects.of_team(team)
    contacts = _narrowed(everybody, user, filters, now)
    order = SORTS[filters.sort]
    if not filters.q:
        return Listing(contacts.order_by(*order), filters=filters)
    # The few matches first, then their order: else SQLite walks the whole book in that order, looking for them.
    found = search.find(contacts, filters.q)
    matches = list(found.order_by().values_list("pk", flat=True)[: COUNTED + 1])
    if len(matches) <= COUNTED:
        found = contacts.filter(pk__in=matches)
    if matches:
        return Listing(found.order_by(*order), filters=filters, matching=len(matches))
    likest = search.guess(contacts, filters.q)
    return Listing(contacts.filter(pk__in=likest).order_by(*order), bool(likest), filters, len(likest))


def chosen(*, team: Team, user: User, filters: Filters, now: datetime) -> list[int]:
    """The ids of all contacts that the filters leave, in the order of the list."""
    return list(listing(team=team, user=user, filters=filters, now=now).contacts.values_list("pk", flat=True))


@dataclass(frozen=True)
class Choices:
    """What the list can be filtered by, as (id, words) in the order to show them; the filters that were kept; and how
    many likely duplicates wait for a decision."""

    kinds: list[tuple[int, str]]
    tags: list[tuple[int, str]]
    owners: list[tuple[int, str]]
    kept: list[tuple[int, str, str, bool]]  # id, name, query, whether it is the person's own
    duplicates: int


@cache
def _choices() -> Compiled:
    """Rows of five sorts: what, id (or number), code, name, place."""
    team, user = given("team"), given("user")
    text, number = Value("", CharField()), Value(0, IntegerField())
    kinds = ContactKind.objects.for_team(team).annotate(what=Value("kind"))
    of_team = Tag.objects.filter(team=team)
    tags = (of_team.borne() | of_team.filter(pk=given("tag"))).annotate(what=Value("tag"))
    people = Membership.objects.current().filter(team=team, user__is_active=True)
    kept = SavedFilter.objects.of_team(team, user).annotate(what=Value("kept"))
    pairs = Duplicate.objects.filter(team=team).open().order_by().values("team").annotate(pairs=Count("pk"))
    is_others = Case(When(owner=user, then=0), default=1)
    rows = (
        kinds.order_by().values_list("what", "pk", "code", "name", "position"),
        tags.order_by().values_list("what", "pk", text, "name", number),
        people.values_list(Value("owner"), "user", text, "user__name", number),
        kept.order_by().values_list("what", "pk", "query", "name", is_others),
        pairs.values_list(Value("pairs"), "pairs", text, text, number),
    )
    return Compiled(rows[0].union(*rows[1:], all=True))


def choices(team: Team, user: User, filters: Filters) -> Choices:
    """Kinds, the tags that contacts bear and the one that is filtered by, the people of the team, the kept filters and
    the number of likely duplicates, in one query."""
    found: dict[str, list[tuple[int, str, int, str, str]]] = defaultdict(list)
    for what, pk, code, name, place in _choices().rows(team=team, user=user, tag=filters.tag):
        words = name or (shipped_contact_kind(code) if what == "kind" else "") or code
        found[what].append((place, fold(words), pk, words, code))
    plain = {
        what: [(pk, words) for _place, _key, pk, words, _code in sorted(found[what])]
        for what in ("kind", "tag", "owner")
    }
    kept = [(pk, words, query, place == 0) for place, _key, pk, words, query in sorted(found["kept"])]
    pairs = sum(number for _place, _key, number, _words, _code in found["pairs"])
    return Choices(plain["kind"], plain["tag"], plain["owner"], kept, pairs)


def _narrowed(contacts: ContactQuerySet, user: User, filters: Filters, now: datetime) -> ContactQuerySet:
    shown = {
        "mine": Q(owner=user),
        "colleagues": Q(kind__code=COLLEAGUE, kind__team=None),
        "groups": Q(is_group=True),
        "alone": Q(is_group=False) & ~Exists(_BELONGING),
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
        long_ago = now - timedelta(weeks=int(filters.unseen))
        if filters.sort in ("met", "-met"):
            contacts = contacts.filter(last_met_at__lt=long_ago)
        else:  # most are not: the index of names is walked, where one of days would have to be sorted anew
            contacts = contacts.alias(met=Coalesce("last_met_at", "last_met_at")).filter(met__lt=long_ago)
    return contacts


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
