"""A lead offers a hand: a meeting to go to together, posts to take over. The CM finds it on Today and answers."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts import changes
from accounts.models import Operation, Team, User
from accounts.permissions import is_manager
from contacts.models import Contact, TouchpointKind
from events import planning
from foundation.compiled import Compiled, given
from outreach.models import Post
from ratio.models import Offer

KIND = "ratio.offer"
"""The operation of a yes."""
SHOWN = 5


class Answered(Exception):
    """The offer was answered already, or what it was about is over."""


def propose_meeting(
    *,
    manager: User,
    team: Team,
    by: User,
    client_id: UUID,
    kind: TouchpointKind,
    starts_at: dt.datetime,
    contacts: Iterable[Contact],
    note: str,
    now: dt.datetime,
) -> Offer:
    """Propose to go somewhere together. Until the CM says yes it is in the lead's calendar alone, and counts for nobody."""
    with transaction.atomic():
        occurrence, _operation = planning.plan(
            team=team,
            by=by,
            client_id=client_id,
            kind=kind,
            starts_at=starts_at,
            now=now,
            contacts=contacts,
            note=note,
        )
        offer, _created = Offer.objects.get_or_create(
            occurrence=occurrence, manager=manager, defaults={"team": team, "by": by, "created_at": now}
        )
    return offer


def propose_posts(
    *, manager: User, team: Team, by: User, posts: Iterable[Post], now: dt.datetime
) -> Offer | None:
    """Offer to take over posts still to come; None when none of them is."""
    movable = [post for post in posts if post.manager_id == manager.pk and post.can_move(now)]
    if not movable:
        return None
    with transaction.atomic():
        offer = Offer.objects.create(team=team, manager=manager, by=by, created_at=now)
        offer.posts.set(movable)
    return offer


def to_answer(manager: User, team: Team, now: dt.datetime) -> list[Offer]:
    """Offers the CM has not answered, the oldest first; those whose day is past are left out. One query, and one if some
    are about posts; a meeting comes without its guests (`events.attendance.bring_guests`)."""
    waiting: list[Offer] = _unanswered().rows(manager=manager, team=team)
    prefetch_related_objects([offer for offer in waiting if not offer.occurrence], "posts")
    return [offer for offer in waiting if is_open(offer, now)]


@cache
def _unanswered() -> Compiled:
    waiting = Offer.objects.filter(manager=given("manager"), team=given("team"), answer="")
    return Compiled(
        waiting.select_related("by", "occurrence__kind", "occurrence__team").order_by("created_at", "pk")
    )


def made_to(manager: User, team: Team) -> list[Offer]:
    """The last offers of the team's leads to a CM, with their answers, the latest first. Two queries."""
    last = Offer.objects.filter(manager=manager, team=team).select_related("by", "occurrence__team")
    return list(last.prefetch_related("posts")[:SHOWN])


def is_open(offer: Offer, now: dt.datetime) -> bool:
    """Whether there is still something to say yes to. `posts` should be prefetched."""
    if offer.answer:
        return False
    if offer.occurrence:
        there = offer.occurrence
        return there.starts_at > now and there.cancelled_at is None and there.binned_at is None
    return any(post.can_move(now) and post.manager_id == offer.manager_id for post in offer.posts.all())


def accept(offer: Offer, *, by: User, now: dt.datetime) -> Operation:
    """Yes: the CM hosts the meeting too, or the posts change hands (to the lead, or to the team if the lead is no CM).

    Raises Answered. `take_back` undoes it.
    """
    with transaction.atomic():
        _answer(offer, Offer.Answer.YES, now)
        operation = changes.begin(team=offer.team, by=by, kind=KIND, now=now, offer=offer.pk)
        changes.changed(operation, offer, {"answer": "", "answered_at": None})
        if offer.occurrence:
            offer.occurrence.hosts.add(offer.manager)
        else:
            _hand_over(offer, operation, now)
    return operation


def take_back(operation: Operation, *, by: User, now: dt.datetime) -> changes.Undone:
    """Undo a yes: the offer waits again, the CM is no host any more, the posts are theirs. Raises CannotUndo."""
    with transaction.atomic():
        done = changes.undo(operation, by=by, now=now)
        offer = Offer.objects.filter(pk=operation.details["offer"]).select_related("occurrence").first()
        if offer and offer.occurrence:
            offer.occurrence.hosts.remove(offer.manager_id)
    return done


def decline(offer: Offer, *, now: dt.datetime) -> None:
    """Not this time. Raises Answered."""
    _answer(offer, Offer.Answer.NO, now)


def _answer(offer: Offer, answer: str, now: dt.datetime) -> None:
    if not is_open(offer, now):
        raise Answered
    if not Offer.objects.filter(pk=offer.pk, answer="").update(answer=answer, answered_at=now):
        raise Answered
    offer.answer, offer.answered_at = answer, now


def _hand_over(offer: Offer, operation: Operation, now: dt.datetime) -> None:
    """To the lead if they are a CM of the team, else to the team."""
    heir = offer.by if is_manager(offer.by, offer.team) else None
    moved = []
    for post in offer.posts.all():
        if post.manager_id == offer.manager_id and post.can_move(now):
            before = changes.values(post, ["manager"])
            post.manager = heir
            moved.append((post, before))
    Post.objects.bulk_update([post for post, _before in moved], ["manager"])
    changes.changed_many(operation, moved)
