"""The run that calls itself PostgreSQL is one, with a real Redis."""

import os

import pytest
import redis
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_postgresql_with_trigrams():
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        assert cursor.fetchone() == (1,)


def test_the_broker_is_a_redis_that_answers():
    socket = os.environ["CELERY_BROKER_URL"].removeprefix("redis+socket://")
    assert redis.Redis(unix_socket_path=socket).ping()


def test_the_cache_is_shared_through_redis():
    cache.set("house", "shared", 5)
    assert cache.get("house") == "shared"
    assert isinstance(caches["default"], RedisCache)
