"""Likely duplicates of a team: looked for now and then, kept as rows, and what somebody decided of them remembered.

The contacts page shows how many there are, so the answer is kept (`Duplicate`) and not worked out for each page. It
stays true by itself: pairs of which one was merged, binned or decided upon drop out of `Duplicate.open` at once, and
the tick looks again where the book changed since (`look_where_due`).
"""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Operation, Team, User
from contacts import alike
from contacts.alike import Entry
from contacts.models import Contact, ContactPoint, ContactQuerySet, Distinct, Duplicate, DuplicateSearch
from contacts.names import fold

KEPT = 1000  # pairs; the page says "more than" beyond
LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=5)  # between two looks at a book that is being worked on
AT_ONCE = 5000  # contacts; a book this small is looked through while the person waits
_fold = lru_cache(maxsize=50_000)(fold)  # towns: few, each many times


def count(team: Team) -> int:
    """How many likely pairs wait for a decision, up to KEPT; one query."""
    return Duplicate.objects.filter(team=team).open().count()


def with_hints(contacts: ContactQuerySet) -> ContactQuerySet:
    """Annotates `has_likely` and `has_merged`: whether it is worth asking `of`, or who was merged into a contact."""
    pairs = Duplicate.objects.filter(Q(one=OuterRef("pk")) | Q(other=OuterRef("pk")))
    merged = Contact.objects.filter(merged_into=OuterRef("pk"))
    return contacts.annotate(has_likely=Exists(pairs), has_merged=Exists(merged))


def of(contact: Contact) -> list[Contact]:
    """Who is likely the same as a contact; one query."""
    pairs = Duplicate.objects.filter(Q(one=contact) | Q(other=contact)).open().select_related("one", "other")
    return [pair.other if pair.one_id == contact.pk else pair.one for pair in pairs[:3]]


def look(*, team: Team, now: datetime) -> int | None:
    """Look through a team's book and keep what was found; how many pairs, or None: somebody else is at it."""
    search, _created = DuplicateSearch.objects.get_or_create(team=team)
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    if not DuplicateSearch.objects.filter(free, pk=search.pk).update(leased_until=now + LEASE):
        return None
    decided = {
        frozenset(pair) for pair in Distinct.objects.filter(team=team).values_list("one", "other").iterator()
    }
    found = alike.pairs(entries(team), most=KEPT + len(decided))
    rows = [
        Duplicate(
            team=team, one_id=pair.one, other_id=pair.other, reasons=pair.reasons, likeness=pair.likeness
        )
        for pair in found
        if frozenset((pair.one, pair.other)) not in decided
    ]
    with transaction.atomic():
        DuplicateSearch.objects.select_for_update().get(pk=search.pk)
        Duplicate.objects.filter(team=team).delete()
        there = _still_there(rows)
        Duplicate.objects.bulk_create(
            [row for row in rows[:KEPT] if row.one_id in there and row.other_id in there], batch_size=500
        )
        DuplicateSearch.objects.filter(pk=search.pk).update(looked_at=now, leased_until=None)
    return len(rows)


def look_where_due(now: datetime, *, most: int = 20) -> int:
    """Look again in up to `most` teams whose book changed since; how many were looked through."""
    looked = dict(DuplicateSearch.objects.values_list("team", "looked_at"))
    changed = dict(Contact.objects.order_by().values_list("team").annotate(Max("updated_at")))
    acted = dict(
        Operation.objects.filter(at__gte=now - timedelta(days=1), kind__startswith="contacts.")
        .order_by()
        .values_list("team")
        .annotate(Max("at"))
    )
    due = []
    for pk, edited_at in changed.items():
        since = looked.get(pk)
        last = max(edited_at, acted.get(pk, edited_at))
        if since is None or (last >= since and since <= now - PAUSE):
            due.append(pk)
    teams = Team.objects.in_bulk(sorted(due)[:most])
    return sum(look(team=team, now=now) is not None for team in teams.values())


def not_the_same(one: Contact, other: Contact, *, by: User, now: datetime) -> Distinct:
    """Remember that two contacts are two. Said twice, it was said once."""
    first, second = sorted((one, other), key=lambda contact: contact.pk)
    distinct, _created = Distinct.objects.get_or_create(
        one=first, other=second, defaults={"team": first.team, "by": by, "at": now}
    )
    return distinct


def maybe_the_same(one: Contact, other: Contact) -> bool:
    """Forget that two contacts are two; False: nobody says so any more."""
    first, second = sorted((one, other), key=lambda contact: contact.pk)
    forgotten, _by_model = Distinct.objects.filter(one=first, other=second).delete()
    return bool(forgotten)


def entries(team: Team) -> list[Entry]:
    """The book as likeness sees it; two queries, streamed."""
    points: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = ContactPoint.objects.filter(team=team, contact__binned_at__isnull=True).order_by()
    for contact, kind, key in rows.values_list("contact_id", "property", "key").iterator(chunk_size=5000):
        points[contact].append((kind, key))
    contacts = Contact.objects.of_team(team).order_by()
    return [
        Entry(pk, is_group, name, _fold(town), frozenset(points.get(pk, ())))
        for pk, is_group, name, town in contacts.values_list("pk", "is_group", "sort_key", "town").iterator(
            chunk_size=5000
        )
    ]


def _still_there(rows: list[Duplicate]) -> set[int]:
    """Which of the contacts were not erased while they were compared."""
    wanted = sorted({pk for row in rows[:KEPT] for pk in (row.one_id, row.other_id)})
    there: set[int] = set()
    for start in range(0, len(wanted), 500):
        there |= set(Contact.objects.filter(pk__in=wanted[start : start + 500]).values_list("pk", flat=True))
    return there


def in_words(pair: Duplicate) -> list[str]:
    """Why two are likely the same, a sentence each. The points of both should be prefetched."""
    theirs = {(point.property, point.key) for point in pair.other.points.all()}
    shared = [point for point in pair.one.points.all() if (point.property, point.key) in theirs]
    said = [_SHARED[point.property] % {"value": point.value} for point in shared]
    return [*map(str, said), *(str(_NAMED[reason]) for reason in pair.reasons if reason in _NAMED)]


_SHARED = {
    "email": _("Same e-mail: %(value)s"),
    "tel": _("Same phone: %(value)s"),
    "url": _("Same link: %(value)s"),
}
_NAMED = {
    "name_and_town": _("Same name, same town"),
    "name": _("Same name"),
    "alike": _("Nearly the same name"),
}
