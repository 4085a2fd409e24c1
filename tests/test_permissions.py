"""Who gets what: each address times each role, as `tests.permission_matrix` has it.

An address that has no line there fails the test: decide who may, then write it down.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.middleware import SESSION_KEY
from accounts.models import Team
from tests import permission_world
from tests.permission_matrix import GET_TOO, MATRIX, OPEN, OPEN_ELSE, OPEN_METHODS, ROLES

pytestmark = pytest.mark.django_db


def routes(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)


def admin_addresses() -> set[str]:
    """All addresses under /admin/, with 1 for whatever they ask."""
    found = set()
    for pattern, names in get_resolver().namespace_dict["admin"][1].reverse_dict.lists():
        if not callable(pattern):
            for possibilities, *_ in names:
                for template, wanted in possibilities:
                    found.add("/admin/" + template % dict.fromkeys(wanted, "1"))
    return found


@pytest.fixture
def world():
    """The people by role, and the things by name."""
    return permission_world.build()


ANSWERS = {200: "o", 204: "o", 302: "o", 400: "o", 410: "o", 422: "o", 403: "f", 404: "n"}


def look_at(client, role):
    """An admin has no team of their own: the one with the things is chosen, as by the switch."""
    if role == "admin":
        session = client.session
        session[SESSION_KEY] = Team.objects.get(slug="radio-bocage").pk
        session.save()


def ask(world, role, method, name, arguments):
    """What happens: one of o, f, n, `s` (sent to sign in), else the status. Whatever was changed is put back."""
    roles, things = world
    client = Client()
    address = reverse(name, kwargs={key: things.get(of, of) for key, of in arguments.items()})
    with transaction.atomic():
        if roles[role]:
            client.force_login(roles[role])
            look_at(client, role)
        response = getattr(client, method.lower())(address)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.url.startswith("/auth/login/"):
        return "s"
    return ANSWERS.get(response.status_code, str(response.status_code))


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_as_decided(world, role):
    expected = {name: letters[ROLES.index(role)] for name, (_, letters, _) in MATRIX.items()}
    seen = {name: ask(world, role, method, name, things) for name, (method, _, things) in MATRIX.items()}
    wrong = [f"{name}: {seen[name]}, not {expected[name]}" for name in seen if seen[name] != expected[name]]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["anonymous", "deactivated"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in(world, role):
    seen = {name: ask(world, role, method, name, things) for name, (method, _, things) in MATRIX.items()}
    assert {name: answer for name, answer in seen.items() if answer != "s"} == {}


@pytest.mark.parametrize("role", [*ROLES, "anonymous", "deactivated"])
def test_what_is_open_answers_everybody(world, role):
    seen = {
        name: ask(world, role, OPEN_METHODS.get(name, "GET"), name, things) for name, things in OPEN.items()
    }
    assert {name: answer for name, answer in seen.items() if answer not in ("o", OPEN_ELSE.get(name))} == {}


def test_what_changes_something_is_never_a_get(world):
    """A link, a picture or a crawler must not act."""
    posted = {name: things for name, (method, _, things) in MATRIX.items() if method == "POST"}
    seen = {name: ask(world, "manager", "GET", name, things) for name, things in posted.items()}
    assert {
        name: answer for name, answer in seen.items() if answer not in ("405", "f", *GET_TOO.get(name, ""))
    } == {}


def test_every_address_has_a_line():
    """A new address fails here until it is decided who may open it."""
    known = set(MATRIX) | set(OPEN)
    here = {name for name in routes() if not name.startswith("admin:")}
    assert (here - known, known - here) == (set(), set())


@pytest.mark.parametrize("role", [*ROLES, "anonymous", "deactivated"])
def test_djangos_admin_is_for_staff(world, role):
    """Every address of it; an organisation admin is not staff by that alone."""
    roles, _ = world
    closed = {}
    for address in admin_addresses():
        client = Client()
        with transaction.atomic():
            if roles[role]:
                client.force_login(roles[role])
            response = client.get(address, follow=True)
            transaction.set_rollback(True)
        sent_to = response.redirect_chain[-1][0] if response.redirect_chain else ""
        closed[address] = response.status_code in (403, 405) or sent_to.startswith("/auth/login/")
    assert closed and {address for address, is_closed in closed.items() if not is_closed} == set()


def test_djangos_admin_opens_for_staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root@example.org", None, name="Root"))
    assert client.get("/admin/accounts/user/").status_code == 200
