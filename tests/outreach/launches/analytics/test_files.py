"""Figures out of files as people export them: a stranger's, and ours after each public format."""

import codecs
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports.errors import ReadingError
from outreach.launches.analytics.base import Figure
from outreach.launches.analytics.files import read
from tests.samples import sample


def day(text, count):
    return Figure(date.fromisoformat(text), date.fromisoformat(text), count)


def utf16(text):
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


MATOMO_EN = "Date,Unique visitors,Visits,Bounce Rate\n2026-10-23,1412,1600,31%\n2026-10-24,980,1100,35%\n"
MATOMO_FR = "Date,Visiteurs uniques,Visites,Taux de rebond\n2026-10-23,1412,1600,31\u00a0%\n2026-10-24,980,1100,35\u00a0%\n"
MATOMO_DE = "Datum,Eindeutige Besucher,Besuche\n2026-10-23,1412,1600\n2026-10-24,980,1100\n"
MATOMO_RAW = "date,nb_uniq_visitors,nb_visits\n2026-10-23,1412,1600\n2026-10-24,980,1100\n"
TWO_DAYS = [day("2026-10-23", 1412), day("2026-10-24", 980)]
MATOMO_WEEKS = 'Date,Visiteurs uniques\n"2026-10-19,2026-10-25",3100\n"2026-10-26,2026-11-01",4200\n'
PLAUSIBLE = "date,visitors,pageviews,visits,views_per_visit,bounce_rate,visit_duration\r\n2026-10-23,1412,3000,1600,1.9,31,80\r\n2026-10-24,980,2000,1100,1.8,35,\r\n"
PLAUSIBLE_WEEKS = "date,visitors\n2026-10-19,3100\n2026-10-26,4200\n2026-11-02,1900\n"
PLAUSIBLE_MONTHS = "date,visitors\n2026-09-01,3100\n2026-10-01,4200\n2026-11-01,1900\n"
GA4_EXPLORATION = (
    "# ----------------------------------------\n# Exploration sans titre\n# Forme libre 1\n# 20261023-20261029\n"
    "# ----------------------------------------\n\nDate,Utilisateurs actifs\n,2392,Total général\n20261024,980\n20261023,1412\n"
)
GA4_SNAPSHOT = (
    "# ----------------------------------------\n# Reports snapshot\n# Account: Radio\n# Property: Radio\n"
    "# ----------------------------------------\n#\n# Start date: 20261023\n# End date: 20261029\n"
    "Nth day,Active users\n0000,1412\n0001,980\n\n# Start date: 20261023\n# End date: 20261029\nNth day,New users\n0000,1400\n0001,900\n\n"
    "# Start date: 20261023\n# End date: 20261029\nActive users\n6240\n\n"
    "# Start date: 20261023\n# End date: 20261029\nCountry,Active users\nFrance,2000\n"
)


@pytest.mark.parametrize(
    ("content", "figures"),
    [
        (utf16(MATOMO_EN), TWO_DAYS),
        (utf16(MATOMO_FR), TWO_DAYS),
        (codecs.BOM_UTF16_BE + MATOMO_DE.encode("utf-16-be"), TWO_DAYS),
        (MATOMO_RAW.encode(), TWO_DAYS),
        (utf16(MATOMO_WEEKS), [Figure(date(2026, 10, 19), date(2026, 10, 25), 3100), Figure(date(2026, 10, 26), date(2026, 11, 1), 4200)]),
        (PLAUSIBLE.encode(), TWO_DAYS),
        (PLAUSIBLE_WEEKS.encode(), [Figure(date(2026, 10, 19), date(2026, 10, 25), 3100), Figure(date(2026, 10, 26), date(2026, 11, 1), 4200), Figure(date(2026, 11, 2), date(2026, 11, 8), 1900)]),
        (PLAUSIBLE_MONTHS.encode(), [Figure(date(2026, 9, 1), date(2026, 9, 30), 3100), Figure(date(2026, 10, 1), date(2026, 10, 31), 4200), Figure(date(2026, 11, 1), date(2026, 11, 30), 1900)]),
        (GA4_EXPLORATION.encode(), TWO_DAYS),
        (GA4_EXPLORATION.encode("utf-8-sig"), TWO_DAYS),
        (GA4_SNAPSHOT.encode(), [day("2026-10-23", 1412), Figure(date(2026, 10, 23), date(2026, 10, 29), 6240), day("2026-10-24", 980)]),
        ("Jour;Visiteurs\n2026-10-23;1\u202f412\n2026-10-24;980\n".encode(), TWO_DAYS),
        (b'"Date","Total users"\n"20261023","1,412"\n"20261024","980"\n', TWO_DAYS),
    ],
    ids=["matomo-en", "matomo-fr", "matomo-de-be", "matomo-raw", "matomo-weeks", "plausible", "plausible-weeks", "plausible-months", "ga4-exploration", "ga4-bom", "ga4-snapshot", "by-hand", "ga4-total-users"],
)  # fmt: skip
def test_each_format_gives_its_days_and_stretches(content, figures):
    assert read(content).figures == figures


def test_a_strangers_plausible_export_is_read_as_its_readme_says():
    found = read(sample("analytics/plausible_visitors_30d.csv").read_bytes(), "visitors.csv")
    assert len(found.figures) == 31
    assert sum(one.count for one in found.figures) == 4
    assert {one.first_day: one.count for one in found.figures}[date(2021, 10, 19)] == 2
    assert found.left_out == 0


def test_a_day_without_a_number_is_a_gap_and_one_with_something_else_is_told():
    found = read(b"date,visitors\n2026-10-23,12\n2026-10-24,\n2026-10-25,many\n2026-10-26,-3\n2026-10-28,0\n")
    assert found.figures == [day("2026-10-23", 12), day("2026-10-28", 0)]
    assert found.left_out == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"date,visits\n2026-10-23,12\n", "No column of unique visitors"),
        (b"country,visitors\nFrance,12\n", "No column of days"),
        (
            b"# Start date: 20261023\n# End date: 20261120\nNth week,Active users\n0000,12\n",
            "weeks or months, not days",
        ),
        (b"date,channel,visitors\n2026-10-23,a,12\n2026-10-23,b,3\n", "several rows for the same day"),
        (b"# only a comment\n", "No column of days"),
        (b"<!doctype html><title>Sign in</title>", "web page"),
    ],
)
def test_what_cannot_be_read_is_said(content, said):
    with translation.override("en"), pytest.raises(ReadingError, match=said):
        read(content)


@given(
    st.dictionaries(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 10**8), min_size=1, max_size=20
    )
)
def test_a_table_of_days_comes_back_as_it_was_written(days):
    days = {**days, min(days) + timedelta(days=1): 5}  # a step of one day: no weeks, no months
    text = "date,visitors\n" + "".join(f"{one},{count}\n" for one, count in days.items())
    assert read(text.encode()).figures == sorted(Figure(one, one, count) for one, count in days.items())
