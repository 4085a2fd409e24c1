"""Figures by hand and by file, and what may be said of a week."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import changes
from outreach.launches import visits
from outreach.launches.analytics.base import Figure
from outreach.models import Origin, Told, Visitors
from tests.cast import NOW, make_member, make_team
from tests.outreach.launches.cast import make_launch, make_visitors

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)


@pytest.fixture
def lea(client):
    user = make_member(make_team(), language="en")
    client.force_login(user)
    return user


@pytest.fixture
def launch(lea):
    return make_launch(lea.memberships.get().team, by=lea, day=DAY)


def post(client, launch, name, data, *more):
    return client.post(reverse(f"outreach:{name}", args=[launch.pk, *more]), data, follow=True)


def after(client, launch):
    return client.get(reverse("outreach:launch_after", args=[launch.pk])).content.decode()


def test_days_are_never_added_up_into_a_week(client, launch):
    for n in range(7):
        make_visitors(launch, DAY + timedelta(days=n), 1000)
    assert visits.of_launch(launch).week is None
    text = after(client, launch)
    assert "7,000" not in text
    assert "Not known yet" in text


@pytest.mark.parametrize(
    ("stretches", "count", "is_exact"),
    [
        ([], None, None),
        ([(DAY, DAY, 900)], None, None),
        ([(DAY, DAY + timedelta(days=6), 6240)], 6240, True),
        ([(date(2026, 11, 9), date(2026, 11, 15), 2800)], 2800, False),
        ([(DAY, DAY + timedelta(days=6), 6240), (date(2026, 11, 9), date(2026, 11, 15), 2800)], 6240, True),
        ([(DAY, DAY + timedelta(days=5), 6000)], None, None),
        ([(date(2026, 11, 16), date(2026, 11, 22), 2800)], None, None),
    ],
)
def test_the_week_is_the_seven_days_from_the_day_else_the_calendar_week(launch, stretches, count, is_exact):
    for first, last, n in stretches:
        make_visitors(launch, first, n, last)
    week = visits.of_launch(launch).week
    assert (week and week.count, week and week.is_exact) == (count, is_exact)


def test_missing_days_are_gaps_and_a_typed_zero_is_none(launch):
    make_visitors(launch, DAY, 900)
    make_visitors(launch, DAY + timedelta(days=2), 0)
    assert visits.of_launch(launch).missing(DAY + timedelta(days=4)) == [
        DAY + timedelta(days=1),
        DAY + timedelta(days=3),
    ]
    assert visits.of_launch(launch).missing(DAY) == []


def test_the_weeks_figure_is_typed_changed_and_taken_back(client, launch, lea):
    post(client, launch, "visitors_week", {"week": "6240"})
    text = after(client, launch)
    assert "6,240" in text
    assert "goal 6,000" in text
    assert "Counted as one week" in text
    post(client, launch, "visitors_week", {"week": "6300"})
    assert visits.of_launch(launch).week.count == 6300
    operation = Visitors.objects.get()
    changes.undo(changes.Operation.objects.latest("pk"), by=lea, now=timezone.now())
    operation.refresh_from_db()
    assert operation.count == 6240


@pytest.mark.parametrize(("name", "data"), [("visitors_week", {"week": "-1"}), ("visitors_day", {"on": "soon", "count": "3"}), ("visitors_file", {})])  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(client, launch, name, data):
    response = client.post(reverse(f"outreach:{name}", args=[launch.pk]), data)
    assert response.status_code == 422
    assert not Visitors.objects.exists()


def test_a_file_is_taken_over_and_undo_takes_it_back(client, launch, lea):
    make_visitors(launch, DAY, 901)
    content = "date,visitors\n2026-11-12,1412\n2026-11-13,980\n2026-11-14,x\n2020-01-01,5\n".encode("utf-16")
    response = post(client, launch, "visitors_file", {"file": SimpleUploadedFile("m.csv", content)})
    assert "1 figure written down. 1 row held no number." in response.content.decode()
    assert {one.first_day.day: one.count for one in visits.of_launch(launch).figures} == {12: 901, 13: 980}
    changes.undo(changes.Operation.objects.latest("pk"), by=lea, now=timezone.now())
    assert {one.first_day.day: one.count for one in visits.of_launch(launch).figures} == {12: 901}


def test_the_same_file_again_changes_nothing(client, launch):
    sent = b"date,visitors\n2026-11-12,1412\n2026-11-13,980\n"
    post(client, launch, "visitors_file", {"file": SimpleUploadedFile("p.csv", sent)})
    again = post(client, launch, "visitors_file", {"file": SimpleUploadedFile("p.csv", sent)})
    assert "Nothing new" in again.content.decode()


def test_a_file_that_is_no_table_is_refused_with_a_sentence(client, launch):
    sent = SimpleUploadedFile("x.csv", b"<!doctype html><title>Sign in</title>")
    response = client.post(reverse("outreach:visitors_file", args=[launch.pk]), {"file": sent})
    assert response.status_code == 422
    assert "web page" in response.content.decode()


def test_a_removed_figure_is_a_gap_and_may_be_written_anew(client, launch, lea):
    row = make_visitors(launch, DAY, 900)
    post(client, launch, "visitors_remove", {}, row.pk)
    assert visits.of_launch(launch).figures == []
    n, _ = visits.write(launch, [Figure(DAY, DAY, 950)], origin=Origin.FILE, by=lea, now=NOW)
    assert n == 1
    assert [one.count for one in visits.of_launch(launch).figures] == [950]


def test_who_told_them_is_tallied_tap_by_tap(client, launch):
    for words in ("La Cale", "la cale ", "Radio Estuaire"):
        post(client, launch, "told_add", {"words": words})
    post(client, launch, "told_add", {"words": "  "})
    assert [(one.words, one.count) for one in Told.objects.all()] == [("La Cale", 2), ("Radio Estuaire", 1)]
    radio = Told.objects.get(count=1)
    post(client, launch, "told_less", {}, radio.pk)
    assert [one.count for one in Told.objects.all()] == [2]
    assert "La Cale" in after(client, launch)
