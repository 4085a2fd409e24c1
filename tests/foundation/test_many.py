"""Any number of values go with one statement."""

import pytest

from accounts.models import Team
from foundation.many import among

pytestmark = pytest.mark.django_db


def test_ids_and_texts_go_as_one_parameter(django_assert_num_queries):
    caen = Team.objects.create(name='Caen, l’été \\ "à 5"', slug="caen")
    with django_assert_num_queries(3):
        assert list(Team.objects.filter(pk__in=among(range(200_000)))) == [caen]
        assert list(Team.objects.filter(name__in=among([caen.name, *map(str, range(50_000))], str))) == [caen]
        assert not Team.objects.filter(pk__in=among([])) | Team.objects.filter(name__in=among((), str))
