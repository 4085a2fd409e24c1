"""Each CM is evaluated once a local day, from 07:00 on; what is to be said becomes a notification in the same
transaction. Days that were missed are not made up for.
"""

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.models import Membership, Team, User
from notifications import outbox
from ratio import periods, readings
from ratio.episodes import A_YEAR, CONCLUSIVE, HISTORY, Evaluated, Kind, Stretch, step
from ratio.models import Episode, Evaluation
from ratio.readings import Book, Person
from ratio.verdicts import Counts, Word

FROM_HOUR = 7
LOW_LIVES = dt.timedelta(days=7)
"""A reminder that could not leave for a week is no longer news."""

logger = logging.getLogger(__name__)


def evaluate(*, now: dt.datetime) -> int:
    """Evaluate every CM whose slot is due at `now` and not yet written. Returns how many were written.

    One person's fault is logged and does not cost the others their evaluation.
    """
    managing = Membership.objects.current().managing()
    teams = Team.objects.filter(pk__in=managing.values("team"))
    return sum(_evaluate_team(team, now) for team in teams)


def _evaluate_team(team: Team, now: dt.datetime) -> int:
    """One transaction: what is decided of the team's people, what is said, and that it was.

    The team's row is locked, so that of two evaluations at once the second finds nothing due.
    """
    local = now.astimezone(team.zone)
    if local.hour < FROM_HOUR:
        return 0
    slot = local.date()
    if not _due(team, slot):
        return 0
    yesterday = slot - dt.timedelta(days=1)
    book = readings.of_team(team, now=periods.last_moment(yesterday, team.zone))
    written = []
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        due = _due(team, slot)
        past = _Past.of(due, team, slot)
        for person in book.present:
            if person.user.pk not in due:
                continue
            try:
                with transaction.atomic():
                    written.append(evaluate_person(person, book, past, slot=slot, now=now))
            except Exception:  # whatever is wrong with one person's rows, the others are evaluated
                extra = {"manager": person.user.pk, "slot": slot.isoformat()}
                logger.exception("evaluation failed", extra=extra)
        Evaluation.objects.bulk_create(written)
    return len(written)


def _due(team: Team, slot: dt.date) -> set[int]:
    """Active CMs who were in the team the day before and have no evaluation for the slot."""
    written = Evaluation.objects.filter(manager=OuterRef("user"), slot=slot)
    members = Membership.objects.current().managing().filter(team=team, user__is_active=True, since__lt=slot)
    return set(members.exclude(Exists(written)).values_list("user", flat=True))


@dataclass(frozen=True, slots=True)
class _Past:
    """What `step` depends on beside today, of several people, by their ids: open episodes, and when they were told."""

    open: dict[int, Episode]
    last_low_on: dict[int, dt.date | None]
    last_heads_up_on: dict[int, dt.date | None]
    told_in_a_year: dict[int, int]

    @classmethod
    def of(cls, people: Collection[int], team: Team, today: dt.date) -> "_Past":
        """Read in three queries. Their open episodes are locked until the transaction ends."""
        episodes = Episode.objects.filter(manager__in=people)
        # who changed teams begins anew; what the old team's stretch said still keeps its distance
        episodes.filter(closed_on=None).exclude(team=team).update(closed_on=today)
        reminded = episodes.order_by().values("manager").annotate(last=Max("last_reminded_on"))
        heads_up = Q(reminder=Kind.HEADS_UP)
        told = list(
            Evaluation.objects.filter(heads_up | Q(reminder=Kind.LOW), manager__in=people, slot__lt=today)
            .order_by()
            .values_list("manager")
            .annotate(last=Max("slot", filter=heads_up), times=Count("pk", filter=Q(slot__gt=today - A_YEAR)))
        )
        return cls(
            open={one.manager_id: one for one in episodes.select_for_update().filter(closed_on=None)},
            last_low_on=dict(reminded.values_list("manager", "last")),
            last_heads_up_on={manager: last for manager, last, _times in told},
            told_in_a_year={manager: times for manager, _last, times in told},
        )


def evaluate_person(
    person: Person, book: Book, past: _Past, *, slot: dt.date, now: dt.datetime
) -> Evaluation:
    """One person's evaluation for `slot`, to be written, from a book read at the last moment of the day before.

    Their episode has stepped and what is to be said has been. On a day of leave nothing is said.
    """
    said = book.verdict(person)
    sunday = periods.last_moment(periods.coming_sunday(slot), book.team.zone)
    evaluation = Evaluation(
        manager=person.user,
        slot=slot,
        team=book.team,
        real=said.counts.real,
        online=said.counts.online,
        target=_decimal(book.target_of(person)),
        verdict=said.word,
        reason=said.reason or "",
        forecast_verdict=book.expected(person, sunday).word,
        created_at=now,
    )
    if slot not in person.ledger.leave:
        _step(person.user, book, past, evaluation, now)
    return evaluation


