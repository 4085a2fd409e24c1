"""Sessions in the database, as Django keeps them; read with a query that is written once, for each page asks it."""

from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.compiled import Compiled, given


class SessionStore(db.SessionStore):
    """The engine of SESSION_ENGINE."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        for session in _alive().rows(key=self.session_key, now=timezone.now()):
            return session
        self._session_key = None
        return None


@cache
def _alive() -> Compiled:
    return Compiled(Session.objects.filter(session_key=given("key"), expire_date__gt=given("now")))
