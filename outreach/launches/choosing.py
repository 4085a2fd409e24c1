"""Whom to meet for a launch: contacts by kind, tag and town."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import Team
from contacts.models import Contact, ContactKind, Tag
from contacts.models.kind import COLLEAGUE

TOWNS = 60
"""The towns offered: those with the most contacts."""


@dataclass(frozen=True)
class Choice:
    """A filter: any of the kinds, and the tag, and the town. An empty one chooses nobody."""

    kinds: Sequence[int] = ()
    tag: int | None = None
    town: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.kinds or self.tag or self.town)


@dataclass(frozen=True)
class Offer:
    """What a team can choose from: kinds with how many contacts they have, tags and towns; how many colleagues."""

    kinds: list[tuple[ContactKind, int]]
    tags: list[Tag]
    towns: list[str]
    colleagues: int


def chosen(team: Team, choice: Choice) -> QuerySet[Contact]:
    """The contacts that a filter leaves, by name; colleagues are a circle of their own and not among them."""
    contacts = Contact.objects.of_team(team)
    if choice.is_empty:
        return contacts.none()
    contacts = contacts.exclude(kind__code=COLLEAGUE, kind__team=None)
    if choice.kinds:
        contacts = contacts.filter(kind__in=choice.kinds)
    if choice.tag:
        contacts = contacts.filter(tags=choice.tag)
    if choice.town:
        contacts = contacts.filter(town=choice.town)
    return contacts.select_related("kind").order_by("sort_key", "pk")


def colleagues(team: Team) -> QuerySet[Contact]:
    """The first circle."""
    return Contact.objects.of_team(team).filter(kind__code=COLLEAGUE, kind__team=None)


def offer(team: Team) -> Offer:
    """What there is to choose from; four queries."""
    contacts = Contact.objects.of_team(team).order_by()
    numbers = dict(contacts.values_list("kind").annotate(n=Count("pk")))
    kinds = [kind for kind in ContactKind.objects.for_team(team) if numbers.get(kind.pk)]
    ours = [kind for kind in kinds if kind.code == COLLEAGUE and kind.team_id is None]
    towns = (
        contacts.exclude(town="").values_list("town").annotate(n=Count("pk")).order_by("-n", "town")[:TOWNS]
    )
    on_contacts = Contact.tags.through.objects.filter(tag=OuterRef("pk"))
    return Offer(
        kinds=[(kind, numbers[kind.pk]) for kind in kinds if kind not in ours],
        tags=list(Tag.objects.filter(Exists(on_contacts), team=team)),
        towns=sorted(town for town, _ in towns),
        colleagues=sum(numbers[kind.pk] for kind in ours),
    )
