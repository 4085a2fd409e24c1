"""Meetings planned and answered, posts moved: with JavaScript and without it."""

import re

import pytest
from playwright.sync_api import expect

from contacts.models import Contact, Touchpoint
from events.models import Occurrence
from foundation import clock
from outreach.models import Post

WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


@WITH_AND_WITHOUT
def test_a_meeting_is_planned_from_a_contact_in_two_taps(site, javascript):
    user = site.user("online")
    jo = Contact.objects.visible_to(user).filter(is_group=False).first()
    tab = site.tab("online", "en", java_script_enabled=javascript)
    tab.goto(f"/contacts/{jo.pk}/")
    tab.locator(f"main a[href*='/events/new/?contact={jo.pk}']").click()
    tab.get_by_role("button", name="Plan", exact=True).click()
    expect(tab.locator("#status")).to_contain_text(f"Planned: {jo.name}")
    occurrence = Occurrence.objects.order_by("-pk").first()
    assert list(occurrence.guests.all()) == [jo]
    assert occurrence.starts_at > clock.now()


@WITH_AND_WITHOUT
def test_did_it_take_place_is_answered_on_today_in_one_tap_and_undone(site, javascript):
    tab = site.tab("online", "en", java_script_enabled=javascript)
    before = Touchpoint.objects.kept().count()
    tab.goto("/")
    question = tab.locator("section", has=tab.get_by_role("heading", name="Did it take place?"))
    question.get_by_role("button", name="Save").click()
    expect(tab.locator("#status")).to_contain_text("Noted:")
    assert Touchpoint.objects.kept().count() == before + 1
    tab.locator("#status").get_by_role("button", name="Undo").click()
    expect(tab.locator("#status")).to_contain_text("Undone.")
    assert Touchpoint.objects.kept().count() == before


def test_a_name_nobody_knows_becomes_a_guest(site):
    tab = site.tab("online", "en")
    tab.goto("/events/new/")
    tab.get_by_role("combobox", name="Another person or group").fill("Zoé Inconnue")
    tab.get_by_role("option", name="New: Zoé Inconnue").click()
    tab.get_by_role("button", name="Plan", exact=True).click()
    expect(tab.locator("#status")).to_contain_text("Planned: Zoé Inconnue")
    assert Contact.objects.get(name="Zoé Inconnue").is_draft


def test_another_day_asks_for_its_date(site):
    tab = site.tab("online", "en")
    tab.goto("/events/new/")
    expect(tab.get_by_label("Date")).to_be_hidden()
    tab.get_by_text("Another day").click()
    expect(tab.get_by_label("Date")).to_be_visible()


@WITH_AND_WITHOUT
def test_three_posts_are_moved_by_a_week_with_one_button(site, javascript):
    tab = site.tab("online", "en", java_script_enabled=javascript)
    tab.goto("/posts/")
    boxes = tab.get_by_role("checkbox", name=re.compile("^Tick"))
    ids = [int(boxes.nth(n).get_attribute("value")) for n in range(3)]
    was = dict(Post.objects.filter(pk__in=ids).values_list("pk", "publish_at"))
    for n in range(3):
        boxes.nth(n).check()
    if javascript:
        expect(tab.get_by_text("3 posts ticked")).to_be_visible()
    tab.get_by_role("button", name="A week later").click()
    expect(tab.locator("#status")).to_contain_text("3 posts moved.")
    moved = dict(Post.objects.filter(pk__in=ids).values_list("pk", "publish_at"))
    assert all((moved[pk] - was[pk]).days in (6, 7) for pk in ids)
    tab.locator("#status").get_by_role("button", name="Undo").click()
    expect(tab.locator("#status")).to_contain_text("Undone.")
    assert dict(Post.objects.filter(pk__in=ids).values_list("pk", "publish_at")) == was


def test_a_post_is_moved_and_cancelled_by_keyboard(site):
    tab = site.tab("online", "en")
    tab.goto("/posts/")
    row = tab.locator("li.post", has=tab.get_by_role("button", name="+ 1 day")).first
    post = Post.objects.get(pk=int(row.get_attribute("id").removeprefix("post-")))
    row.get_by_role("button", name="+ 1 day").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#status")).to_contain_text("Moved to")
    tab.locator(f"#post-{post.pk}").get_by_role("button", name="Cancel this post").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#status")).to_contain_text("The post is cancelled.")
    post.refresh_from_db()
    assert post.status == "cancelled"
