"""The pages of a series: a rule in plain words, this date, this and the following, all."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.middleware import SESSION_KEY
from accounts.models import Membership, Operation, Role
from events import attendance, planning
from events.models import Attendance, Occurrence, Series
from tests.cast import (
    NOW,
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_outsider,
    make_team,
    touchpoint_kind,
)
from tests.events.cast import address, make_occurrence, make_series, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def sent(lea, **fields):
    """The form of a monthly apéro as a browser sends it."""
    return {
        "client_id": uuid.uuid4(),
        "kind": touchpoint_kind("apero").pk,
        "repeat": "weekday_of",
        "weeks": "1",
        "days": ["TH"],
        "which": "-1",
        "weekday": "TH",
        "months": "1",
        "month_day": "15",
        "day_months": "1",
        "at": "18:30",
        "minutes": "120",
        "starts_on": "2026-11-24",
        "ends": "never",
        "place": "Le Bocal",
        "host": [lea.pk],
        **fields,
    }


def test_the_list_invites_to_begin_and_then_shows_rule_and_next_date(client, lea, team):
    html = client.get(address("series_list")).content.decode()
    assert "Which one suits you?" in html
    assert f"{address('series_new')}?format=apero" in html
    make_series(team, lea, ("FREQ=MONTHLY;BYDAY=-1TH",), title="Apéro du jeudi")
    make_series(
        team,
        lea,
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=1",),
        starts_on=date(2026, 11, 23),
        now=NOW - timedelta(days=2),
    )
    html = client.get(address("series_list")).content.decode()
    assert "Last Thursday of each month at 18:30" in html
    assert "Thursday 26\u00a0November, 18:30" in html
    assert "No next date" in html


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("apero", "Last Thursday of each month at 18:30"),
        ("interview", "Every 2 weeks on Tuesday at 14:00"),
        ("product_test", "First Wednesday of each month at 16:30"),
        ("coffee", "Every 2 weeks on Monday at 09:30"),
        ("", "Last Thursday of each month at 18:30"),
        ("nonsense", "Last Thursday of each month at 18:30"),
    ],
)
def test_a_template_is_filled_in_and_says_its_next_dates(client, lea, code, words):
    page = client.get(address("series_new"), {"format": code})
    assert words in page.content.decode()
    assert len(page.context["preview"]["dates"]) == 4


def test_a_template_sent_as_it_is_makes_the_series(client, lea):
    page = client.get(address("series_new"), {"format": "apero"})
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    answer = client.post(
        address("series_new"), {name: value for name, value in values.items() if value is not None}
    )
    assert answer.url == reverse("calendar")
    series = Series.objects.get()
    assert series.rules == ["FREQ=MONTHLY;BYDAY=-1TH"]
    assert list(series.hosts.all()) == [lea]
    assert said(client.get(answer.url)) == ["Planned: Apéro, last Thursday of each month at 18:30."]


def test_the_words_are_french_for_who_reads_french(client, team):
    client.force_login(make_member(team, "Noé Tessier"))
    html = client.get(address("series_new"), {"format": "apero"}).content.decode()
    assert "Le dernier jeudi du mois à 18\u00a0h\u00a030" in html


@pytest.mark.parametrize(
    ("fields", "words", "first"),
    [
        (
            {"repeat": "weekly", "weeks": "2", "days": ["TH", "MO"]},
            "Every 2 weeks on Monday and Thursday",
            "Thursday 26",
        ),
        ({"repeat": "day_of", "month_day": "15"}, "15th of each month", "Tuesday 15"),
        ({"which": "1", "weekday": "WD"}, "First working day of each month", "Tuesday 1"),
        (
            {"which": "1", "weekday": "WD", "months": "quarter"},
            "First working day of each quarter",
            "Friday 1",
        ),
        ({"ends": "after", "times": "3"}, "Last Thursday of each month at 18:30, 3 times", "Thursday 26"),
    ],
)
def test_the_dates_of_a_rule_are_shown_before_it_is_planned(client, lea, fields, words, first):
    answer = client.post(
        address("series_new"), sent(lea, preview="1", **fields), headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert html.strip().startswith('<div id="dates"')
    assert words in html
    assert first in html
    assert not Series.objects.exists()
    whole = client.post(address("series_new"), sent(lea, preview="1", **fields)).content.decode()
    assert words in whole
    assert "Le Bocal" in whole


def test_a_holiday_and_a_busy_host_are_said_and_not_enforced(client, lea, team):
    make_occurrence(team, lea, title="Concert", starts_at=NOW + timedelta(days=2, hours=9))
    fields = {"repeat": "weekly", "weeks": "4", "days": ["FR"], "starts_on": "2026-12-25"}
    html = client.post(address("series_new"), sent(lea, preview="1", **fields)).content.decode()
    assert "Public holiday: Christmas Day" in html
    html = client.post(address("series_new"), sent(lea, preview="1")).content.decode()
    assert "Léa: Concert at the same time" in html
    assert client.post(address("series_new"), sent(lea)).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"repeat": "weekly", "days": []}, "days"),
        ({"ends": "on"}, "until"),
        ({"ends": "on", "until": "2026-11-01"}, "until"),
        ({"ends": "after"}, "times"),
        ({"ends": "after", "times": "0"}, "times"),
        ({"repeat": "nonsense"}, "repeat"),
        ({"repeat": "kept"}, "repeat"),
        ({"repeat": "day_of", "month_day": "32"}, "month_day"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": "9999-01-01"}, "starts_on"),
        ({"at": "25:00"}, "at"),
        ({"kind": "0"}, "kind"),
        ({"minutes": "7"}, "minutes"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, lea, fields, field):
    page = client.post(address("series_new"), sent(lea, **fields))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "Le Bocal" in page.content.decode()
    assert not Series.objects.exists()


def test_sent_twice_it_is_planned_once_and_undone_whole(client, lea):
    data = sent(lea)
    client.post(address("series_new"), data)
    client.post(address("series_new"), data)
    assert Series.objects.count() == 1
    operation = Operation.objects.get(kind="events.series")
    answer = client.post(address("series_undo", operation.pk), follow=True)
    assert said(answer)[-1] == "Undone."
    assert not Occurrence.objects.visible_to(lea).exists()
    assert client.post(address("series_undo", operation.pk)).status_code == 404


def test_its_page_says_the_rule_the_next_dates_and_who_comes(client, lea, team):
    jo = make_contact(team)
    series = make_series(
        team, lea, now=NOW - timedelta(days=30), starts_on=date(2026, 11, 5), title="Apéro", tags=["Bar"]
    )
    past = list(series.occurrences.order_by("starts_at")[:3])
    for row in past:
        attendance.took_place(occurrence=row, contacts=[jo], by=lea, now=NOW)
    coming = series.occurrences.filter(starts_at__gt=NOW).order_by("starts_at")
    planning.cancel(occurrence=coming[0], by=lea, now=NOW)
    planning.move(occurrence=coming[1], days=1, by=lea, now=NOW)
    page = client.get(address("series_detail", series.pk))
    html = page.content.decode()
    assert "Every Thursday at 18:30" in html
    standing = [row for row, _remarks in page.context["dates"] if not row.cancelled_at]
    assert len(standing) == 3
    assert "<s>Thursday 26\u00a0November, 18:30</s>" in html
    assert "Moved" in html
    assert "Come each time" in html
    assert "1 guest came" in html
    assert [tag.name for tag in Occurrence.objects.get(pk=past[0].pk).touchpoint.tags.all()] == ["Bar"]


def test_all_dates_to_come_are_changed_from_the_edit_page(client, lea, team):
    series = make_series(
        team, lea, ("FREQ=WEEKLY;BYDAY=TH;COUNT=9",), title="Apéro", place="Le Bocal", tags=["Bar"]
    )
    page = client.get(address("series_edit", series.pk))
    form = page.context["form"]
    assert (form["repeat"].value(), form["times"].value(), form["tags"].value()) == ("weekly", 9, "Bar")
    data = sent(lea, repeat="weekly", days=["FR"], title="Apéro", place="La Cale", starts_on="2026-11-26")
    answer = client.post(address("series_edit", series.pk), data, follow=True)
    assert said(answer) == ["Changed: Apéro, every Friday at 18:30."]
    assert set(series.occurrences.filter(binned_at=None).values_list("place", flat=True)) == {"La Cale"}
    operation = Operation.objects.filter(kind="events.series").latest("pk")
    client.post(address("series_undo", operation.pk))
    series.refresh_from_db()
    assert series.rules == ["FREQ=WEEKLY;BYDAY=TH;COUNT=9"]
    assert [tag.name for tag in series.tags.all()] == ["Bar"]


def test_nothing_changed_changes_nothing(client, lea, team):
    series = make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH;COUNT=30",), title="Apéro", minutes=120)
    was = set(series.occurrences.values_list("pk", "starts_at", "original_start", "binned_at"))
    form = client.get(address("series_edit", series.pk)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    client.post(
        address("series_edit", series.pk),
        {name: value for name, value in values.items() if value is not None},
    )
    assert set(series.occurrences.values_list("pk", "starts_at", "original_start", "binned_at")) == was
    series.refresh_from_db()
    assert (series.title, series.rules) == ("Apéro", ["FREQ=WEEKLY;BYDAY=TH;COUNT=30"])


def test_this_and_the_following_from_the_page_of_a_date(client, lea, team):
    series = make_series(team, lea, title="Apéro")
    third = series.occurrences.order_by("starts_at")[2]
    edit = client.get(address("occurrence_edit", third.pk)).content.decode()
    following = f"{address('series_edit', series.pk)}?from={third.pk}"
    assert following in edit
    page = client.get(following)
    assert "From Thursday 10\u00a0December on" in page.content.decode()
    data = sent(
        lea, repeat="weekly", days=["TH"], starts_on="2026-12-10", title="Apéro d’hiver", **{"from": third.pk}
    )
    answer = client.post(address("series_edit", series.pk), data)
    assert answer.url == address("series_detail", series.pk)
    new = Series.objects.get(follows=series)
    third.refresh_from_db()
    assert (third.series, third.title) == (new, "Apéro d’hiver")
    assert "Afterwards" in client.get(answer.url).content.decode()
    assert "Before" in client.get(address("series_detail", new.pk)).content.decode()
    form = client.get(address("series_edit", series.pk)).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert str(values["until"]) == "2026-12-09"
    client.post(address("series_edit", series.pk), {**values, "title": "Apéro d’automne"})
    standing = Occurrence.objects.filter(series=series, binned_at=None)
    assert set(standing.values_list("title", flat=True)) == {"Apéro d’automne"}
    assert standing.count() == 2  # the rest are the other series’
    stranger = make_occurrence(team, lea)
    assert client.get(address("series_edit", series.pk), {"from": stranger.pk}).status_code == 404


def test_a_rule_from_a_calendar_is_kept_as_it_is(client, lea, team):
    series = make_series(
        team, lea, ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=21",), title="Fête de la musique", minutes=45
    )
    page = client.get(address("series_edit", series.pk))
    assert page.context["form"]["repeat"].value() == "kept"
    assert "As in its calendar" in page.content.decode()
    data = sent(lea, repeat="kept", minutes="45", title="Fête", starts_on="2027-06-21")
    client.post(address("series_edit", series.pk), data)
    series.refresh_from_db()
    assert (series.title, series.rules) == ("Fête", ["FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=21"])
    too_rare = make_series(team, lea, ("FREQ=WEEKLY;INTERVAL=9;BYDAY=TH",))
    assert client.get(address("series_edit", too_rare.pk)).context["form"]["repeat"].value() == "kept"


def test_ended_and_taken_up_again(client, lea, team):
    series = make_series(team, lea)
    answer = client.post(address("series_end", series.pk), follow=True)
    assert said(answer) == ["Ended: no more dates."]
    assert "It has ended: no more dates." in answer.content.decode()
    again = client.post(address("series_end", series.pk), follow=True)
    assert said(again)[-1] == "It was changed meanwhile. Here is how it stands."
    assert client.post(address("series_edit", series.pk), sent(lea), follow=True).status_code == 200
    answer = client.post(address("series_resume", series.pk), {"next": "/"})
    assert answer.url == "/"
    assert Occurrence.objects.filter(series=series).upcoming(NOW).exists()


def test_a_further_date_beside_the_rules(client, lea, team):
    series = make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH;COUNT=1",), title="Apéro", place="Le Bocal")
    page = client.get(address("occurrence_new"), {"series": series.pk})
    assert "A further date of Apéro." in page.content.decode()
    assert page.context["form"]["place"].value() == "Le Bocal"
    data = {
        "client_id": uuid.uuid4(),
        "kind": series.kind_id,
        "day": "2026-11-28",
        "at": "18:30",
        "minutes": "60",
        "title": "Apéro",
        "host": [lea.pk],
    }
    to_it = f"{address('occurrence_new')}?series={series.pk}"
    client.post(to_it, data)
    assert series.occurrences.count() == 2
    refused = client.post(to_it, {**data, "client_id": uuid.uuid4()})
    assert "It has a date then already" in refused.content.decode()
    assert series.occurrences.count() == 2


def test_a_further_date_has_the_people_of_the_series_team_whichever_team_one_looks_at(client, lea, team):
    other = make_team("Ailleurs")
    Membership.objects.create(user=lea, team=other, role=Role.LEAD, since=date(2026, 1, 1))
    stranger, jo = make_contact(team, "Karim Nuit"), make_contact(other, "Jo Brume")
    noe = make_member(other, "Noé Tessier")
    series = make_series(other, lea)
    session = client.session
    session[SESSION_KEY] = team.pk
    session.save()
    to_it = f"{address('occurrence_new')}?series={series.pk}"
    page = client.get(to_it)
    assert "Karim Nuit" not in page.content.decode() and page.context["chips"] == [jo]
    assert set(page.context["form"].fields["host"].queryset) == {lea, noe}
    assert "Plan a further date" in client.get(address("series_detail", series.pk)).content.decode()
    data = {
        "client_id": uuid.uuid4(),
        "kind": series.kind_id,
        "day": "2026-11-28",
        "at": "18:30",
        "minutes": "60",
        "host": [noe.pk],
        "contact": [stranger.pk],
    }
    assert client.post(to_it, data).context["form"].errors.keys() == {"contact"}
    client.post(to_it, {**data, "contact": [jo.pk]})
    assert Attendance.objects.get().contact == jo
    assert Attendance.objects.get().occurrence.team == other


def test_who_only_looks_at_the_team_of_a_series_adds_no_date_to_it(client, team):
    series, ada = make_series(team, make_member(team)), make_admin()
    Membership.objects.create(user=ada, team=make_team("Ailleurs"), role=Role.MANAGER, since=date(2026, 1, 1))
    client.force_login(ada)
    assert client.get(address("occurrence_new"), {"series": series.pk}).status_code == 403
    assert "Plan a further date" not in client.get(address("series_detail", series.pk)).content.decode()


def test_a_teammate_sees_it_the_lead_changes_it_an_outsider_does_not_find_it(client, team):
    series = make_series(team, make_member(team))
    client.force_login(make_member(team, "Noé Tessier"))
    assert client.get(address("series_detail", series.pk)).status_code == 200
    assert client.get(address("series_edit", series.pk)).status_code == 403
    assert client.post(address("series_end", series.pk)).status_code == 403
    assert client.get(address("occurrence_new"), {"series": series.pk}).status_code == 403
    client.force_login(make_lead(team))
    assert client.get(address("series_edit", series.pk)).status_code == 200
    client.force_login(make_outsider())
    assert client.get(address("series_detail", series.pk)).status_code == 404
    assert client.get(address("occurrence_new"), {"series": series.pk}).status_code == 404
    client.force_login(make_admin())
    assert client.get(address("series_new")).status_code == 403
    client.logout()
    assert client.get(address("series_detail", series.pk)).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["series_list", "series_detail", "occurrence"])
def test_queries_do_not_grow(client, lea, team, name):
    def read(series):
        path = {
            "series_list": address("series_list"),
            "series_detail": address("series_detail", series.pk),
            "occurrence": reverse(
                "occurrence", args=[series.occurrences.filter(starts_at__gt=NOW).first().pk]
            ),
        }[name]
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def full(weeks, guests):
        began = NOW - timedelta(weeks=weeks)
        series = make_series(team, lea, now=began, starts_on=began.date(), title=f"{weeks}")
        contacts = [make_contact(team, f"Jo {n}") for n in range(guests)]
        for row in series.occurrences.order_by("starts_at")[:weeks]:
            if row.starts_at < NOW:
                attendance.took_place(occurrence=row, contacts=contacts, by=lea, now=NOW)
            else:
                planning.invite(row, contacts)
        return series

    few = read(full(4, 2))
    assert read(full(11, 9)) <= few
