"""A compiled queryset finds what the queryset would have found, with whatever values it is asked."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Count, Prefetch, Q, TextField, Value

from contacts.models import Contact, Touchpoint
from foundation.compiled import Compiled, given
from tests.cast import NOW, make_contact, make_member, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


@pytest.fixture
def met(team, lea):
    """Three meetings, one, two and three days ago."""
    return [
        make_touchpoint(team, lea, [make_contact(team, f"Friend {n}")], NOW - timedelta(days=n))
        for n in (1, 2, 3)
    ]


def test_it_is_asked_again_with_other_values(team, lea, met):
    since = Compiled(Touchpoint.objects.filter(team=given("team"), met_at__gte=given("since")))
    assert since.rows(team=team, since=NOW - timedelta(days=2)) == met[:2]
    assert since.rows(team=team.pk, since=NOW - timedelta(hours=1)) == []
    assert since.rows(since=NOW - timedelta(days=9), team=team) == met


def test_days_texts_and_what_stays_the_same_find_their_places(team, met):
    named = Compiled(
        Contact.objects.filter(team=given("team"), name__contains="nd")
        .annotate(said=Value("100 %s"), later=given("text", TextField()))
        .filter(name=given("name"))
        .filter(Q(sourced_on__isnull=True) | Q(sourced_on=given("day")))
        .values_list("name", "said", "later")
    )
    asked = {"team": team, "day": NOW.date(), "text": "50 %", "name": "Friend 2"}
    assert named.rows(**asked) == [("Friend 2", "100 %s", "50 %")]


def test_a_list_may_have_any_length(team, met):
    some = Compiled(Touchpoint.objects.filter(pk__in=given("some")).values_list("pk").order_by("pk"))
    keys = sorted(one.pk for one in met)
    for count in (3, 1, 0, 2):
        assert some.rows(some=keys[:count]) == [(pk,) for pk in keys[:count]]


def test_rows_come_as_django_gives_them(team, lea, met):
    friends = Prefetch("contacts", Contact.objects.order_by("name"), to_attr="friends")
    asked = (
        Touchpoint.objects.filter(team=given("team"))
        .select_related("kind", "author")
        .prefetch_related(friends)
        .annotate(people=Count("contacts"))
        .order_by("-met_at")
    )
    compiled = Compiled(asked)
    for _ in range(2):
        (first, *_others) = compiled.rows(team=team)
        assert (first.author, first.people, first.friends[0].name) == (lea, 1, "Friend 1")
        assert first.met_at == met[0].met_at


def test_parts_are_put_together(team, lea, met):
    old, new = (
        Touchpoint.objects.filter(team=given("team"), met_at__lt=given("before")),
        Touchpoint.objects.filter(met_at__gte=given("before")),
    )
    both = Compiled(
        old.values_list("author", "met_at")
        .order_by()
        .union(new.values_list("author", "met_at").order_by(), all=True)
        .order_by("met_at")
    )
    found = both.rows(team=team, before=NOW - timedelta(days=2))
    assert found == [(lea.pk, one.met_at) for one in reversed(met)]


def test_the_sql_is_written_once(team, met, django_assert_num_queries, monkeypatch):
    count = Compiled(Touchpoint.objects.filter(team=given("team")).values_list("pk"))
    count.rows(team=team)
    monkeypatch.setattr(
        type(Touchpoint.objects.all().query), "get_compiler", lambda *_args, **_kwargs: pytest.fail("again")
    )
    with django_assert_num_queries(1):
        assert len(count.rows(team=team)) == 3


def test_a_name_without_a_value_is_told(team):
    with pytest.raises(KeyError, match="since"):
        Compiled(Touchpoint.objects.filter(met_at__gte=given("since"))).rows(team=team)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(team, met):
    some = Compiled(Touchpoint.objects.filter(team=given("team")).values_list("met_at"))
    found = [some.rows(team=team)]

    def ask():
        found.append(some.rows(team=team))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0] == found[1] and len(found[0]) == 3
