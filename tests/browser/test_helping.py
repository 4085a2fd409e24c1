"""A lead offers a hand in three clicks, and the CM finds it on Today."""

import pytest
from playwright.sync_api import expect

from ratio.models import Offer

WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


@WITH_AND_WITHOUT
def test_a_meeting_is_proposed_in_three_clicks_and_found_on_today(site, javascript):
    lea, lead = site.user("online"), site.user("lead")
    team = lea.memberships.get().team
    tab = site.tab("lead", "en", java_script_enabled=javascript)
    tab.goto(f"/teams/{team.slug}/presence/")
    tab.get_by_role("link", name=f"Offer help ({lea.name})").click()  # one
    tab.locator("label.fc", has=tab.locator("input[name=day]")).nth(1).click()  # two
    tab.get_by_role("button", name="Propose").click()  # three
    expect(tab.locator("#status")).to_contain_text(f"{lea.name} finds it on Today")
    offer = Offer.objects.get(manager=lea)
    mine = site.tab("online", "en", java_script_enabled=javascript)
    mine.goto("/")
    expect(mine.get_by_role("heading", name=f"{lead.name} proposes to go together")).to_be_visible()
    mine.get_by_role("button", name="Gladly").click()
    expect(mine.locator("#status")).to_contain_text("You go together")
    assert set(offer.occurrence.hosts.all()) == {lea, lead}
    mine.locator("#status").get_by_role("button", name="Undo").click()
    expect(mine.get_by_role("button", name="Gladly")).to_be_visible()
    assert set(offer.occurrence.hosts.all()) == {lead}


def test_the_lines_come_by_themselves_and_are_a_page_without_script(site):
    tab = site.tab("online", "en")
    tab.goto("/presence/")
    expect(tab.locator("#lines table.sheet")).to_have_count(1)
    plain = site.tab("online", "en", java_script_enabled=False)
    plain.goto("/presence/")
    plain.get_by_role("link", name="See the lines").click()
    expect(plain.locator("#lines table.sheet")).to_be_visible()


def test_print_has_the_tables_open_no_buttons_and_its_address(site):
    team = site.user("online").memberships.get().team
    for who, path in (
        ("online", "/presence/counted/"),
        ("online", "/presence/year/"),
        ("lead", f"/teams/{team.slug}/presence/"),
        ("lead", f"/teams/{team.slug}/presence/report/"),
    ):
        tab = site.tab(who, "en")
        tab.goto(path)
        tab.emulate_media(media="print")
        assert tab.locator(".btn:visible, nav:visible").count() == 0, path
        assert tab.locator("table:visible").count() > 0, path
        expect(tab.locator(".foot .print-only")).to_contain_text(f"{site.url}{path} ·")
        folded = tab.locator("main details:not([open], .no-print)")
        before = folded.count()
        tab.evaluate(
            "dispatchEvent(new Event('beforeprint'))"
        )  # for browsers that do not know ::details-content
        expect(folded).to_have_count(0)
        tab.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(folded).to_have_count(before)
