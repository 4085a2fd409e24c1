"""The first admin, asked for by several at the same moment: one comes to be."""

import threading

import pytest
from django.db import connection, connections

from accounts import people
from accounts.models import User
from tests.cast import NOW


@pytest.mark.django_db(transaction=True)
def test_six_at_once_make_one():
    made, refused, gate = [], [], threading.Barrier(6)

    def ask(number):
        gate.wait()
        first = {"email": f"first{number}@example.org", "name": "Ada", "password": "une longue phrase"}
        try:
            made.append(
                people.make_first(**first, language="fr", time_zone="UTC", team_name="Radio", now=NOW)
            )
        except people.SomebodyIsHere as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # one connection: one after the other
        gate = threading.Barrier(1)
        for thread in threads:
            thread.start()
            thread.join()
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(made), len(refused), User.objects.count()) == (1, 5, 1)
