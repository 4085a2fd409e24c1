"""Who is due to be seen again. Counts from the last touchpoint of any kind, by anybody of the team, from its day.

The most specific rhythm holds: the contact's own ("every six weeks"), else the shortest of its tags', else its kind's
(`RhythmRule`). Without any, a contact that was met twice or more is due after six weeks, until half a year has
passed: what was let go on purpose is not brought up for ever.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Team, User
from contacts.models import Contact, ContactQuerySet, NotNow, RhythmRule, Touchpoint
from contacts.models.contact import Days
from contacts.models.kind import COLLEAGUE
from foundation.compiled import Compiled, given
from foundation.formatting import day_month, full_date

DEFAULT_DAYS = 42
LET_GO_DAYS = 182
NEVER = 32_767  # days, the most that the column of a rhythm holds
LOOKED_AT, SOME = 80, 25  # candidates, however long the list
_SHOWN = ("name", "is_group", "last_met_at", "rhythm_days", "kind__code", "kind__team")
_MET = Touchpoint.contacts.through.objects.filter(contact=OuterRef("pk"), touchpoint__binned_at=None)
# A meeting with the contact that is not the last one: they were met at least twice.
_EARLIER = _MET.filter(touchpoint__met_at__lt=OuterRef("last_met_at"))
# The last meeting's author speaks for all who were there. Found by the team and the moment, however many there were.
_LAST = Touchpoint.objects.kept().filter(
    team=OuterRef("team"), met_at=OuterRef("last_met_at"), contacts=OuterRef("pk")
)
_SEEN_BY = _LAST.order_by("-pk").values(said=JSONObject(user="author", name="author__name"))[:1]
_OF_TAGS = RhythmRule.objects.filter(tag__contacts=OuterRef("pk")).order_by("days").values("days")[:1]
_OF_KIND = RhythmRule.objects.filter(team=OuterRef("team"), kind=OuterRef("kind")).values("days")[:1]


@dataclass(frozen=True)
class Due:
    """A contact that is due: what the choice needs to know. `late` is how many rhythms have passed, 1.0 or more."""

    contact: Contact
    is_colleague: bool
    is_group: bool
    late: float


@dataclass(frozen=True)
class Suggestion:
    """Somebody to see again, and why, in words: "Noé saw them on 3 November". `days` since then."""

    contact: Contact
    reason: str
    last_met_at: datetime
    days: int


def suggestions(
    *,
    team: Team,
    user: User,
    now: datetime,
    limit: int = 5,
    without: Collection[int] = (),
    has_rules: bool | None = None,
    asked: Callable[[bool], Compiled] | None = None,
) -> list[Suggestion]:
    """At most `limit` contacts the person might see again; among them a colleague and a group if any is late.

    Contacts that belong to a teammate are left to them, and those the person put off or out are left alone;
    `without` are the ids of others to leave out. Two queries; one if the caller says whether the team `has_rules`.
    `asked`: what may be due, for a caller who asks for less than `due` (by whether there are rules).
    """
    if has_rules is None:
        has_rules = RhythmRule.objects.filter(team=team).exists()
    found = (asked or _asked)(has_rules).rows(
        team=team,
        user=user,
        now=now,
        lapsed=now - timedelta(days=DEFAULT_DAYS),
        let_go=now - timedelta(days=LET_GO_DAYS),
    )
    latest = choose(_due([contact for contact in found if contact.pk not in without], now), limit)
    return [_suggestion(one.contact, user, now) for one in latest]


def choose(due: Sequence[Due], limit: int) -> list[Due]:
    """The latest `limit` of those due, by how many of their rhythms have passed; pure.

    The latest colleague and the latest group always have a place, if there are any.
    """
    order = sorted(due, key=lambda one: (-one.late, one.contact.pk))
    colleague = next((one for one in order if one.is_colleague), None)
    group = next((one for one in order if one.is_group), None)
    sure = [one for one in (colleague, group) if one][:limit]
    others = [one for one in order if one not in sure]
    return sorted([*sure, *others[: limit - len(sure)]], key=order.index)


def with_rule(contacts: ContactQuerySet) -> ContactQuerySet:
    """Annotates `rule_days`: what the team's rules for tags and kinds ask of a contact; null without any."""
    return contacts.annotate(rule_days=_rule())


def rhythm_days(contact: Contact) -> int | None:
    """The rhythm that holds for a contact fetched `with_rule`; None: six weeks, once it was met twice."""
    return contact.rhythm_days or contact.rule_days  # type: ignore[attr-defined]  # an annotation


def _rule() -> Coalesce:
    field = PositiveSmallIntegerField()
    return Coalesce(Subquery(_OF_TAGS, field), Subquery(_OF_KIND, field), output_field=field)


