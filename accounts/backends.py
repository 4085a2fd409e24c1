"""Who a session belongs to."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Membership, User
from foundation.compiled import Compiled, given


class PersonBackend(AuthenticationBackend):
    """Signs in by e-mail as allauth does. Brings the person's present memberships along, with their teams: each page
    asks for both (`accounts.middleware`), and one query answers."""

    def get_user(self, user_id: Any) -> User | None:
        memberships = _current().rows(user=user_id)
        user = memberships[0].user if memberships else User.objects.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.current_memberships = memberships
        return user


@cache
def _current() -> Compiled:
    current = Membership.objects.current().filter(user=given("user"))
    return Compiled(current.select_related("user", "team"))
