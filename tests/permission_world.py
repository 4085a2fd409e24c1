"""One team with one of everything, owned by Léa, for the permission matrix."""

import uuid
from datetime import timedelta
from typing import Any

from accounts import changes, invitations
from accounts.models import Role, Team, User
from contacts import merging, privacy
from contacts.models import (
    Affiliation,
    BulkRun,
    ContactKind,
    Promise,
    RhythmRule,
    SavedFilter,
    TouchpointKind,
)
from events import attendance, calendars, feeds, scheduling
from events.models import Source
from foundation import clock
from notifications.models import Address, Delivery, Notification
from outreach import imports
from outreach.launches import relays, visits
from outreach.models import Post, ScheduleUpload
from ratio import agreements, offers
from ratio.models import Contest, ContextNote, Exclusion, Leave, Offer, Target
from tests.cast import (
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_outsider,
    make_team,
    make_touchpoint,
    make_user,
)
from tests.contacts.imports.cast import make_finished, make_import
from tests.events.cast import make_occurrence, make_series
from tests.outreach.launches.cast import make_launch, make_visitors, with_analytics

CSV = b"Text,Image URL,Tags,Posting Time\nHello,,,2030-01-01 10:00\n"


def people(team: Team) -> dict[str, User | None]:
    """The seven roles. Léa owns what there is; Noé is her teammate."""
    return {
        "anonymous": None,
        "manager": make_member(team, "Léa Martin"),
        "teammate": make_member(team, "Noé Roux"),
        "lead": make_lead(team),
        "admin": make_admin(),
        "outsider": make_outsider(),
        "deactivated": make_member(team, "Gaël Parti", is_active=False),
    }


