"""Writing, moving and cancelling posts."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts import changes
from outreach import planning
from outreach.models import Channel, Post, Status
from tests.cast import NOW, make_member, make_team
from tests.outreach.cast import make_post

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def schedule(team, by, **fields):
    defaults = {
        "text": "Ce soir",
        "manager": by,
        "publish_at": TOMORROW,
        "now": NOW,
        "client_id": uuid.uuid4(),
    }
    return planning.schedule(team=team, by=by, **{**defaults, **fields})


def edit(post, by, **fields):
    defaults = {"text": post.text, "manager": post.manager, "publish_at": post.publish_at, "now": NOW}
    return planning.edit(post=post, by=by, **{**defaults, **fields})


def test_sent_twice_a_post_exists_once(team, lea):
    sent = uuid.uuid4()
    first, operation = schedule(team, lea, client_id=sent, channels=["Instagram"])
    second, again = schedule(team, lea, client_id=sent, channels=["Instagram", "Mastodon"])
    assert first == second
    assert (operation is None, again is None) == (False, True)
    assert [channel.name for channel in first.channels.all()] == ["Instagram"]


def test_channels_are_made_once_whatever_their_case_and_accents(team, lea):
    schedule(team, lea, channels=["Instagram", "instagram ", "Lettre d’été", ""])
    schedule(team, lea, channels=["INSTAGRAM", "lettre d'ete"])
    assert sorted(Channel.objects.values_list("name", flat=True)) == ["Instagram", "Lettre d’été"]


def test_without_a_time_it_is_a_draft_and_does_not_count(team, lea):
    post, _ = schedule(team, lea, publish_at=None)
    dated, _ = schedule(team, lea, is_draft=True)
    assert (post.status, dated.status) == (Status.DRAFT, Status.DRAFT)
    assert not Post.objects.counting().exists()


def test_a_post_taken_back_is_in_the_bin(team, lea):
    _, operation = schedule(team, lea)
    changes.undo(operation, by=lea, now=NOW)
    assert not Post.objects.visible_to(lea).exists()


def test_moved_by_a_week_across_the_clock_change_it_keeps_its_local_time(team, lea):
    now = datetime(2026, 10, 20, 8, tzinfo=UTC)
    post = make_post(team, lea, datetime(2026, 10, 22, 16, 30, tzinfo=UTC))  # 18:30 in Paris
    operation = planning.move(posts=[post], days=7, by=lea, now=now)
    post.refresh_from_db()
    assert post.publish_at == datetime(2026, 10, 29, 17, 30, tzinfo=UTC)
    changes.undo(operation, by=lea, now=now)
    post.refresh_from_db()
    assert post.publish_at == datetime(2026, 10, 22, 16, 30, tzinfo=UTC)


def test_several_are_moved_and_undone_together(team, lea):
    posts = [make_post(team, lea, TOMORROW + timedelta(hours=n)) for n in range(3)]
    operation = planning.move(posts=posts, days=7, by=lea, now=NOW)
    assert not Post.objects.filter(publish_at__lt=TOMORROW + timedelta(days=6)).exists()
    assert changes.undo(operation, by=lea, now=NOW).restored == 3
    assert not Post.objects.filter(publish_at__gt=TOMORROW + timedelta(days=6)).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"publish_at": NOW - timedelta(minutes=1)},
        {"publish_at": NOW},
        {"status": Status.PUBLISHED, "publish_at": NOW - timedelta(days=1)},
        {"status": Status.CANCELLED},
        {"status": Status.FAILED},
        {"status": Status.DRAFT, "publish_at": None},
    ],
)
def test_only_what_is_to_come_is_moved_and_all_or_none(team, lea, fields):
    movable, stuck = make_post(team, lea), make_post(team, lea, **fields)
    with pytest.raises(planning.CannotMove):
        planning.move(posts=[movable, stuck], days=1, by=lea, now=NOW)
    movable.refresh_from_db()
    assert movable.publish_at == TOMORROW


def test_no_posts_cannot_be_moved(lea):
    with pytest.raises(planning.CannotMove):
        planning.move(posts=[], days=1, by=lea, now=NOW)


def test_two_tabs_that_move_a_post_move_it_once(team, lea):
    post = make_post(team, lea)
    other_tab = Post.objects.get(pk=post.pk)
    planning.move(posts=[post], days=1, by=lea, now=NOW)
    with pytest.raises(planning.CannotMove):
        planning.move(posts=[other_tab], days=1, by=lea, now=NOW)
    post.refresh_from_db()
    assert post.publish_at == TOMORROW + timedelta(days=1)


def test_cancelled_once_restored_and_undone(team, lea):
    post = make_post(team, lea)
    operation = planning.cancel(post=post, by=lea, now=NOW)
    assert not Post.objects.counting().exists()
    with pytest.raises(planning.CannotChange):
        planning.cancel(post=post, by=lea, now=NOW)
    planning.restore(post=post, by=lea, now=NOW)
    assert Post.objects.counting().exists()
    with pytest.raises(planning.CannotChange):
        planning.restore(post=post, by=lea, now=NOW)
    # Restored by hand to what the undo would put back: nothing is left to undo.
    assert changes.undo(operation, by=lea, now=NOW).edited_since


def test_a_restored_draft_without_a_time_is_a_draft(team, lea):
    post = make_post(team, lea, None, status=Status.DRAFT)
    planning.cancel(post=post, by=lea, now=NOW)
    planning.restore(post=post, by=lea, now=NOW)
    assert post.status == Status.DRAFT


@pytest.mark.parametrize("status", [Status.FAILED, Status.PUBLISHED])
def test_what_had_failed_or_gone_out_has_again_when_it_is_restored(team, lea, status):
    post = make_post(team, lea, NOW - timedelta(days=1), status=status)
    for _twice in range(2):
        planning.cancel(post=post, by=lea, now=NOW)
        planning.restore(post=post, by=lea, now=NOW)
        assert post.status == status


def test_edit_changes_all_and_undo_puts_it_back(team, lea):
    post = make_post(team, lea, channels=("Instagram", "Mixcloud"))
    operation = edit(
        post, lea, text="Demain", manager=None, publish_at=None, channels=["Mastodon", "instagram"]
    )
    post.refresh_from_db()
    assert (post.text, post.manager, post.status) == ("Demain", None, Status.DRAFT)
    assert {channel.name for channel in post.channels.all()} == {"Mastodon", "Instagram"}
    changes.undo(operation, by=lea, now=NOW)
    post.refresh_from_db()
    assert {channel.name for channel in post.channels.all()} == {"Mixcloud", "Instagram"}
    assert (post.text, post.manager, post.publish_at, post.status) == (
        "Ce soir au Bocal",
        lea,
        TOMORROW,
        Status.SCHEDULED,
    )


@pytest.mark.parametrize("fields", [{"publish_at": TOMORROW}, {"publish_at": None}, {"is_draft": True}])
def test_what_went_out_cannot_be_dated_to_come_or_become_a_draft(team, lea, fields):
    post = make_post(team, lea, NOW - timedelta(hours=1))
    with pytest.raises(planning.CannotMove):
        edit(post, lea, **fields)


def test_the_time_of_what_went_out_can_be_corrected_within_the_past(team, lea):
    post = make_post(team, lea, NOW - timedelta(hours=1))
    edit(post, lea, publish_at=NOW - timedelta(hours=3))
    post.refresh_from_db()
    assert (post.publish_at, post.status) == (NOW - timedelta(hours=3), Status.SCHEDULED)


def test_a_cm_writes_their_own_and_the_teams_posts_a_lead_all(team, lea):
    noe = make_member(team, "Noé Tessier")
    own, teams, others = make_post(team, lea), make_post(team), make_post(team, noe)
    assert set(Post.objects.writable_by(lea, leads=False)) == {own, teams}
    assert set(Post.objects.writable_by(lea, leads=True)) == {own, teams, others}
    assert [post.may_be_written_by(lea, leads=False) for post in (own, teams, others)] == [True, True, False]
    assert others.may_be_written_by(lea, leads=True)
