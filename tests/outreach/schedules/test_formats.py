# ruff: noqa: DTZ001  # local times, as a file gives them
"""Each scheduler's file, recognised by its headers and read to its last post."""

from collections import Counter
from datetime import datetime

import pytest

from contacts.imports import reading
from outreach.schedules import formats, parsing, words
from outreach.schedules.base import AmbiguousDateOrder, Mapping, UnknownFormat
from outreach.schedules.when import DateOrder
from tests.samples import sample


def schedule(content, name="x.csv", **options):
    table = reading.read(content if isinstance(content, bytes) else content.encode(), name)
    found, mapping = formats.recognise(table)
    return parsing.parse(table, mapping, name=found, **options)


def of_sample(name, **options):
    return schedule(sample(f"social/{name}").read_bytes(), name, **options)


@pytest.mark.parametrize(
    ("name", "found", "count"),
    [
        ("made_buffer_facebook.csv", "buffer", 28),
        ("made_buffer_instagram.csv", "buffer", 20),
        ("made_hootsuite_clear.csv", "hootsuite", 28),
        ("made_metricool.csv", "metricool", 28),
        ("made_publer.csv", "publer", 28),
        ("made_socialbee.csv", "socialbee", 28),
        ("made_calendrier_editorial_cp1252.csv", "handkept", 28),
        ("magicsync_bulk.csv", "handkept", 39),
    ],
)
def test_every_format_is_recognised_and_read_to_the_end(name, found, count):
    read = of_sample(name)
    assert (read.format, len(read.posts), read.rejected) == (found, count, [])
    assert read.read == sum(read.rows) == count


@pytest.mark.parametrize("name", ["made_buffer_facebook.csv", "made_hootsuite_clear.csv", "made_metricool.csv", "made_publer.csv",
                                  "made_socialbee.csv", "made_calendrier_editorial_cp1252.csv"])  # fmt: skip
def test_all_formats_say_the_same_schedule(name):
    posts = of_sample(name).posts
    assert posts[0].text == "Ce soir, Brume ouvre la saison à La Cale : on vous garde une place ?"
    assert posts[0].publish_at == datetime(2026, 11, 2, 9)
    assert posts[1].publish_at == datetime(2026, 11, 3, 12, 30)
    assert posts[-1].publish_at == datetime(2026, 12, 3, 12, 30)
    assert [(post.text, post.publish_at) for post in posts] == [
        (post.text, post.publish_at) for post in of_sample("made_buffer_facebook.csv").posts
    ]


def test_hootsuite_with_days_below_13_has_to_ask():
    with pytest.raises(AmbiguousDateOrder):
        of_sample("made_hootsuite_ambiguous.csv")
    month_first = of_sample("made_hootsuite_ambiguous.csv", order=DateOrder.MONTH_FIRST)
    assert (len(month_first.posts), month_first.posts[0].publish_at) == (13, datetime(2026, 11, 2, 9))
    day_first = of_sample("made_hootsuite_ambiguous.csv", order=DateOrder.DAY_FIRST)
    assert day_first.posts[0].publish_at == datetime(2026, 2, 11, 9)


def test_an_order_that_the_file_contradicts_is_not_taken():
    with pytest.raises(AmbiguousDateOrder):
        of_sample("made_hootsuite_clear.csv", order=DateOrder.DAY_FIRST)


def test_metricool_has_drafts_and_channels_as_flagged():
    posts = of_sample("made_metricool.csv").posts
    assert Counter(post.status for post in posts) == {"scheduled": 26, "draft": 2}
    assert posts[0].channels == ("Facebook", "Instagram", "Bluesky")
    assert posts[1].channels == ("Facebook", "Instagram")
    assert [post.publish_at is not None for post in posts if post.status == "draft"] == [True, True]


def test_a_french_sheet_kept_by_hand():
    posts = of_sample("made_calendrier_editorial_cp1252.csv").posts
    assert [posts[row - 1].status for row in (1, 8, 15, 22)] == [
        "scheduled",
        "published",
        "cancelled",
        "scheduled",
    ]
    assert Counter(post.status for post in posts)["scheduled"] == 26
    assert posts[1].channels == ("Facebook", "Instagram")
    assert posts[1].line == 5