def build() -> tuple[dict[str, User | None], dict[str, Any]]:
    """The people by role, and the things by the names that the matrix uses in its addresses."""
    team, now = make_team(slug="radio-bocage"), clock.now()
    roles = people(team)
    User.objects.update(
        password="a hash that nobody types"
    )  # somebody without a password cannot reauthenticate
    for person in filter(None, roles.values()):
        person.refresh_from_db()
    lea, ada = roles["manager"], roles["admin"]
    jo, band = make_contact(team, "Jo Brume"), make_contact(team, "Brume", "band")
    double = make_contact(team, "Jo B.")
    made = {"team": team, "created_at": now, "client_id": uuid.uuid4()}
    plan = make_occurrence(team, lea, (jo,), starts_at=now + timedelta(days=2))
    past = make_occurrence(team, lea, (jo,), starts_at=now - timedelta(hours=5))
    cancelled = make_occurrence(team, lea, (jo,), starts_at=now + timedelta(days=3), cancelled_at=now)
    answered = make_occurrence(team, lea, (jo,), starts_at=now - timedelta(days=2), outcome="nobody")
    series, ended = make_series(team, lea), make_series(team, lea)
    scheduling.end(series=ended, by=lea, now=now)
    touchpoint = make_touchpoint(team, lea, [jo], met_at=now - timedelta(hours=2))
    post = Post.objects.create(
        text="Hello", manager=lea, publish_at=now + timedelta(days=1), created_by=lea, **made
    )
    gone = Post.objects.create(
        text="Old",
        manager=lea,
        publish_at=now + timedelta(days=1),
        status="cancelled",
        created_by=lea,
        **{**made, "client_id": uuid.uuid4()},
    )
    out = Post.objects.create(
        text="Out",
        manager=lea,
        publish_at=now - timedelta(days=1),
        created_by=lea,
        **{**made, "client_id": uuid.uuid4()},
    )
    promise = Promise.objects.create(contact=jo, manager=lea, text="The link", due_on=now.date(), **made)

    def operation(kind: str, **details: Any) -> int:
        return changes.begin(team=team, by=lea, kind=kind, now=now, **details).pk

    agreements.show_people(
        team=team,
        purpose="Help",
        informed_on=now.date(),
        informed_how="at the team meeting",
        works_council_on=None,
        by=ada,
        now=now,
    )
    offer = Offer.objects.create(team=team, manager=lea, by=roles["lead"], occurrence=plan, created_at=now)
    noting = operation("contacts.note", touchpoint=touchpoint.pk)

    launch = make_launch(team, (jo, band), by=lea, day=now.date() + timedelta(days=21))
    approach = launch.approaches.get(contact=band)
    with_analytics(launch, by=lea)

    feed, feed_token = feeds.make(user=lea, team=team, scope="mine", has_names=False, now=now)
    things: dict[str, Any] = {
        "launch": launch.pk,
        "approach": approach.pk,
        "visitors": make_visitors(launch, now.date(), 10).pk,
        "told": visits.heard(launch, "La Cale").pk,
        "relay": relays.give(approach, now=now).pk,
        "code": relays.give(approach, now=now).code,
        "team": team.slug,
        "contact": jo.pk,
        "double": double.pk,
        "privacy_request": privacy.register(
            kind="objection",
            name="Jo Brume",
            address="jo@brume.org",
            note="",
            received_on=now.date(),
            by=ada,
            now=now,
        ).pk,
        "undo_merge": merging.merge(
            kept=band, merged=make_contact(team, "Brumes", "band"), by=lea, now=now
        ).pk,
        "list": make_import(team, lea, name="list.csv").pk,
        "came_in": make_finished(team, lea, name="came-in.csv").pk,
        "affiliation": Affiliation.objects.create(team=team, person=jo, group=band).pk,
        "promise": promise.pk,
        "touchpoint": touchpoint.pk,
        "contact_kind": ContactKind.objects.create(team=team, code="label", name="Label").pk,
        "touchpoint_kind": TouchpointKind.objects.create(
            team=team, code="radio", name="Radio", is_real=True
        ).pk,
        "series": series.pk,
        "source": Source.objects.create(
            team=team,
            by=lea,
            kind=plan.kind,
            name="Le Bocal",
            url="https://example.org/",
            identity="x",
            created_at=now,
        ).pk,
        "undo_calendar": operation(calendars.KIND, series=[], editions=[], entries=[], said={}),
        "feed": feed.pk,
        "feed_token": feed_token,
        "ended": ended.pk,
        "edition": scheduling.end(series=make_series(team, lea), by=lea, now=now).pk,
        "plan": plan.pk,
        "guest": plan.attendances.get().pk,
        "past": past.pk,
        "cancelled": cancelled.pk,
        "answered": answered.pk,
        "post": post.pk,
        "gone": gone.pk,
        "out": out.pk,
        "upload": ScheduleUpload.objects.create(
            team=team, by=ada, name="buffer.csv", content=CSV, created_at=now
        ).pk,
        "leave": Leave.objects.create(team=team, manager=lea, first_day=now.date(), last_day=now.date()).pk,
        "exclusion": Exclusion.objects.create(
            team=team, manager=lea, touchpoint=touchpoint, reason="Twice", by=lea, at=now
        ).pk,
        "context": ContextNote.objects.create(
            team=team, manager=lea, first_day=now.date(), last_day=now.date(), text="Festival"
        ).pk,
        "contest": Contest.objects.create(
            team=team, manager=lea, touchpoint=touchpoint, reason="It counts", at=now
        ).pk,
        "offer": offer.pk,
        "undo_offer": operation(offers.KIND, offer=offer.pk),
        "target": Target.objects.create(team=team, share="0.40", since=now.date(), set_by=ada).pk,
        "notification": Notification.objects.create(
            recipient=lea, kind="nothing", key="x", created_at=now
        ).pk,
        "envelope": Delivery.objects.create(
            recipient=lea, address="x@example.org", slot="x", due_at=now, created_at=now, message_id="<x@x>"
        ).pk,
        "refused": Address.objects.create(value="x@example.org", refused_at=now).pk,
        "undo": operation("x.plain", plain=True),
        "undo_note": noting,
        "undo_tagging": operation("contacts.bulk_tag"),
        "many": BulkRun.objects.create(
            team=team, by=lea, token=uuid.uuid4(), act="contacts.bulk_tag", count=9, created_at=now
        ).pk,
        "rhythm_rule": RhythmRule.objects.create(team=team, kind=band.kind, days=56).pk,
        "kept_filter": SavedFilter.objects.create(
            team=team, owner=lea, name="Bands", query="show=groups", is_shared=True, created_at=now
        ).pk,
        "undo_answer": operation(attendance.ANSWER, noting=noting),
        "undo_import": operation(imports.KIND),
        "member": lea.memberships.get().pk,
        "person": lea.pk,
        "leaver": roles["deactivated"].pk,
        "second_admin": make_admin("Second").pk,
        "newcomer": make_user("New").pk,
        "invitation": invitations.invite(
            team=team, email="", role=Role.MANAGER, is_admin=False, by=ada, now=now
        ).pk,
    }
    things["token"] = invitations.invite(
        team=team, email="sam@example.org", role=Role.LEAD, is_admin=False, by=ada, now=now
    ).token
    return roles, things
