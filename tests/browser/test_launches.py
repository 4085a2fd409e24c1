"""A launch by thumb, by keyboard and without JavaScript: made in a few taps, met by noting a meeting."""

import uuid

import pytest
from playwright.sync_api import expect

from contacts import logbook
from contacts.models import Contact
from foundation import clock
from outreach.launches.coverage import State, of_launch
from outreach.models import Launch
from tests.cast import touchpoint_kind

PHONE = {"width": 360, "height": 640}


class Thumb:
    """Taps, counted."""

    def __init__(self):
        self.taps = 0

    def __call__(self, target):
        self.taps += 1
        target.tap()


def launch_called(name):
    return Launch.objects.select_related("team").get(name=name)


def meets_people_at_this_hour(person, team):
    """The form begins with what somebody does at this hour: in the demo that may be a call, which meets nobody."""
    now = clock.now()
    somebody = Contact.objects.filter(team=team, kind__code="person", binned_at=None)[:1]
    logbook.note(
        team=team,
        by=person,
        client_id=uuid.uuid4(),
        kind=touchpoint_kind(),
        met_at=now,
        contacts=somebody,
        now=now,
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_launch_with_twelve_groups_in_twelve_taps_and_one_met_by_noting_a_meeting(site, javascript):
    tab = site.tab("under", "en", java_script_enabled=javascript, viewport=PHONE, has_touch=True)
    tap = Thumb()
    tab.goto("/")
    tap(tab.locator(".to-menu"))
    tap(tab.get_by_role("link", name="Launches").last)
    tap(tab.get_by_role("link", name="Prepare a launch"))
    name, day = tab.get_by_label("What is it called?"), tab.get_by_label("On which day?")
    tap(name)
    name.fill("Site neuf")
    tap(day)
    day.fill("2027-03-19")
    for kind in ("Webzine", "Media"):  # seven and five in the demo
        tap(tab.locator("label.fc", has_text=kind))
    tap(tab.locator("label.fc", has_text="Colleagues"))  # not this time
    tap(tab.locator(".sheetbar button"))
    expect(tab.locator("#status")).to_contain_text("Prepared: 12 contacts to meet.")
    assert tap.taps <= 12
    launch = launch_called("Site neuf")
    assert all(card.contact.is_group for card in of_launch(launch).cards)

    meets_people_at_this_hour(site.user("under"), launch.team)
    tap = Thumb()
    first = tab.locator("#board").locator("xpath=ancestor::form").locator(".column li").first
    named = first.locator(".name").inner_text()
    tap(first.get_by_role("link", name=f"Note a meeting with {named}"))
    tap(tab.locator(".sheetbar button"))
    expect(tab.locator("#status")).to_contain_text("Noted")
    assert tap.taps == 2
    states = {card.contact.name: card.state for card in of_launch(launch).cards}
    assert [name for name, state in states.items() if state is State.MET] == [named]
    tab.goto(f"/launches/{launch.pk}/")
    expect(tab.locator(".say").first).to_contain_text("1 of 12 groups met")

    tab.locator(".column").first.get_by_role("button", name="On board").first.tap()
    expect(tab.locator("#status")).to_contain_text("On board")
    tab.locator("#status").get_by_role("button", name="Undo").tap()
    expect(tab.locator("#status")).to_contain_text("Undone")
    assert State.ON_BOARD not in {card.state for card in of_launch(launch).cards}


def test_by_keyboard_alone(site):
    tab = site.tab("under", "en")
    tab.goto("/")
    tab.locator("h1").click()
    tab.keyboard.press("g")
    tab.keyboard.press("l")
    tab.wait_for_url("**/launches/")
    tab.get_by_role("link", name="Prepare a launch").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/new/")
    tab.get_by_label("What is it called?").focus()
    tab.keyboard.type("Au clavier")
    tab.get_by_label("On which day?").fill("2027-03-19")
    tab.locator("input[name=kind]").first.focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    tab.get_by_label("What is it called?").focus()
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#status")).to_contain_text("Prepared")
    launch = launch_called("Au clavier")
    for state in ("On board", "No"):
        tab.locator(".column").first.get_by_role("button", name=state).first.focus()
        tab.keyboard.press("Enter")
        expect(tab.locator("#status")).to_contain_text("On board" if state == "On board" else "Said no")
    states = [card.state for card in of_launch(launch).everybody]
    assert (states.count(State.ON_BOARD), states.count(State.NO)) == (1, 1)


def test_a_link_is_copied_and_leads_on(site):
    tab = site.tab("under", "en", permissions=["clipboard-read", "clipboard-write"])
    launch = launch_called("Ouverture de Marée haute")
    tab.goto(f"/launches/{launch.pk}/relays/")
    tab.get_by_role("button", name="Copy the link of").first.click()
    expect(tab.locator("#status")).to_contain_text("Copied.")
    code = tab.locator("code[id^=link-]").first.inner_text().rpartition("/")[2]
    answer = tab.request.get(f"/r/{code}", max_redirects=0)
    assert answer.status == 302
    assert answer.headers["location"].startswith("https://maree-haute.example/ouverture?utm_source=")
    assert "set-cookie" not in answer.headers


def test_one_picture_is_shown_and_its_words_are_large_enough(site):
    launch = launch_called("Ouverture de Marée haute")
    for width in (360, 1280):
        tab = site.tab("under", "fr", viewport={"width": width, "height": 800})
        tab.goto(f"/launches/{launch.pk}/picture/")
        shown = tab.locator("svg.score:visible")
        expect(shown).to_have_count(1)
        box = shown.bounding_box()
        units = float(shown.get_attribute("viewBox").split()[2])
        assert 12 * box["width"] / units >= 11
