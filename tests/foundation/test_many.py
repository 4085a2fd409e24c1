"""Any number of values go with one statement."""

import json

import pytest

from accounts.models import Team
from foundation.many import Texts, among

pytestmark = pytest.mark.django_db


def test_ids_and_texts_go_as_one_parameter(django_assert_num_queries):
    caen = Team.objects.create(name='Caen, l’été \\ "à 5"', slug="caen")
    with django_assert_num_queries(3):
        assert list(Team.objects.filter(pk__in=among(range(200_000)))) == [caen]
        assert list(Team.objects.filter(name__in=among([caen.name, *map(str, range(50_000))], str))) == [caen]
        assert not Team.objects.filter(pk__in=among([])) | Team.objects.filter(name__in=among((), str))


def test_texts_are_held_as_they_are_sent(django_assert_num_queries):
    names = ['Caen, l’été \\ "à 5"', "", "[", *map(str, range(2500))]
    team = Team.objects.create(name=names[0], slug="caen")
    texts = Texts()
    for name in names:
        texts.add(name)
    for _twice in range(2):
        assert json.loads(texts.as_json()) == names
    assert Team.objects.get(name__in=among(texts, str)) == team
    texts.add("Rouen")
    assert json.loads(texts.as_json()) == [*names, "Rouen"]
    assert json.loads(Texts().as_json()) == []
