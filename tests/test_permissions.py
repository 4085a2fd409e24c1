"""Who gets what: each address times each role.

One line an address: its name, the method that is tried, what happens to the owner (Léa, a CM), her teammate, the
lead, the organisation admin and the outsider, and the things in its address. Letters: `o` it answers (also: the form is
refused for what was typed), `f` 403, `n` 404. Whoever is not signed in, or deactivated, is sent to sign in
everywhere except at OPEN. An address that has no line fails the test: decide who may, then write it down.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.middleware import SESSION_KEY
from accounts.models import Team
from tests import permission_world

pytestmark = pytest.mark.django_db

ROLES = ("manager", "teammate", "lead", "admin", "outsider")

# name: (method, what happens to each of ROLES, the address's arguments by the names of permission_world)
MATRIX: dict[str, tuple[str, str, dict[str, str]]] = {
    # several rooms
    "today": ("GET", "ooooo", {}),
    "log": ("GET", "ooofo", {}),
    "log_edit": ("GET", "offfn", {"pk": "touchpoint"}),
    "log_bin": ("POST", "offfn", {"pk": "touchpoint"}),
    "log_join": ("POST", "ooofn", {"pk": "touchpoint"}),
    "log_undo": ("POST", "onoon", {"pk": "undo_note"}),
    "contact": ("GET", "oooon", {"pk": "contact"}),
    "mailbox": ("GET", "fffnf", {}),  # 404 where mail does not go to a folder
    "calendar": ("GET", "ooooo", {}),
    "posts": ("GET", "ooooo", {}),
    "search": ("GET", "ooooo", {}),
    # accounts
    "accounts:switch_team": ("POST", "nnnnn", {}),
    "accounts:me": ("GET", "ooooo", {}),
    "accounts:undo": ("POST", "onoon", {"pk": "undo"}),
    "accounts:settings": ("GET", "ffoof", {}),
    "accounts:audit": ("GET", "fffof", {}),
    "accounts:invite_admin": ("GET", "fffof", {}),
    "accounts:invitation": ("GET", "ffoof", {"pk": "invitation"}),
    "accounts:withdraw_invitation": ("POST", "ffoof", {"pk": "invitation"}),
    "accounts:member_role": ("GET", "fffof", {"pk": "member"}),
    "accounts:member_leave": ("POST", "fffof", {"pk": "member"}),
    "accounts:people_list": ("GET", "fffof", {}),
    "accounts:deactivate": ("POST", "fffof", {"pk": "person"}),
    "accounts:reactivate": ("POST", "fffof", {"pk": "leaver"}),
    "accounts:make_admin": ("POST", "fffof", {"pk": "newcomer"}),
    "accounts:unmake_admin": ("POST", "fffof", {"pk": "second_admin"}),
    "accounts:team_new": ("GET", "fffof", {}),
    "accounts:team": ("GET", "ffoof", {"slug": "team"}),
    "accounts:team_edit": ("GET", "fffof", {"slug": "team"}),
    "accounts:invite": ("GET", "ffoof", {"slug": "team"}),
    # contacts
    "contacts:contact_list": ("GET", "ooooo", {}),
    "contacts:contact_new": ("GET", "ooooo", {}),
    "contacts:contact_quick": ("POST", "ooooo", {}),
    "contacts:suggest": ("GET", "ooooo", {}),
    "contacts:contact_edit": ("GET", "oooon", {"pk": "contact"}),
    "contacts:contact_bin": ("POST", "oooon", {"pk": "contact"}),
    "contacts:same_as": ("GET", "oooon", {"pk": "contact"}),
    "contacts:duplicate_list": ("GET", "ooooo", {}),
    "contacts:duplicate_look": ("POST", "ooooo", {}),
    "contacts:merge": ("GET", "oooon", {"one": "contact", "other": "double"}),
    "contacts:distinct_new": ("POST", "oooon", {"one": "contact", "other": "double"}),
    "contacts:distinct_undo": ("POST", "oooon", {"pk": "distinct"}),
    "contacts:merge_undo": ("POST", "onoon", {"pk": "undo_merge"}),
    "contacts:export": ("POST", "ooooo", {}),
    "contacts:addresses": ("POST", "ooooo", {}),
    "contacts:bulk_tag": ("POST", "ooooo", {}),
    "contacts:bulk_untag": ("POST", "ooooo", {}),
    "contacts:bulk_owner": ("POST", "ooooo", {}),
    "contacts:bulk_kind": ("POST", "ooooo", {}),
    "contacts:bulk_bin": ("POST", "ooooo", {}),
    "contacts:bulk_run": ("GET", "onnnn", {"pk": "many"}),
    "contacts:bulk_again": ("POST", "onnnn", {"pk": "many"}),
    "contacts:bulk_undo": ("POST", "onoon", {"pk": "undo_tagging"}),
    "contacts:filter_new": ("POST", "ooooo", {}),
    "contacts:filter_drop": ("POST", "onnnn", {"pk": "kept_filter"}),
    "contacts:bin": ("GET", "ooooo", {}),
    "contacts:bin_restore": ("POST", "ooooo", {}),
    "contacts:informing_list": ("GET", "ooooo", {}),
    "contacts:informed": ("POST", "ooooo", {}),
    "contacts:knows": ("POST", "oooon", {"pk": "contact"}),
    "contacts:retention_list": ("GET", "ffoof", {}),
    "contacts:retention_decide": ("POST", "ffoof", {}),
    "contacts:privacy_list": ("GET", "fffof", {}),
    "contacts:privacy_new": ("GET", "fffof", {}),
    "contacts:privacy_held": ("GET", "fffof", {}),
    "contacts:privacy_detail": ("GET", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_step": ("POST", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_about": ("POST", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_extend": ("POST", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_close": ("POST", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_download": ("POST", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_object": ("POST", "fffof", {"pk": "privacy_request"}),
    "contacts:privacy_erase": ("GET", "fffof", {"pk": "privacy_request"}),
    "contacts:affiliation_new": ("POST", "oooon", {"pk": "contact"}),
    "contacts:affiliation_end": ("POST", "oooon", {"pk": "affiliation"}),
    "contacts:promise_new": ("POST", "oooon", {"pk": "contact"}),
    "contacts:promise_done": ("POST", "onnnn", {"pk": "promise"}),
    "contacts:promise_later": ("POST", "onnnn", {"pk": "promise"}),
    "contacts:promise_drop": ("POST", "onnnn", {"pk": "promise"}),
    "contacts:imports": ("GET", "ffoof", {}),
    "contacts:import_new": ("GET", "ffoof", {}),
    "contacts:import_sample": ("GET", "ffoof", {}),
    "contacts:import": ("GET", "ffoof", {"pk": "list"}),
    "contacts:import_read": ("POST", "ffoof", {"pk": "list"}),
    "contacts:import_columns": ("POST", "ffoof", {"pk": "list"}),
    "contacts:import_check": ("POST", "ffoof", {"pk": "list"}),
    "contacts:import_save": ("POST", "ffoof", {"pk": "list"}),
    "contacts:import_again": ("POST", "ffoof", {"pk": "list"}),
    "contacts:import_discard": ("POST", "ffoof", {"pk": "list"}),
    "contacts:import_rejected": ("GET", "ffoof", {"pk": "came_in"}),
    "contacts:import_undo": ("POST", "ffoof", {"pk": "came_in"}),
    "contacts:see_later": ("POST", "oooon", {"pk": "contact"}),
    "contacts:see_not": ("POST", "oooon", {"pk": "contact"}),
    "contacts:see_again": ("POST", "oooon", {"pk": "contact"}),
    "contacts:rhythm": ("GET", "ffoof", {}),
    "contacts:rhythm_new": ("POST", "ffoof", {}),
    "contacts:rhythm_remove": ("POST", "ffoof", {"pk": "rhythm_rule"}),
    "contacts:kinds": ("GET", "ffoof", {}),
    "contacts:contact_kind_new": ("POST", "ffoof", {}),
    "contacts:contact_kind_archive": ("POST", "ffoof", {"pk": "contact_kind"}),
    "contacts:touchpoint_kind_new": ("POST", "ffoof", {}),
    "contacts:touchpoint_kind_archive": ("POST", "ffoof", {"pk": "touchpoint_kind"}),
    "contacts:kind_rule": ("POST", "ffoof", {"pk": "touchpoint_kind"}),
    # events
    "events:occurrence_new": ("GET", "ooofo", {}),
    "occurrence": ("GET", "oooon", {"pk": "plan"}),
    "events:invite": ("POST", "ofoon", {"pk": "plan"}),
    "events:uninvite": ("POST", "ofoon", {"pk": "plan", "attendance_pk": "guest"}),
    "events:also_came": ("POST", "offfn", {"pk": "past"}),
    "events:series_list": ("GET", "ooooo", {}),
    "events:series_new": ("GET", "ooofo", {}),
    "events:series_detail": ("GET", "oooon", {"pk": "series"}),
    "events:series_edit": ("GET", "ofoon", {"pk": "series"}),
    "events:series_end": ("POST", "ofoon", {"pk": "series"}),
    "events:series_resume": ("POST", "ofoon", {"pk": "ended"}),
    "events:series_undo": ("POST", "onoon", {"pk": "edition"}),
    "events:occurrence_edit": ("GET", "ofoon", {"pk": "plan"}),
    "events:occurrence_cancel": ("POST", "ofoon", {"pk": "plan"}),
    "events:occurrence_restore": ("POST", "ofoon", {"pk": "cancelled"}),
    "events:occurrence_move": ("POST", "ofoon", {"pk": "plan"}),
    "events:reply": ("POST", "ofoon", {"pk": "plan", "attendance_pk": "guest"}),
    "events:took_place": ("POST", "offfn", {"pk": "past"}),
    "events:nobody_came": ("POST", "offfn", {"pk": "past"}),
    "events:did_not_take_place": ("POST", "offfn", {"pk": "past"}),
    "events:ask_later": ("POST", "offfn", {"pk": "past"}),
    "events:reopen": ("POST", "offfn", {"pk": "answered"}),
    "events:undo_answer": ("POST", "onoon", {"pk": "undo_answer"}),
    "events:occurrence_ics": ("GET", "oooon", {"pk": "plan"}),
    "events:series_ics": ("GET", "oooon", {"pk": "series"}),
    "events:calendar_import": ("GET", "ooooo", {}),
    "events:calendar_import_undo": ("POST", "onoon", {"pk": "undo_calendar"}),
    "events:source_list": ("GET", "ooooo", {}),
    "events:source_new": ("GET", "ooooo", {}),
    "events:source_refresh": ("POST", "ofoon", {"pk": "source"}),
    "events:source_end": ("POST", "ofoon", {"pk": "source"}),
    "events:feed_list": ("GET", "ooooo", {}),
    "events:feed_make": ("POST", "ooooo", {}),
    "events:feed_names": ("POST", "onnnn", {"pk": "feed"}),
    "events:feed_revoke": ("POST", "onnnn", {"pk": "feed"}),
    # outreach
    "outreach:post_new": ("GET", "ooooo", {}),
    "outreach:post_edit": ("GET", "ofoon", {"pk": "post"}),
    "outreach:post_cancel": ("POST", "ofoon", {"pk": "post"}),
    "outreach:post_restore": ("POST", "ofoon", {"pk": "gone"}),
    "outreach:post_move": ("POST", "ofoon", {"pk": "post"}),
    "outreach:posts_move": ("POST", "ooooo", {}),
    "outreach:known_until": ("POST", "ooooo", {}),
    "outreach:post_import": ("GET", "ooooo", {}),
    "outreach:post_import_check": ("GET", "nnnon", {"pk": "upload"}),
    "outreach:post_import_whose": ("POST", "nnnon", {"pk": "upload"}),
    "outreach:post_import_order": ("POST", "nnnon", {"pk": "upload"}),
    "outreach:post_import_columns": ("POST", "nnnon", {"pk": "upload"}),
    "outreach:post_import_apply": ("POST", "nnnon", {"pk": "upload"}),
    "outreach:post_import_undo": ("POST", "onoon", {"pk": "undo_import"}),
    "outreach:launch_list": ("GET", "ooooo", {}),
    "outreach:launch_new": ("GET", "ooooo", {}),
    "outreach:launch": ("GET", "oooon", {"pk": "launch"}),
    "outreach:launch_edit": ("GET", "oooon", {"pk": "launch"}),
    "outreach:launch_bin": ("POST", "oooon", {"pk": "launch"}),
    "outreach:launch_choose": ("GET", "oooon", {"pk": "launch"}),
    "outreach:launch_plan": ("GET", "oooon", {"pk": "launch"}),
    "outreach:launch_relays": ("GET", "oooon", {"pk": "launch"}),
    "outreach:relay_sheets": ("GET", "oooon", {"pk": "launch"}),
    "outreach:relay_sheet": ("GET", "oooon", {"pk": "launch", "relay_pk": "relay"}),
    "outreach:launch_after": ("GET", "oooon", {"pk": "launch"}),
    "outreach:visitors_week": ("POST", "oooon", {"pk": "launch"}),
    "outreach:visitors_day": ("POST", "oooon", {"pk": "launch"}),
    "outreach:visitors_file": ("POST", "oooon", {"pk": "launch"}),
    "outreach:visitors_remove": ("POST", "oooon", {"pk": "launch", "visitors_pk": "visitors"}),
    "outreach:told_add": ("POST", "oooon", {"pk": "launch"}),
    "outreach:told_less": ("POST", "oooon", {"pk": "launch", "told_pk": "told"}),
    "outreach:analytics": ("GET", "oooon", {"pk": "launch"}),
    "outreach:analytics_fetch": ("POST", "oooon", {"pk": "launch"}),
    "outreach:analytics_remove": ("POST", "oooon", {"pk": "launch"}),
    "outreach:launch_picture": ("GET", "oooon", {"pk": "launch"}),
    "outreach:picture_csv": ("GET", "oooon", {"pk": "launch"}),
    "outreach:approach_say": ("POST", "oooon", {"pk": "launch", "approach_pk": "approach"}),
    "outreach:approach_leave_out": ("POST", "oooon", {"pk": "launch", "approach_pk": "approach"}),
    # ratio
    "ratio:presence": ("GET", "ooooo", {}),
    "ratio:how": ("GET", "ooooo", {}),
    "ratio:acknowledge": ("POST", "ooffo", {}),
    "ratio:snooze": ("POST", "ooffo", {}),
    "ratio:leave_new": ("POST", "ooffo", {}),
    "ratio:leave_remove": ("POST", "onffn", {"pk": "leave"}),
    "ratio:take_out_meeting": ("GET", "onffn", {"pk": "touchpoint"}),
    "ratio:take_out_post": ("GET", "onffn", {"pk": "out"}),
    "ratio:put_back": ("POST", "onffn", {"pk": "exclusion"}),
    "ratio:counted": ("GET", "ooffo", {}),
    "ratio:year": ("GET", "ooffo", {}),
    "ratio:year_csv": ("GET", "ooffo", {}),
    "ratio:seen": ("GET", "ooffo", {}),
    "ratio:measured": ("GET", "ooooo", {}),
    "ratio:context_new": ("POST", "ooffo", {}),
    "ratio:context_remove": ("POST", "onffn", {"pk": "context"}),
    "ratio:contest_meeting": ("GET", "onffn", {"pk": "touchpoint"}),
    "ratio:contest_post": ("GET", "onffn", {"pk": "out"}),
    "ratio:contest_withdraw": ("POST", "onffn", {"pk": "contest"}),
    "ratio:offer_accept": ("POST", "onffn", {"pk": "offer"}),
    "ratio:offer_decline": ("POST", "onffn", {"pk": "offer"}),
    "ratio:offer_take_back": ("POST", "onffn", {"pk": "undo_offer"}),
    "ratio:team_presence": ("GET", "ffoon", {"slug": "team"}),
    "ratio:team_csv": ("GET", "ffofn", {"slug": "team"}),
    "ratio:team_xlsx": ("GET", "ffofn", {"slug": "team"}),
    "ratio:report": ("GET", "ffoon", {"slug": "team"}),
    "ratio:member_presence": ("GET", "ffofn", {"slug": "team", "pk": "person"}),
    "ratio:help": ("GET", "ffofn", {"slug": "team", "pk": "person"}),
    "ratio:help_meeting": ("POST", "ffofn", {"slug": "team", "pk": "person"}),
    "ratio:help_posts": ("POST", "ffofn", {"slug": "team", "pk": "person"}),
    "ratio:member_take_out_meeting": (
        "GET",
        "ffofn",
        {"slug": "team", "pk": "person", "thing_pk": "touchpoint"},
    ),
    "ratio:member_take_out_post": ("GET", "ffofn", {"slug": "team", "pk": "person", "thing_pk": "out"}),
    "ratio:member_put_back": (
        "POST",
        "ffofn",
        {"slug": "team", "pk": "person", "exclusion_pk": "exclusion"},
    ),
    "ratio:policy": ("GET", "ffoof", {}),
    "ratio:target_new": ("GET", "ffoof", {}),
    "ratio:target_remove": ("POST", "ffoof", {"pk": "target"}),
    "ratio:individual_view": ("GET", "fffof", {}),
    "ratio:individual_view_off": ("POST", "fffof", {}),
    # notifications
    "notifications:notification_list": ("GET", "ooooo", {}),
    "notifications:preferences": ("GET", "ooooo", {}),
    "notifications:trial_mail": ("POST", "ooooo", {}),
    "notifications:delivery": ("GET", "fffof", {}),
    "notifications:delivery_again": ("POST", "fffof", {"pk": "envelope"}),
    "notifications:delivery_drop": ("POST", "fffof", {"pk": "envelope"}),
    "notifications:address_again": ("POST", "fffof", {"pk": "refused"}),
    "notifications:follow": ("GET", "onnnn", {"pk": "notification"}),
    "notifications:done": ("POST", "onnnn", {"pk": "notification"}),
    "notifications:later": ("POST", "onnnn", {"pk": "notification"}),
    "notifications:reopen": ("POST", "onnnn", {"pk": "notification"}),
    # django-allauth, for people who are signed in
    "account_reauthenticate": ("GET", "ooooo", {}),
    "account_email": ("GET", "ooooo", {}),
    "account_change_password": ("GET", "ooooo", {}),
    "account_set_password": ("GET", "ooooo", {}),
}
"""For people who are signed in."""

OPEN: dict[str, dict[str, str]] = {
    "events:feed": {"token": "feed_token"},
    "notifications:unsubscribe": {"token": "token"},  # signed by somebody else: 404
    "accounts:welcome": {},  # sends everybody to the sign-in once there is somebody
    "accounts:join": {"token": "token"},
    "account_login": {},
    "account_logout": {},
    "account_inactive": {},
    "account_signup": {},
    "account_confirm_email": {"key": "unknown"},
    "account_email_verification_sent": {},
    "account_confirm_login_code": {},
    "account_reset_password": {},
    "account_reset_password_done": {},
    "account_reset_password_from_key": {"uidb36": "unknown", "key": "unknown"},
    "account_reset_password_from_key_done": {},
    "set_language": {},
    "outreach:relay": {"code": "code"},
    "live": {},
    "ready": {},
    "deep": {},  # without its token: 404
}
"""For everybody, signed in or not: they never answer with a 403."""

OPEN_METHODS = {"set_language": "POST"}
OPEN_ELSE = {
    "deep": "n",
    "notifications:unsubscribe": "n",
    "accounts:welcome": "s",
    "account_confirm_login_code": "s",
    "account_logout": "s",
}
# Forms that have a page of their own besides the POST that is tried above.
GET_TOO: dict[str, str] = {"accounts:deactivate": "o", "ratio:leave_new": "o", "ratio:context_new": "o"}


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
