"""A mail server that is down, while somebody waits for a link."""

import pytest
from django.core.cache import cache

from tests.cast import PASSWORD, make_member, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dead_server(settings):
    """Nobody listens there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2


@pytest.fixture
def lea(client):
    from allauth.account.models import EmailAddress

    person = make_member(make_team(), email="lea@example.org", language="en")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.parametrize("email", ["lea@example.org", "nobody@example.org"])
def test_a_new_password_says_so_plainly_keeps_the_address_and_tells_nobody_who_is_known(lea, client, email):
    answer = client.post("/auth/password/reset/", {"email": email}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "mail server does not answer" in page
    assert f'value="{email}"' in page


def test_another_address_stays_in_the_form_and_its_link_can_be_sent_again(lea, client):
    client.post("/auth/login/", {"login": lea.email, "password": PASSWORD})
    client.post("/auth/email/", {"email": "new@example.org", "action_add": "1"})
    client.post("/auth/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/auth/email/", {"email": "new@example.org", "action_add": "1"})
    assert answer.status_code == 503
    assert "mail server does not answer" in answer.content.decode()
    assert 'value="new@example.org"' in answer.content.decode()
    cache.clear()  # three minutes later: allauth sends one link in that time
    again = client.post("/auth/email/", {"email": "new@example.org", "action_send": "1"}, follow=True)
    assert "mail server does not answer" in again.content.decode()


def test_a_password_that_was_changed_is_changed_whether_or_not_the_notice_leaves(lea, client):
    client.post("/auth/login/", {"login": lea.email, "password": PASSWORD})
    new = "une autre longue phrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/auth/password/change/", form).status_code == 302
    lea.refresh_from_db()
    assert lea.check_password(new)
