"""A monthly apéro from the first click to who came: with JavaScript, without it, by keyboard, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from contacts.models import Touchpoint
from events.models import Occurrence, Series
from foundation import clock

WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
PHONE = {"width": 360, "height": 640}
CLICKS = 6


class Clicks:
    """Clicks, counted as a person would."""

    def __init__(self):
        self.count = 0

    def __call__(self, target):
        target.click()
        self.count += 1


@WITH_AND_WITHOUT
def test_a_monthly_apero_is_planned_in_at_most_six_clicks_from_today(site, javascript):
    tab, click = site.tab("online", "en", java_script_enabled=javascript), Clicks()
    tab.goto("/")
    click(tab.locator("nav.side").get_by_role("link", name="Calendar"))
    click(tab.get_by_role("main").get_by_role("link", name="Regular meetings").first)
    click(tab.get_by_role("link", name="Start: Apéro"))
    expect(tab.locator("#dates")).to_contain_text("Last Thursday of each month at 18:30")
    click(tab.get_by_role("button", name="Plan", exact=True))
    expect(tab.locator("#status")).to_contain_text("Planned: Apéro, last Thursday of each month at 18:30.")
    assert click.count <= CLICKS
    series = Series.objects.order_by("-pk").first()
    assert series.rules == ["FREQ=MONTHLY;BYDAY=-1TH"]
    assert series.occurrences.filter(starts_at__gt=clock.now()).count() >= 5
    tab.locator("#status").get_by_role("button", name="Undo").click()
    expect(tab.locator("#status")).to_contain_text("Undone.")
    assert not Series.objects.visible_to(site.user("online")).filter(pk=series.pk).exists()


@WITH_AND_WITHOUT
def test_the_dates_follow_the_rule_while_it_is_chosen(site, javascript):
    tab = site.tab("online", "en", java_script_enabled=javascript)
    tab.goto("/series/new/?format=apero")
    if javascript:
        expect(tab.get_by_label("Day of the month", exact=True)).to_be_hidden()
    tab.get_by_text("On a day of the month").click()
    tab.get_by_label("Day of the month", exact=True).select_option("15")
    if not javascript:
        tab.get_by_role("button", name="Show the dates").click()
    expect(tab.locator("#dates")).to_contain_text("15th of each month at 18:30")
    assert not Series.objects.filter(rules=["FREQ=MONTHLY;BYMONTHDAY=15"]).exists()


@WITH_AND_WITHOUT
def test_one_date_is_moved_with_one_click_and_undone(site, javascript):
    series = Series.objects.get(kind__code="coffee")
    first = series.occurrences.filter(starts_at__gt=clock.now()).order_by("starts_at").first()
    tab = site.tab("under", "en", java_script_enabled=javascript)
    tab.goto(f"/series/{series.pk}/")
    tab.get_by_role("button", name="A day later").first.click()
    expect(tab.locator("#status")).to_contain_text("Moved to")
    was = first.starts_at
    first.refresh_from_db()
    assert (first.starts_at - was).days == 1
    expect(tab.get_by_text("Moved", exact=True)).to_be_visible()
    tab.locator("#status").get_by_role("button", name="Undo").click()
    expect(tab.locator("#status")).to_contain_text("Undone.")
    first.refresh_from_db()
    assert first.starts_at == was


@WITH_AND_WITHOUT
def test_who_came_is_noted_in_two_taps_on_a_phone(site, javascript):
    tab, click = site.tab("online", "en", java_script_enabled=javascript, viewport=PHONE), Clicks()
    before = Touchpoint.objects.kept().count()
    tab.goto("/calendar/")
    click(tab.get_by_role("link", name="Did it take place?"))
    click(tab.get_by_role("button", name="Save", exact=True))
    expect(tab.locator("#status")).to_contain_text("Noted:")
    assert click.count == 2
    assert Touchpoint.objects.kept().count() == before + 1


def test_this_and_the_following_dates_are_changed_by_keyboard(site):
    series = Series.objects.get(kind__code="coffee")
    second = series.occurrences.filter(starts_at__gt=clock.now()).order_by("starts_at")[1]
    tab = site.tab("under", "en")
    tab.goto(f"/events/{second.pk}/")
    tab.get_by_role("link", name="Change").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="This and the following").focus()
    tab.keyboard.press("Enter")
    place = tab.get_by_label("Where")
    place.focus()
    place.fill("La grande salle")
    tab.get_by_role("button", name="Save").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#status")).to_contain_text("Changed: Café de l’antenne")
    second.refresh_from_db()
    assert second.place == "La grande salle"
    assert second.series.follows == series


def test_a_click_on_a_day_of_the_grid_plans_there_and_the_list_says_it_to_keyboards(site):
    tab = site.tab("online", "en")
    tab.goto("/calendar/")
    tab.get_by_role("link", name="Next month").click()
    grid = tab.locator(".month")
    expect(grid).to_be_visible()
    assert grid.locator("a:not([tabindex='-1'])").count() == 0
    grid.locator("td:not(.out) .plan").nth(9).click()
    expect(tab).to_have_url(re.compile(r"/events/new/\?on=\d{4}-\d\d-10"))
    phone = site.tab("online", "en", viewport=PHONE)
    phone.goto("/calendar/")
    expect(phone.locator(".month")).to_be_hidden()
    expect(phone.get_by_role("link", name=re.compile("^Plan a meeting on")).first).to_be_visible()


def test_people_at_the_door_are_added_in_seconds_on_a_phone(site):
    user = site.user("online")
    running = Occurrence.objects.visible_to(user).hosted_by(user).not_yet_noted(clock.now()).first()
    tab = site.tab("online", "en", viewport=PHONE)
    tab.goto(f"/events/{running.pk}/")
    door = tab.locator("section", has=tab.get_by_role("heading", name="At the door"))
    door.get_by_role("combobox").fill("Zoé Inconnue")
    door.get_by_role("option", name="New: Zoé Inconnue").click()
    door.get_by_role("button", name="Is here").click()
    expect(tab.locator("#status")).to_contain_text("Here: Zoé Inconnue.")
    expect(tab.get_by_role("checkbox", name="Zoé Inconnue")).to_be_checked()
