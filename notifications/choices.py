"""What a person wishes to hear of, and how."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import Membership
from notifications import kinds
from notifications.kinds import Audience, Kind
from notifications.models import Choice, Preference


def offered_to(memberships: Sequence[Membership]) -> list[Kind]:
    """The kinds that somebody with these memberships may hear of."""
    audiences = {Audience.EVERYBODY}
    audiences |= {Audience.MANAGERS} if any(one.is_manager for one in memberships) else set()
    audiences |= {Audience.LEADS} if any(one.is_lead for one in memberships) else set()
    return [kind for kind in kinds.to_choose() if kind.audience in audiences]


def choose(preference: Preference, wishes: Mapping[str, str]) -> None:
    """Keep what differs from what is usual: where an owner changes the usual, whoever had no wish goes along."""
    usual = {kind.name: kind.how for kind in kinds.to_choose()}
    with transaction.atomic():
        for kind, how in wishes.items():
            if how == usual.get(kind):
                Choice.objects.filter(user=preference.user, kind=kind).delete()
            else:
                Choice.objects.update_or_create(user=preference.user, kind=kind, defaults={"how": how})