def due(*, has_rules: bool) -> ContactQuerySet:
    """Those that may be due, with what the choice and the words need; to be compiled, what is given is said above."""
    put_off = NotNow.objects.holding(given("now")).filter(team=given("team"), user=given("user"))
    contacts = Contact.objects.filter(pk__in=_candidates(has_rules=has_rules))
    return (
        contacts.exclude(pk__in=put_off.values("contact"))
        .annotate(
            rule_days=_rule() if has_rules else Value(None, PositiveSmallIntegerField()),
            met_before=Exists(_EARLIER),
            seen_by=Subquery(_SEEN_BY),
        )
        .select_related("kind")
        .only(*_SHOWN)
    )


@cache
def _asked(has_rules: bool) -> Compiled:  # noqa: FBT001
    return Compiled(due(has_rules=has_rules))


def _due(contacts: Iterable[Contact], now: datetime) -> list[Due]:
    """Of those that may be; who was met once is due only by a rhythm."""
    return [
        Due(
            contact=contact,
            is_colleague=contact.kind.code == COLLEAGUE and contact.kind.team_id is None,
            is_group=contact.is_group,
            late=(now - contact.last_met_at) / timedelta(days=rhythm_days(contact) or DEFAULT_DAYS),
        )
        for contact in contacts
        if contact.last_met_at and (rhythm_days(contact) or contact.met_before)  # type: ignore[attr-defined]
    ]


def _candidates(*, has_rules: bool) -> QuerySet[Any, Any]:
    """Ids of those whose rhythm has passed most lately, the person's own and nobody's; of colleagues and of groups
    some, however far back they lie in a long list. Each part is a short walk along the index by owner and last meeting.
    """
    late = _late(Contact.objects.of_team(given("team")), has_rules=has_rules)
    # The owner, too, though it is the same in each part: PostgreSQL does not see that of nobody, and would walk past all.
    ids = late.order_by("-owner_id", "-last_met_at").values("pk")
    colleagues = {"kind__code": COLLEAGUE, "kind__team": None}
    # SQLite takes no limit in a part of a union, but in what such a part asks for.
    parts = [
        Contact.objects.filter(pk__in=ids.filter(owner=owner, **of_whom)[:count]).values("pk")
        for owner in (given("user"), None)
        for of_whom, count in (({}, LOOKED_AT), (colleagues, SOME), ({"is_group": True}, SOME))
    ]
    return parts[0].union(*parts[1:])


def _late(contacts: ContactQuerySet, *, has_rules: bool) -> ContactQuerySet:
    """Those whose own rhythm has passed, or their tags' or kind's; and those without one, not seen for six weeks to
    half a year. Without rules columns of the row alone decide."""
    contacts = contacts.filter(last_met_at__isnull=False)
    if not has_rules:
        own = Q(rhythm_days__isnull=False, due_at__lt=given("now"))
        lapsed = Q(last_met_at__lt=given("lapsed"), last_met_at__gte=given("let_go"))
        return contacts.with_due_at().filter(own | (Q(rhythm_days__isnull=True) & lapsed))
    usual = Case(When(last_met_at__gte=given("let_go"), then=DEFAULT_DAYS), default=NEVER)
    days = Coalesce("rhythm_days", _rule(), usual, output_field=PositiveSmallIntegerField())
    due_at = ExpressionWrapper(F("last_met_at") + Days(days), output_field=DateTimeField())
    return contacts.alias(due_at=due_at).filter(due_at__lt=given("now"))


def _suggestion(contact: Contact, user: User, now: datetime) -> Suggestion:
    assert contact.last_met_at is not None  # noqa: S101  # only such contacts are due
    return Suggestion(
        contact, _reason(contact, user, now), contact.last_met_at, (now - contact.last_met_at).days
    )


def _reason(contact: Contact, user: User, now: datetime) -> str:
    """Who saw them last, and when: a teammate on a day, the person themselves so many weeks ago."""
    assert contact.last_met_at is not None  # noqa: S101
    days = (now - contact.last_met_at).days
    weeks, seen_by = days // 7, contact.seen_by  # type: ignore[attr-defined]  # an annotation
    if seen_by and seen_by["name"] and seen_by["user"] != user.pk:
        on, today = contact.last_met_at.astimezone(user.zone), now.astimezone(user.zone)
        words = day_month if on.year == today.year else full_date
        said = {"name": seen_by["name"].split(" ")[0], "day": words(on.date(), get_language() or "en")}
        return _("%(name)s saw them on %(day)s") % said
    if weeks < 2:
        return ngettext("Last met %(n)d day ago", "Last met %(n)d days ago", days) % {"n": days}
    return ngettext("Last met %(n)d week ago", "Last met %(n)d weeks ago", weeks) % {"n": weeks}
