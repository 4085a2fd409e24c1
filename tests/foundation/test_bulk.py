"""Foreign keys of many rows are looked at while the next are made, and a wrong one is found before the transaction ends."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Membership
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
