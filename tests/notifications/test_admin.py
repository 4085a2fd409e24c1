import pytest

from notifications import outbox
from notifications.models import Address, Delivery
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(client):
    client.force_login(make_user(is_staff=True, is_superuser=True, is_admin=True))
    return client


def test_support_sees_envelopes_and_changes_none(support, registered):
    registered("probe")
    outbox.notify(make_user(country="FR"), "probe", key="k", now=NOW)
    pk = Delivery.objects.get().pk
    assert support.get("/admin/notifications/delivery/").status_code == 200
    assert support.get(f"/admin/notifications/delivery/{pk}/change/").status_code == 200
    assert support.get("/admin/notifications/delivery/add/").status_code == 403
    assert support.post(f"/admin/notifications/delivery/{pk}/change/", {}).status_code == 403
    assert support.post(f"/admin/notifications/delivery/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_support_may_give_a_refused_address_another_try(support):
    pk = Address.objects.create(value="jo@example.org", refused_at=NOW).pk
    assert support.get("/admin/notifications/address/add/").status_code == 403
    assert support.post(f"/admin/notifications/address/{pk}/change/", {}).status_code == 403
    support.post(f"/admin/notifications/address/{pk}/delete/", {"post": "yes"})
    assert not Address.objects.exists()
