"""Many rows in few statements: written, changed, and their foreign keys looked at."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Membership, Team
from foundation import bulk
from tests.cast import NOW, make_team

pytestmark = pytest.mark.django_db


def test_a_key_that_leads_nowhere_is_found_as_soon_as_the_next_rows_are_made():
    if connection.vendor != "postgresql":
        return  # SQLite looks at the end: every test does
    same = {"team": make_team().pk, "since": NOW.date()}
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Membership, ("user",), [(1,)], same=same)
        with bulk.checking():
            made = [2]
        pytest.fail(f"{made} would be written")


def test_many_rows_are_changed_in_one_statement(django_assert_num_queries):
    caen, rouen, evreux = (make_team(name) for name in ("Caen", "Rouen", "Évreux"))
    with django_assert_num_queries(1):
        bulk.update(Team, ("name", "country"), [("L'Été \\ {1}", "BE", caen.pk), ("NULL", "CH", rouen.pk)])
    bulk.update(Team, ("name",), [])
    changed = dict(Team.objects.values_list("pk", "name"))
    assert changed == {caen.pk: "L'Été \\ {1}", rouen.pk: "NULL", evreux.pk: "Évreux"}
    assert sorted(Team.objects.values_list("country", flat=True)) == ["BE", "CH", evreux.country]
