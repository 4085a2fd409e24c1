"""The week in a mail: on Friday to the CM about themselves, on Monday to the lead about the team. Never empty.

The lead's digest is the team's page in a mail: with the individual view off it has collective figures only.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts import promises
from contacts.models import Promise
from contacts.rhythm import Suggestion
from events.models import Occurrence
from notifications import outbox
from notifications.kinds import Audience, Category, Kind, get, register
from notifications.models import How, Notification
from notifications.mornings import Morning
from ratio import overview, periods, presence
from ratio.kinds import is_told_where_they_stand, links, read_books, recipient_in
from ratio.presence import Card
from ratio.verdicts import Counts

OWN, TEAM = "digest_week", "digest_team"
LIVES = dt.timedelta(days=3)
SHOWN = 5


def register_kinds() -> None:
    """Called once, from RatioConfig.ready."""
    register(
        Kind(
            name=OWN,
            category=Category.DIGEST,
            audience=Audience.MANAGERS,
            still_true=lambda notification, now: own_week(notification, now) is not None,
            context=lambda notification, now: {"week": own_week(notification, now), "links": links()},
            template="ratio/notifications/digest_week",
            url=lambda notification: reverse("ratio:presence"),
            note=lambda notification: reverse("log"),
            title=_("Your week, and the next one"),
            label=_("My week, on Friday"),
            read_ahead=read_books,
        )
    )
    register(
        Kind(
            name=TEAM,
            category=Category.DIGEST,
            audience=Audience.LEADS,
            still_true=lambda notification, now: team_week(notification, now) is not None,
            context=team_context,
            template="ratio/notifications/digest_team",
            url=_team_page,
            title=_("The team’s presence this Monday"),
            label=_("The team’s presence, on Monday"),
        )
    )


def tell(morning: Morning) -> None:
    """The CM on the last working day of a week, the lead on the first."""
    team, person = morning.membership.team, morning.person
    is_friday = morning.membership.is_manager and morning.is_last_of_week()
    if is_friday and own_week_of(person, team, morning.now) is not None:
        _say(OWN, morning)
    if morning.membership.is_lead and morning.is_first_of_week():
        page = overview.peek(team, morning.now)
        if page is None:
            return
        _say(TEAM, morning)
        if morning.hours.by_email and morning.hours.how(get(TEAM)) != How.OFF:
            overview.record_looks(person, page, morning.now)  # who gets it by mail has looked


def names_people(person: User, day: dt.date) -> bool:
    """Whether the person's mail of a local day says whom they could see: it says where they stand, or a late week."""
    return is_told_where_they_stand(person, day) or outbox.shares_envelope(person, (OWN,), day)


def _say(kind: str, morning: Morning) -> None:
    team = morning.membership.team
    outbox.notify(
        morning.person,
        kind,
        key=f"{kind}:{team.pk}:{morning.day}",
        now=morning.now,
        expires_at=morning.now + LIVES,
        context={"team": team.pk},
    )


@dataclass(frozen=True, slots=True)
class Week:
    """A CM's week: where they stand, what it held, and what the next days bring.

    `is_told`: the same mail says elsewhere where they stand and whom they could see.
    """

    card: Card
    counts: Counts
    coming: list[Occurrence]
    promises: list[Promise]
    to_see: list[Suggestion]
    is_told: bool

    @property
    def is_empty(self) -> bool:
        """Nothing done, nothing to come, nobody to see."""
        stands = self.card.standing.verdict.counts.total
        return not (stands or self.coming or self.promises or self.to_see)


def own_week(notification: Notification, now: dt.datetime) -> Week | None:
    """The week of the recipient; None for no CM any more, or when there is nothing to say."""
    found = recipient_in(notification, now)
    return (
        _week(presence.card_of(*found), found[1].team, found[0].ledger.blocks(now, 1)[0][2], now)
        if found
        else None
    )


def own_week_of(person: User, team: Team, now: dt.datetime) -> Week | None:
    """The same for a person and a team."""
    return own_week(Notification(recipient=person, context={"team": team.pk}), now)


def _week(card: Card, team: Team, counts: Counts, now: dt.datetime) -> Week | None:
    person, today = card.person, periods.local_day(now, team.zone)
    coming = Occurrence.objects.filter(team=team).hosted_by(person).upcoming(now)
    is_told = is_told_where_they_stand(person, now.astimezone(person.zone).date())
    week = Week(
        card=card,
        counts=counts,
        coming=list(coming.filter(starts_at__lt=now + dt.timedelta(days=7)).select_related("kind", "team")),
        # those of today have their own line in the same mail
        promises=list(
            promises.due(team=team, user=person, day=today + dt.timedelta(days=7)).filter(due_on__gt=today)
        ),
        to_see=[] if is_told else presence.people_to_see(person, team, now, limit=SHOWN),
        is_told=is_told,
    )
    return None if week.is_empty else week


def team_week(notification: Notification, now: dt.datetime) -> overview.TeamPage | None:
    """The team's page for a lead of it; None for nobody who leads it any more, or when there is nothing to say."""
    team = Team.objects.led_by(notification.recipient).filter(pk=notification.context.get("team")).first()
    return overview.peek(team, now) if team else None


def team_context(notification: Notification, now: dt.datetime) -> dict[str, Any]:
    """The team's page, how many meetings are planned in the next seven days, and where to see more."""
    page = team_week(notification, now)
    until = now + dt.timedelta(days=7)
    planned = Occurrence.objects.filter(team=page.team).upcoming(now) if page else Occurrence.objects.none()
    return {
        "page": page,
        "planned": planned.filter(starts_at__lt=until).count(),
        "calendar": settings.PUBLIC_URL + reverse("calendar"),
    }


def _team_page(notification: Notification) -> str:
    team = Team.objects.filter(pk=notification.context.get("team")).first()
    return reverse("ratio:team_presence", args=[team.slug]) if team else reverse("ratio:presence")
