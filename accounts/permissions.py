"""Who may do what: predicates over a person and a team, and decorators that answer 403 for a page.

Which *objects* somebody may see is the querysets' matter (`visible_to`: what is not yours is a 404).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth import decorators
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponse, HttpResponseBase

from accounts import unsent
from accounts.models import Membership, Team, User

View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)


def is_admin(user: User) -> bool:
    """An organisation admin: imports and configures."""
    return user.is_active and user.is_admin


def is_lead(user: User, team: Team) -> bool:
    """Leads the team today."""
    return Membership.objects.current().leading().filter(user=user, team=team).exists()


def is_manager(user: User, team: Team) -> bool:
    """Is a community manager of the team today."""
    return Membership.objects.current().managing().filter(user=user, team=team).exists()


def may_see_members(user: User, team: Team) -> bool:
    """The list of a team's members and open invitations: its leads, and organisation admins."""
    return is_admin(user) or is_lead(user, team)


def login_required(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """As Django's; but a form goes through the sign-in with what was typed, and nobody comes back to where it was sent."""
    page = decorators.login_required(view)

    @wraps(page)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return unsent.sign_in_first(request)
        return page(request, *args, **kwargs)

    return guarded


def _page(test: Callable[[Any], bool]) -> Callable[[View], View]:
    def decorator(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not test(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorator


admin_page = _page(lambda request: is_admin(request.user))
"""For organisation admins only; others get a 403 that says who can help."""

team_page = _page(lambda request: request.team is not None)
"""For people who belong to a team (or admins, once there is one)."""

lead_page = _page(lambda request: request.membership is not None and request.membership.is_lead)
"""For leads of the team they look at."""

lead_or_admin_page = _page(
    lambda request: is_admin(request.user) or (request.membership is not None and request.membership.is_lead)
)
"""For leads of the team they look at, and organisation admins."""

settings_page = _page(
    lambda request: is_admin(request.user) or any(membership.is_lead for membership in request.memberships)
)
"""For organisation admins, and leads of any team: what each sees there differs."""

manager_page = _page(lambda request: request.membership is not None and request.membership.is_manager)
"""For community managers of the team they look at."""