def test_rows_without_a_time_are_drafts_and_never_dated():
    read = of_sample("magicsync_bulk.csv")
    assert {(post.status, post.publish_at) for post in read.posts} == {("draft", None)}
    assert "39" in read.warnings[-1]


@pytest.mark.parametrize(
    ("row", "status", "count"),
    [
        ("2026-11-02;;Bonjour;Programmé", "draft", 1),  # a day without a time
        (";;Bonjour;", "draft", 1),
        (";;Bonjour;Annulé", "cancelled", 1),
        ("2026-11-02;9 h;Bonjour;À valider", "draft", 1),
        ("2026-11-02;9 h;Bonjour;Peut-être", "draft", 1),
        ("2026-11-02;9 h;Bonjour;En ligne", "published", 1),
        ("2026-11-02;9 h;Bonjour;Échec", "failed", 1),
        ("2026-11-02;;Bonjour;Publié", None, 0),  # out, but when?
        ("demain;9 h;Bonjour;", None, 0),
        ("2026-11-02;9 h;;", None, 0),
    ],
)
def test_states(row, status, count):
    read = schedule(f"Jour;Heure;Texte;Statut\n{row}\n2026-12-01;9 h;Autre;Programmé\n")
    assert [post.status for post in read.posts] == [status] * count + ["scheduled"]
    assert len(read.rejected) == 1 - count
    assert all(rejected.line == 2 for rejected in read.rejected)


def test_the_same_text_at_the_same_time_is_one_post_of_two_channels():
    read = schedule(
        "Date,Time,Text,Channel\n2026-11-02,09:00,Bonjour,Facebook\n2026-11-02,09:00,Bonjour ,insta\n2026-11-02,10:00,Bonjour,X\n"
    )
    assert [post.channels for post in read.posts] == [("Facebook", "Instagram"), ("X",)]
    assert read.rows == [2, 1]


def test_the_file_speaks_before_the_person_about_channels():
    read = schedule(
        "Date,Text,Channel\n2026-11-02 09:00,Un,Facebook\n2026-11-02 10:00,Deux,\n", channels=["Mastodon"]
    )
    assert [post.channels for post in read.posts] == [("Facebook",), ("Mastodon",)]


def test_a_picture_alone_is_a_post():
    read = schedule("Text,Image URL,Tags,Posting Time\n,https://a.org/x.jpg,,2026-11-02 09:00\n")
    assert read.posts[0].text == "https://a.org/x.jpg"


def test_times_of_a_spreadsheet():
    read = schedule("Date,Time,Text\n2026-11-02 00:00:00,09:30:00,Un\n2026-11-03,1899-12-31 18:00:00,Deux\n")
    assert [post.publish_at for post in read.posts] == [
        datetime(2026, 11, 2, 9, 30),
        datetime(2026, 11, 3, 18),
    ]


def test_an_unknown_file_has_to_be_mapped():
    content = b"Quoi;Quand;Vers\nBonjour;2026-11-02 09:00;insta\n"
    table = reading.read(content)
    with pytest.raises(UnknownFormat, match="Quand"):
        formats.recognise(table)
    read = parsing.parse(table, Mapping(text=0, at=1, channels=2), name="mapped")
    assert (read.posts[0].publish_at, read.posts[0].channels) == (datetime(2026, 11, 2, 9), ("Instagram",))


def test_a_format_that_the_file_is_not_is_refused():
    table = reading.read(sample("social/made_publer.csv").read_bytes())
    with pytest.raises(UnknownFormat, match="buffer"):
        formats.recognise(table, "buffer")


@pytest.mark.parametrize(
    ("name", "networks"),
    [
        ("made_buffer_facebook.csv", ("Facebook",)),
        ("export-Instagram_TikTok novembre.xlsx", ("Instagram", "TikTok")),
        ("made_publer.csv", ()),
        ("x.csv", ()),
    ],
)
def test_networks_in_a_file_name(name, networks):
    assert words.networks_in_name(name) == networks


@pytest.mark.parametrize(
    ("cell", "channels"),
    [
        ("Facebook, Instagram", ("Facebook", "Instagram")),
        ("Twitter/X", ("X",)),
        ("FB + insta et LinkedIn", ("Facebook", "Instagram", "LinkedIn")),
        ("Lettre du lundi", ("Lettre du lundi",)),
        ("", ()),
    ],
)
def test_channels_in_a_cell(cell, channels):
    assert words.channels(cell) == channels
