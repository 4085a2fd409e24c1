"""A schedule through the pages: file, check, done; each question asked on the way."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation import clock
from outreach.models import Post, ScheduleUpload, Status
from tests.cast import make_lead, make_member, make_outsider, make_team
from tests.samples import sample

pytestmark = pytest.mark.django_db
IMPORT = reverse("outreach:post_import")


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team, client):
    lea = make_member(team)
    client.force_login(lea)
    return lea


def check(pk):
    return reverse("outreach:post_import_check", args=[pk])


def send(client, lea, name="made_publer.csv", content=None, **fields):
    content = sample(f"social/{name}").read_bytes() if content is None else content
    data = {"file": SimpleUploadedFile(name, content), "author": str(lea.pk), **fields}
    return client.post(IMPORT, data)


def upload(client, lea, *args, **kwargs):
    response = send(client, lea, *args, **kwargs)
    assert response.status_code == 302, response.content.decode()
    return ScheduleUpload.objects.latest("pk")


def do(client, upload, **data):
    return client.post(reverse("outreach:post_import_apply", args=[upload.pk]), data, follow=True)


def test_file_check_import(client, lea):
    assert client.get(IMPORT).status_code == 200
    kept = upload(client, lea)
    page = client.get(check(kept.pk))
    assert page.status_code == 200
    assert "28" in page.content.decode()
    assert not Post.objects.exists()
    done = do(client, kept)
    assert done.redirect_chain[-1][0] == reverse("posts")
    assert Post.objects.filter(manager=lea).count() == 28


def test_a_second_click_imports_nothing_more(client, lea):
    kept = upload(client, lea)
    do(client, kept)
    Post.objects.all().delete()
    assert do(client, kept).status_code == 200
    assert not Post.objects.exists()
    page = client.get(check(kept.pk))
    assert page.status_code == 200 and "outcome" not in page.context
    columns = reverse("outreach:post_import_columns", args=[kept.pk])
    assert client.post(columns, {"text": "0", "when": "1"}).url == check(kept.pk)


def test_the_order_of_the_dates_is_asked_for(client, lea):
    kept = upload(client, lea, "made_hootsuite_ambiguous.csv")
    assert 'name="order"' in client.get(check(kept.pk)).content.decode()
    do(client, kept)
    assert not Post.objects.exists()  # nothing without an answer
    client.post(reverse("outreach:post_import_order", args=[kept.pk]), {"order": "mdy"})
    do(client, kept)
    assert Post.objects.order_by("publish_at").first().publish_at.month == 11


def test_an_unknown_file_is_read_by_its_columns(client, lea):
    kept = upload(client, lea, "x.csv", b"Quoi;Quand;Vers\nBonjour;2030-11-02 09:00;insta\n")
    assert 'name="when"' in client.get(check(kept.pk)).content.decode()
    columns = reverse("outreach:post_import_columns", args=[kept.pk])
    assert client.post(columns, {"text": "0"}).status_code == 422
    client.post(columns, {"text": "0", "when": "1", "channels": "2"})
    do(client, kept)
    post = Post.objects.get()
    assert (post.text, [channel.name for channel in post.channels.all()]) == ("Bonjour", ["Instagram"])


def test_whose_and_where_can_be_said_anew(client, lea):
    kept = upload(client, lea)
    client.post(
        reverse("outreach:post_import_whose", args=[kept.pk]), {"author": "team", "channel": "Mastodon"}
    )
    do(client, kept)
    assert Post.objects.filter(manager=None, channels__name="Mastodon").count() == 28


def test_what_is_gone_is_shown_and_cancelled_when_ticked(client, lea):
    later = clock.now() + timedelta(days=30)
    first = f"Date;Texte\n{later:%Y-%m-%d} 09:00;Un\n{later:%Y-%m-%d} 10:00;Deux\n".encode()
    do(client, upload(client, lea, "un.csv", first))
    second = first.rsplit(b"\n", 2)[0] + b"\n"
    kept = upload(client, lea, "deux.csv", second)
    assert "Deux" in client.get(check(kept.pk)).content.decode()
    do(client, kept, cancel_missing="yes")
    assert Post.objects.get(text="Deux").status == Status.CANCELLED


def test_an_import_is_undone_from_the_status_line(client, lea):
    kept = upload(client, lea)
    do(client, kept)
    kept.refresh_from_db()
    client.post(reverse("outreach:post_import_undo", args=[kept.operation.pk]))
    assert not Post.objects.filter(binned_at__isnull=True).exists()
    assert client.post(reverse("outreach:post_import_undo", args=[kept.operation.pk])).status_code == 404


@pytest.mark.parametrize("name", ["xlsx/attack_billion_laughs.xlsx", "contacts/issue64.vcf"])
def test_what_cannot_be_read_is_said_beside_the_field(client, lea, name):
    response = send(client, lea, "x.xlsx", sample(name).read_bytes())
    assert response.status_code == 422
    assert not ScheduleUpload.objects.exists()


def test_nothing_chosen_is_said(client, lea):
    assert client.post(IMPORT, {"author": str(lea.pk)}).status_code == 422


def test_a_manager_cannot_write_in_the_name_of_another(client, lea, team):
    noe = make_member(team, "Noé")
    assert send(client, noe).status_code == 422
    client.force_login(make_lead(team))
    assert send(client, noe).status_code == 302


def test_an_upload_is_nobody_elses(client, lea, team):
    kept = upload(client, lea)
    for other in (make_member(team, "Noé"), make_lead(team), make_outsider()):
        client.force_login(other)
        assert client.get(check(kept.pk)).status_code == 404
        assert client.post(reverse("outreach:post_import_apply", args=[kept.pk])).status_code == 404
    client.logout()
    for address in (IMPORT, check(kept.pk)):
        assert reverse("account_login") in client.get(address).url


def test_queries_of_the_check_do_not_grow_with_rows(client, lea, django_assert_num_queries):
    def kept(count):
        rows = "".join(f"2030-11-{day:02d} 09:00;Texte {count};X\n" for day in range(1, count + 1))
        return upload(client, lea, "x.csv", f"Date;Texte;Canal\n{rows}".encode())

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(upload):
        with CaptureQueriesContext(connection) as queries:
            client.get(check(upload.pk))
        return len(queries)

    few, many = kept(2), kept(20)
    assert cost(few) == cost(many)
