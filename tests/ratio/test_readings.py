import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from contacts.models import Contact, ContactKind, KindRule
from contacts.models.kind import COLLEAGUE
from events.models import Attendance, Occurrence
from outreach.models import PostsKnownUntil, Status
from ratio import readings
from ratio.models import Exclusion, Leave, Policy, Target
from ratio.verdicts import Counts, Reason, Word
from tests.cast import (
    NOW,
    make_contact,
    make_member,
    make_outsider,
    make_team,
    make_touchpoint,
    touchpoint_kind,
)
from tests.ratio.people import THIS_MONDAY, live, make_post
from tests.ratio.weeks import at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, "Léa Martin")


def read(user, team, now=NOW):
    book = readings.of_person(user, team, now=now)
    person = book.of(user)
    assert person is not None
    return book, person


def counts(user, team, now=NOW):
    return read(user, team, now)[1].ledger.reading(now).counts


def plan(team, host, starts_at, guests=(), kind="meeting", **fields):
    occurrence = Occurrence.objects.create(
        team=team,
        kind=touchpoint_kind(kind),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        created_by=host,
        client_id=fields.pop("client_id", None) or __import__("uuid").uuid4(),
        created_at=NOW,
        **fields,
    )
    occurrence.hosts.add(host)
    for guest in guests:
        Attendance.objects.create(occurrence=occurrence, contact=guest)
    return occurrence


def test_meetings_and_posts_of_28_days_count(team, lea):
    live(team, lea, [(3, 6)] * 6)
    make_touchpoint(team, lea, met_at=NOW - dt.timedelta(hours=1))
    make_post(team, lea, NOW)
    make_post(team, lea, NOW + dt.timedelta(minutes=1))
    # 28 October to 24 November: the first week gives Wednesday to Saturday
    assert counts(lea, team) == Counts(13, 23)


def test_what_does_not_count(team, lea):
    other_team = make_outsider()
    make_touchpoint(team, lea, kind="call")
    make_touchpoint(team, lea, binned_at=NOW)
    make_touchpoint(make_team("Avant"), lea)
    make_touchpoint(team, other_team)
    for status in (Status.DRAFT, Status.CANCELLED, Status.FAILED):
        make_post(team, lea, NOW - DAY, status=status)
    make_post(team, lea, NOW - DAY, binned_at=NOW)
    make_post(team, None, NOW - DAY)
    make_post(team, other_team, NOW - DAY)
    assert counts(lea, team) == Counts(0, 0)


def test_everybody_who_took_part_is_credited(team, lea):
    noe = make_member(team, "Noé")
    make_touchpoint(team, lea, [make_contact(team, f"Contact {n}") for n in range(5)], others=(noe,))
    assert counts(lea, team) == counts(noe, team) == Counts(1, 0)


def test_colleagues_only_is_read_from_the_touchpoint(team, lea):
    for hour in (8, 9, 10):
        make_touchpoint(team, lea, met_at=at(THIS_MONDAY, hour), colleagues_only=True)
    assert counts(lea, team) == Counts(2, 0)


def test_excluded_lines_do_not_count_for_that_person(team, lea):
    noe = make_member(team, "Noé")
    touchpoint = make_touchpoint(team, lea, others=(noe,))
    post = make_post(team, lea, NOW - DAY)
    fields = {"team": team, "manager": lea, "reason": "privé", "by": lea, "at": NOW}
    Exclusion.objects.create(touchpoint=touchpoint, **fields)
    Exclusion.objects.create(post=post, **fields)
    assert counts(lea, team) == Counts(0, 0)
    assert counts(noe, team) == Counts(1, 0)


def test_leave_is_skipped(team, lea):
    live(team, lea, [(3, 6)] * 6)
    Leave.objects.create(team=team, manager=lea, first_day=THIS_MONDAY - 7 * DAY, last_day=THIS_MONDAY - DAY)
    _book, person = read(lea, team)
    assert person.ledger.reading(NOW).counts == Counts(12, 22)
    away = person.ledger.verdict(NOW - 2 * DAY, target=Fraction(3, 10), rules=_book.rules)
    assert away.word is Word.AWAY


def test_a_teams_own_kind_called_colleague_is_not_ours(team, lea):
    """Only the shipped kind means one's own house."""
    own = ContactKind.objects.create(team=team, code=COLLEAGUE, name="Colleague", is_group=False)
    karim = make_contact(team, "Karim")
    Contact.objects.filter(pk=karim.pk).update(kind=own)
    for _number in range(3):
        plan(team, lea, NOW + DAY, [karim])
    _book, person = read(lea, team)
    assert person.ledger.planned(NOW, THIS_MONDAY + 6 * DAY).real == 3


