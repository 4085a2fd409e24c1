"""Schedules into the database: one post once, whoever brings it and however often."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from communitycrm import ticking
from contacts import erasing
from contacts.imports import reading, sandbox
from outreach import imports, uploads
from outreach.imports import Options
from outreach.models import Channel, Post, PostsKnownUntil, ScheduleUpload, Status
from outreach.schedules.base import AmbiguousDateOrder
from tests.cast import NOW, make_contact, make_lead, make_member, make_outsider, make_team
from tests.samples import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def bring(team, manager, content, name="x.csv", now=NOW, cancel_missing=False, **options):
    content = content.encode() if isinstance(content, str) else content
    outcome = imports.apply(
        content, name, team=team, manager=manager, options=Options(**options), by=manager, now=now,
        cancel_missing=cancel_missing,
    )  # fmt: skip
    assert outcome.read == outcome.created + outcome.updated + outcome.unchanged + len(outcome.rejected)
    return outcome


def bring_sample(team, manager, name, **options):
    return bring(team, manager, sample(f"social/{name}").read_bytes(), name, **options)


def counts(outcome):
    return outcome.created, outcome.updated, outcome.unchanged, len(outcome.rejected)


def sheet(*rows):
    return "Date;Texte;Canal\n" + "".join(f"{when};{text};{channel}\n" for when, text, channel in rows)


# --- The samples --------------------------------------------------------------------------------


def test_files_are_read_in_a_child_process_and_not_by_the_web_server(team, lea, real_child, monkeypatch):
    monkeypatch.setattr(reading, "read", lambda *args, **options: pytest.fail("read here"))
    content = sample("social/made_buffer_facebook.csv").read_bytes()
    kept = uploads.keep(
        team=team, by=lea, name="x.csv", content=content, settings=uploads.Settings(lea), now=NOW
    )
    assert uploads.table_of(kept).rows
    assert uploads.apply(kept, by=lea, now=NOW, cancel_missing=False).created == 28


def uploaded(team, by, content, **fields):
    said = {"name": "x.csv", "settings": uploads.Settings(by), "now": NOW, **fields}
    return uploads.keep(team=team, by=by, content=content, **said)


def test_a_file_is_read_before_anything_is_locked_and_goes_once_it_is_in(team, lea, monkeypatch):
    upload, read = uploaded(team, lea, sheet(("2026-11-30 09:00", "Un", "")).encode()), sandbox.read
    other_tab, outer, depths = ScheduleUpload.objects.get(pk=upload.pk), len(connection.savepoint_ids), []

    def noted(*args):
        depths.append(len(connection.savepoint_ids) - outer)
        return read(*args)

    monkeypatch.setattr(sandbox, "read", noted)
    assert uploads.apply(upload, by=lea, now=NOW, cancel_missing=False).created == 1
    for again in (other_tab, ScheduleUpload.objects.get(pk=upload.pk)):
        with pytest.raises(uploads.AlreadyApplied):
            uploads.apply(again, by=lea, now=NOW, cancel_missing=False)
    assert depths == [0, 0] and Post.objects.count() == 1
    assert bytes(ScheduleUpload.objects.get().content) == b""


def test_what_fails_while_it_is_written_can_be_tried_again(team, lea, monkeypatch):
    upload = uploaded(team, lea, sheet(("2026-11-30 09:00", "Un", "")).encode())
    with monkeypatch.context() as broken:
        broken.setattr(imports.intake, "write", lambda *args, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            uploads.apply(upload, by=lea, now=NOW, cancel_missing=False)
    upload = ScheduleUpload.objects.get()
    assert uploads.apply(upload, by=lea, now=NOW, cancel_missing=False).created == 1


def test_files_go_after_thirty_days_by_themselves(team, lea):
    content = sheet(("2026-11-30 09:00", "Un", "")).encode()
    uploaded(team, lea, content, now=NOW - timedelta(days=31))
    young = uploaded(team, lea, content, now=NOW - timedelta(days=29))
    assert ticking.tick(now=NOW).did["uploads"] == 1
    assert ScheduleUpload.objects.get() == young


def test_files_that_name_somebody_go_when_they_are_erased(team, lea, settings, tmp_path):
    settings.SUPPRESSION_FILE = tmp_path / "suppressions.txt"
    zoe = make_contact(team, "Zoé Lefèvre")
    naming = sheet(("2026-11-30 09:00", "Merci Zoé Lefèvre", "X"))
    for encoding in ("utf-8", "utf-16", "cp1252"):
        uploaded(team, lea, naming.encode(encoding))
    uploaded(team, lea, sample("xlsx/sheet2.xlsx").read_bytes(), name="x.xlsx")
    other = uploaded(team, lea, sheet(("2026-11-30 09:00", "Merci Zoé Roux", "X")).encode())
    gone = uploaded(team, lea, naming.encode())
    erasing.erase([zoe], by=lea, now=NOW)
    assert ScheduleUpload.objects.get() == other
    with pytest.raises(uploads.AlreadyApplied):  # read before they were erased
        uploads.apply(gone, by=lea, now=NOW, cancel_missing=False)
    assert not Post.objects.exists()


def test_buffer_has_a_file_for_each_channel(team, lea):
    assert counts(bring_sample(team, lea, "made_buffer_facebook.csv")) == (28, 0, 0, 0)
    assert counts(bring_sample(team, lea, "made_buffer_instagram.csv")) == (0, 20, 0, 0)
    assert counts(bring_sample(team, lea, "made_buffer_facebook.csv")) == (0, 0, 28, 0)
    assert counts(bring_sample(team, lea, "made_buffer_instagram.csv")) == (0, 0, 20, 0)
    posts = Post.objects.filter(team=team, manager=lea).prefetch_related("channels")
    assert len(posts) == 28
    assert sum(len(post.channels.all()) == 2 for post in posts) == 20


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("made_hootsuite_clear.csv", {"scheduled": 28}),
        ("made_metricool.csv", {"scheduled": 26, "draft": 2}),
        ("made_publer.csv", {"scheduled": 28}),
        ("made_socialbee.csv", {"scheduled": 28}),
        ("made_calendrier_editorial_cp1252.csv", {"scheduled": 26, "published": 1, "cancelled": 1}),
        ("magicsync_bulk.csv", {"draft": 39}),
    ],
)
def test_each_file_comes_in_whole_and_once(team, lea, name, statuses):
    count = sum(statuses.values())
    assert counts(bring_sample(team, lea, name)) == (count, 0, 0, 0)
    assert counts(bring_sample(team, lea, name)) == (0, 0, count, 0)
    found = list(Post.objects.values_list("status", flat=True))
    assert {status: found.count(status) for status in set(found)} == statuses


def test_an_ambiguous_order_is_asked_for_and_nothing_is_written(team, lea):
    with pytest.raises(AmbiguousDateOrder):
        bring_sample(team, lea, "made_hootsuite_ambiguous.csv")
    assert not Post.objects.exists()
    assert not AuditEntry.objects.exists()


# --- Times and channels -------------------------------------------------------------------------


def test_times_are_local_to_the_author(team):
    kim = make_member(team, "Kim", time_zone="America/New_York")
    bring(team, kim, sheet(("2026-11-30 09:00", "Un", ""), ("2026-11-30T09:00:00Z", "Deux", "")))
    assert list(Post.objects.order_by("pk").values_list("publish_at", flat=True)) == [
        datetime(2026, 11, 30, 14, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC),
    ]  # fmt: skip


def test_times_of_the_team_are_local_to_the_team(team):
    bring(team, None, sheet(("2026-11-30 09:00", "Un", "")))
    post = Post.objects.get()
    assert (post.manager, post.publish_at) == (None, datetime(2026, 11, 30, 8, tzinfo=UTC))


def test_a_time_that_does_not_exist_is_said(team, lea):
    outcome = bring(team, lea, sheet(("2027-03-28 02:30", "Un", "")))
    assert any("02:30" in warning for warning in outcome.warnings)


@pytest.mark.parametrize(
    ("name", "channel", "expected"),
    [
        ("export.csv", "", set()),
        ("export_instagram.csv", "", {"Instagram"}),
        ("export_instagram.csv", "Mastodon", {"Mastodon"}),
    ],
)
def test_the_channel_is_the_option_else_the_name_of_the_file(team, lea, name, channel, expected):
    bring(team, lea, "Text,Posting Time\nUn,2026-11-30 09:00\n", name, channel=channel)
    assert set(Channel.objects.values_list("name", flat=True)) == expected


# --- Known again --------------------------------------------------------------------------------


def test_a_post_that_was_moved_or_cancelled_here_is_left_so(team, lea):
    content = sheet(("2026-11-30 09:00", "Un", "X"), ("2026-12-01 09:00", "Deux", "X"))
    bring(team, lea, content)
    Post.objects.filter(text="Un").update(publish_at=NOW + timedelta(days=20))
    Post.objects.filter(text="Deux").update(status=Status.CANCELLED)
    assert counts(bring(team, lea, content)) == (0, 0, 2, 0)
    assert Post.objects.get(text="Deux").status == Status.CANCELLED


def test_a_post_typed_by_hand_is_found(team, lea):
    Post.objects.create(
        team=team, manager=lea, text="Un", publish_at=datetime(2026, 11, 30, 8, tzinfo=UTC), created_at=NOW
    )
    assert counts(bring(team, lea, sheet(("2026-11-30 09:00", "Un", "")))) == (0, 0, 1, 0)


def test_a_newer_state_is_taken(team, lea):
    head = "Jour;Heure;Texte;Statut\n"
    bring(team, lea, head + "2026-11-30;9 h;Un;Programmé\n")
    assert counts(bring(team, lea, head + "2026-11-30;9 h;Un;Annulé\n")) == (0, 1, 0, 0)
    assert Post.objects.get().status == Status.CANCELLED
    assert counts(bring(team, lea, head + "2026-11-30;9 h;Un;Programmé\n")) == (0, 0, 1, 0)


def test_an_id_of_the_source_follows_a_post_that_moved(team, lea):
    bring(team, lea, "id;Date;Texte\n7;2026-11-30 09:00;Un\n")
    assert counts(bring(team, lea, "id;Date;Texte\n7;2026-12-02 09:00;Un !\n")) == (0, 1, 0, 0)
    post = Post.objects.get()
    assert (post.text, post.publish_at) == ("Un !", datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert counts(bring(team, lea, "id;Date;Texte\n7;2026-12-02 09:00;Un !\n")) == (0, 0, 1, 0)


def test_the_same_instant_in_two_zones_is_one_post(team, lea):
    outcome = bring(
        team, lea, sheet(("2026-11-30 09:00", "Un", "X"), ("2026-11-30T08:00:00Z", "Un", "Facebook"))
    )
    assert counts(outcome) == (1, 0, 1, 0)
    assert Post.objects.get().channels.count() == 2


def test_drafts_with_ids_of_their_own_are_two(team, lea):
    content = "id;Date;Texte\n7;;Un\n8;;Un\n"
    assert counts(bring(team, lea, content)) == (2, 0, 0, 0)
    assert counts(bring(team, lea, content)) == (0, 0, 2, 0)


def test_ids_that_changed_places_break_nothing(team, lea):
    bring(team, lea, "id;Date;Texte\n7;2026-11-30 09:00;Un\n8;2026-12-01 09:00;Deux\n")
    swapped = bring(team, lea, "id;Date;Texte\n8;2026-11-30 09:00;Un\n7;2026-12-01 09:00;Deux\n")
    assert counts(swapped) == (0, 0, 2, 0)


def test_two_authors_have_their_own_posts(team, lea):
    content = sheet(("2026-11-30 09:00", "Un", ""))
    kim = make_member(team, "Kim")
    assert [bring(team, person, content).created for person in (lea, kim, None)] == [1, 1, 1]


# --- Gone ---------------------------------------------------------------------------------------

THREE = sheet(
    ("2026-11-20 09:00", "Passé", "X"), ("2026-11-30 09:00", "Un", "X"), ("2026-12-01 09:00", "Deux", "X")
)
ONE = sheet(("2026-11-30 09:00", "Un", "X"))


def test_what_a_newer_file_no_longer_has_is_shown_and_left(team, lea):
    bring(team, lea, THREE)
    outcome = bring(team, lea, ONE)
    assert [post.text for post in outcome.gone] == ["Deux"]
    assert outcome.as_json()["gone"][0]["text"] == "Deux"
    assert Post.objects.get(text="Deux").status == Status.SCHEDULED


def test_it_is_cancelled_only_when_asked(team, lea):
    bring(team, lea, THREE)
    outcome = bring(team, lea, ONE, cancel_missing=True)
    assert outcome.cancelled == 1
    assert list(Post.objects.order_by("publish_at").values_list("text", "status")) == [
        ("Passé", "scheduled"), ("Un", "scheduled"), ("Deux", "cancelled"),
    ]  # fmt: skip
    assert bring(team, lea, ONE).gone == []


def test_the_file_of_one_channel_says_nothing_of_another(team, lea):
    bring_sample(team, lea, "made_buffer_facebook.csv")
    assert bring_sample(team, lea, "made_buffer_instagram.csv").gone == []
    content = "Text,Image URL,Tags,Posting Time\nAutre,,,2026-12-09 09:00\n"
    outcome = bring(team, lea, content, "buffer_instagram.csv", cancel_missing=True)
    assert outcome.cancelled == len(outcome.gone) > 0
    # They stay on Facebook.
    assert Post.objects.filter(status=Status.CANCELLED).count() == 0
    stayed = Post.objects.filter(pk__in=[post.pk for post in outcome.gone])
    assert all([channel.name for channel in post.channels.all()] == ["Facebook"] for post in stayed)


def test_other_sources_and_authors_are_not_gone(team, lea):
    bring(team, None, THREE)
    bring_sample(team, lea, "made_publer.csv")
    assert bring(team, lea, ONE).gone == []


# --- How far posts are known, undo, cost --------------------------------------------------------


def test_an_import_says_until_when_posts_are_known(team, lea):
    bring_sample(team, lea, "made_publer.csv")
    known = PostsKnownUntil.objects.get()
    assert (known.manager, known.day) == (lea, date(2026, 12, 3))
    bring(team, lea, ONE)  # ends earlier: what was said stands
    assert PostsKnownUntil.objects.count() == 1


def test_an_import_is_taken_back(team, lea):
    bring_sample(team, lea, "made_buffer_facebook.csv")
    outcome = bring(
        team, lea, "Text,Posting Time\nNouveau,2026-12-30 09:00\n", "buffer_facebook.csv", cancel_missing=True
    )
    assert outcome.cancelled
    undone = imports.take_back(outcome.operation, by=lea, now=NOW)
    assert undone.restored == outcome.cancelled + 1
    assert not Post.objects.filter(status=Status.CANCELLED).exists()
    assert Post.objects.get(text="Nouveau").binned_at
    assert [word.day for word in PostsKnownUntil.objects.all()] == [date(2026, 12, 3)]


def test_channels_added_and_removed_come_back_too(team, lea):
    bring_sample(team, lea, "made_buffer_facebook.csv")
    second = bring_sample(team, lea, "made_buffer_instagram.csv")
    imports.take_back(second.operation, by=lea, now=NOW)
    assert not Post.objects.filter(channels__name="Instagram").exists()


def test_preview_writes_nothing(team, lea):
    said = imports.preview(
        sample("social/made_metricool.csv").read_bytes(),
        "m.csv",
        team=team,
        manager=lea,
        options=Options(),
        now=NOW,
    )
    assert (said.created, said.drafts, said.channels) == (28, 2, ["Bluesky", "Facebook", "Instagram"])
    assert not Post.objects.exists()
    assert not Channel.objects.exists()


def test_an_import_is_audited(team, lea):
    bring(team, lea, ONE)
    assert AuditEntry.objects.get().action == "posts.imported"


def test_queries_do_not_grow_with_rows(team, lea):
    def cost(days):
        rows = [
            (f"2026-12-{day:02d} {len(days)}:00", f"Texte {day} {len(days)}", "X, Facebook") for day in days
        ]
        with CaptureQueriesContext(connection) as queries:
            bring(team, lea, sheet(*rows))
        return len(queries)

    cost(range(27, 29))
    assert cost(range(26, 29)) == cost(range(9, 29))


# --- The command --------------------------------------------------------------------------------


def run(name, **options):
    out = StringIO()
    call_command("import_posts", str(sample(f"social/{name}")), stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_json(lea):
    said = json.loads(run("made_publer.csv", author=lea.email.upper(), as_json=True))
    assert {"read", "created", "updated", "unchanged", "rejected", "warnings"} <= set(said)
    assert (said["read"], said["created"]) == (28, 28)
    assert Post.objects.filter(manager=lea).count() == 28


def test_the_command_takes_posts_of_the_team(team):
    assert "28" in run("made_publer.csv", team=team.slug)
    assert Post.objects.filter(manager=None).count() == 28


def test_the_command_asks_for_the_order(lea):
    with pytest.raises(CommandError, match="date-order"):
        run("made_hootsuite_ambiguous.csv", author=lea.email)
    run("made_hootsuite_ambiguous.csv", author=lea.email, date_order="mdy")
    assert Post.objects.order_by("publish_at").first().publish_at == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_the_command_previews(lea):
    run("made_publer.csv", author=lea.email, preview=True)
    assert not Post.objects.exists()


def test_the_command_needs_somebody_known(team):
    for options in ({"author": "nobody@example.org"}, {"author": make_lead(team).email}, {"team": "rien"}):
        with pytest.raises(CommandError):
            run("made_publer.csv", **options)
    assert make_outsider()


@pytest.mark.parametrize("day", ["0202-11-26 18:00", "9999-12-31 18:00"])
def test_a_year_that_cannot_be_meant_costs_its_row_alone(team, lea, day):
    """Every page that reckons with the last post would fail on it."""
    outcome = bring(team, lea, sheet((day, "Interview", ""), ("2026-11-27 18:00", "Concert", "")))
    assert counts(outcome) == (1, 0, 0, 1)