def _step(user: User, book: Book, past: _Past, evaluation: Evaluation, now: dt.datetime) -> None:
    """Carry the person's episode on by a day, and say what is to be said."""
    today, row = evaluation.slot, past.open.get(user.pk)
    before = _value(row)
    stretch, reminders = step(
        before,
        _history(evaluation),
        past.last_low_on.get(user.pk),
        past.last_heads_up_on.get(user.pk),
        book.rules,
        today,
        past.told_in_a_year.get(user.pk, 0),
    )
    if stretch != before:
        row = _store(row, stretch, user, book.team)
    for kind in reminders:
        _say(kind, row, user, book.team, today=today, now=now)
    if reminders:
        evaluation.reminder = reminders[0]


def _history(evaluation: Evaluation) -> list[Evaluated]:
    """The last conclusive evaluations up to this one, in the order of their slots."""
    if evaluation.verdict not in CONCLUSIVE:
        return []
    rows = Evaluation.objects.filter(
        manager=evaluation.manager_id,
        team=evaluation.team_id,
        verdict__in=CONCLUSIVE,
        slot__lt=evaluation.slot,
    ).order_by("-slot")[: HISTORY - 1]
    return [
        Evaluated(
            row.slot,
            Word(row.verdict),
            Counts(row.real, row.online),
            Word(row.forecast_verdict) if row.forecast_verdict else None,
        )
        for row in [*reversed(rows), evaluation]
    ]


def _value(row: Episode | None) -> Stretch | None:
    if row is None:
        return None
    return Stretch(
        opened_on=row.opened_on,
        reminders_sent=row.reminders_sent,
        last_reminded_on=row.last_reminded_on,
        share_at_last_reminder=_fraction(row.share_at_last_reminder),
        lead_due_on=row.lead_due_on,
        lead_told_on=row.lead_told_on,
        acknowledged=row.acknowledged_at is not None,
        snoozed_until=row.snoozed_until,
    )


def _store(row: Episode | None, stretch: Stretch | None, user: User, team: Team) -> Episode | None:
    """Write what `step` may have changed; what the person says (acknowledged, put off) is never overwritten."""
    if stretch is None:
        return None
    values = {
        "closed_on": stretch.closed_on,
        "reminders_sent": stretch.reminders_sent,
        "last_reminded_on": stretch.last_reminded_on,
        "share_at_last_reminder": _text(stretch.share_at_last_reminder),
        "lead_due_on": stretch.lead_due_on,
        "lead_told_on": stretch.lead_told_on,
    }
    if row is None:
        return Episode.objects.create(manager=user, team=team, opened_on=stretch.opened_on, **values)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row


def _fraction(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _text(share: Fraction | None) -> str:
    return "" if share is None else f"{share.numerator}/{share.denominator}"


def _say(
    kind: Kind, episode: Episode | None, user: User, team: Team, *, today: dt.date, now: dt.datetime
) -> None:
    """One notification for each person who is to hear it, under a key that makes it unique."""
    if kind is Kind.HEADS_UP or episode is None:
        sunday = periods.start_of(periods.coming_sunday(today), team.zone)
        outbox.notify(
            user, kind, key=f"{kind}:{user.pk}:{today}", now=now, expires_at=sunday, context={"team": team.pk}
        )
        return
    context = {"team": team.pk, "episode": episode.pk}
    if kind is Kind.LOW_LEAD:
        for lead in _leads(team).exclude(pk=user.pk):
            outbox.notify(lead, kind, key=f"{kind}:{episode.pk}", now=now, context=context)
        return
    key = f"{kind}:{episode.pk}:{episode.reminders_sent}" if kind is Kind.LOW else f"{kind}:{episode.pk}"
    outbox.notify(user, kind, key=key, now=now, expires_at=now + LOW_LIVES, context=context)


def _leads(team: Team) -> QuerySet[User]:
    return User.objects.filter(
        pk__in=Membership.objects.current().leading().filter(team=team).values("user"), is_active=True
    )


def _decimal(share: Fraction) -> Decimal:
    """A target as its column keeps it; targets are set with two places, so nothing is lost."""
    return Decimal(share.numerator) / Decimal(share.denominator)