def test_what_is_planned_is_real_unless_only_colleagues_or_a_rule_say_otherwise(team, lea):
    colleague = make_contact(team, "Samira", kind="colleague")
    tomorrow = NOW + DAY
    plan(team, lea, tomorrow)
    plan(team, lea, tomorrow, [make_contact(team), colleague])
    for _number in range(3):
        plan(team, lea, tomorrow + DAY, [colleague])
    plan(team, lea, tomorrow, kind="call")
    plan(team, lea, tomorrow, cancelled_at=NOW)
    plan(team, lea, tomorrow, binned_at=NOW)
    plan(team, lea, NOW - DAY)
    plan(team, make_member(team, "Noé"), tomorrow)
    book, person = read(lea, team)
    assert person.ledger.planned(NOW, THIS_MONDAY + 6 * DAY) == Counts(4, 0)
    KindRule.objects.create(team=team, kind=touchpoint_kind(), is_real=False, since=(tomorrow + DAY).date())
    book, person = read(lea, team)
    assert person.ledger.planned(NOW, THIS_MONDAY + 6 * DAY) == Counts(2, 0)
    assert book.standing(person).planned == Counts(2, 0)


def test_what_took_place_early_is_not_planned_any_more(team, lea):
    done = make_touchpoint(team, lea, met_at=NOW - dt.timedelta(minutes=10))
    plan(team, lea, NOW + dt.timedelta(minutes=10), touchpoint=done)
    _book, person = read(lea, team)
    assert person.ledger.planned(NOW, THIS_MONDAY + 6 * DAY) == Counts(0, 0)


def test_posts_that_stopped_coming_in(team, lea):
    live(team, lea, [(3, 6)] * 5 + [(3, 0)] * 2)
    book, person = read(lea, team)
    assert book.verdict(person).reason is Reason.STALE
    PostsKnownUntil.objects.create(team=team, manager=lea, day=THIS_MONDAY, said_at=NOW)
    book, person = read(lea, team)
    assert book.verdict(person).reason is None
    PostsKnownUntil.objects.create(team=team, manager=lea, day=THIS_MONDAY - 20 * DAY, said_at=NOW + DAY)
    book, person = read(lea, team)
    assert book.verdict(person).reason is Reason.STALE


def test_said_for_the_whole_team_holds_for_each(team, lea):
    live(team, lea, [(3, 6)] * 5 + [(3, 0)] * 2)
    PostsKnownUntil.objects.create(team=team, manager=None, day=THIS_MONDAY, said_at=NOW)
    book, person = read(lea, team)
    assert book.verdict(person).reason is None


def test_a_change_of_role_is_no_new_beginning(team):
    ines = make_member(team, "Inès", Role.MANAGER, since=dt.date(2026, 1, 1))
    first = Membership.objects.get(user=ines)
    first.until = dt.date(2026, 11, 19)
    first.save()
    Membership.objects.create(user=ines, team=team, role=Role.BOTH, since=dt.date(2026, 11, 20))
    assert read(ines, team)[1].ledger.joined_on == dt.date(2026, 1, 1)
    first.until = dt.date(2026, 11, 1)
    first.save()
    assert read(ines, team)[1].ledger.joined_on == dt.date(2026, 11, 20)


def test_targets_and_policy_are_read(team, lea):
    Target.objects.create(team=team, share="0.40", since=dt.date(2026, 1, 1))
    Target.objects.create(team=team, manager=lea, share="0.25", since=dt.date(2026, 11, 1))
    Policy.objects.create(team=team, day_cap=1, tell_lead=True)
    book, person = read(lea, team)
    assert book.target_of(person) == Fraction(1, 4)
    assert book.target_of(None) == Fraction(2, 5)
    assert (book.rules.day_cap, book.rules.tells_lead) == (1, False)


def test_a_lead_who_is_no_cm_has_no_reading(team):
    ines = make_member(team, "Inès", Role.LEAD)
    assert readings.of_person(ines, team, now=NOW).of(ines) is None


def test_somebody_who_left_is_in_the_teams_book_and_not_present(team, lea):
    noe = make_member(team, "Noé")
    Membership.objects.filter(user=noe).update(until=NOW.date() - DAY)
    book = readings.of_team(team, now=NOW)
    assert [person.user.name for person in book.people] == ["Léa Martin", "Noé"]
    assert [person.user.name for person in book.present] == ["Léa Martin"]


def test_people_come_by_the_alphabet(team):
    for name in ("Zoé", "Émile", "anna", "Bob"):
        make_member(team, name)
    book = readings.of_team(team, now=NOW)
    assert [person.user.name for person in book.present] == ["anna", "Bob", "Émile", "Zoé"]


def test_as_of_a_moment_in_the_past(team, lea):
    """What came later is planned (posts) or unknown (meetings)."""
    live(team, lea, [(3, 6)] * 6)
    then = at(THIS_MONDAY - 3 * DAY, 8)  # the Friday before
    _book, person = read(lea, team, then)
    assert person.ledger.reading(then).counts == Counts(10, 23)
    assert person.ledger.planned(then, THIS_MONDAY - DAY) == Counts(0, 2)


def test_twenty_people_cost_the_queries_of_two(team):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            book = readings.of_team(team, now=NOW)
            for person in book.present:
                book.standing(person)
        return len(captured)

    for number in range(2):
        live(team, make_member(team, f"CM {number}"), [(2, 3)] * 3)
    two = queries()
    for number in range(18):
        live(team, make_member(team, f"CM {number + 2}"), [(2, 3)] * 3)
    assert queries() == two == 3
