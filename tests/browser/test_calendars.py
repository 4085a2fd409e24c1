"""Meetings in one's own calendar, and calendars of others in ours: by keyboard, on a phone, without JavaScript."""

from playwright.sync_api import expect

from events.models import Feed, Occurrence, Source
from foundation import clock
from tests.browser.conftest import photograph
from tests.cast import touchpoint_kind
from tests.events.ical.files import calendar, event

PHONE = {"width": 360, "height": 740}


def test_an_address_is_made_shown_once_and_ended_by_keyboard_without_javascript(site, axe):
    tab = site.tab("under", "en", java_script_enabled=False, viewport=PHONE)
    tab.goto("/calendar/")
    tab.get_by_role("link", name="In your own calendar").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Make an address").first.focus()
    tab.keyboard.press("Enter")
    address = tab.get_by_label("The address").input_value()
    assert "/calendar/feeds/" in address and Feed.objects.get().token_hash not in address
    assert (
        tab.get_by_role("link", name="Open in this device’s calendar")
        .get_attribute("href")
        .startswith("webcal:")
    )
    fetched = tab.request.get(address.replace(address.partition("/calendar")[0], site.url))
    assert fetched.ok and fetched.headers["content-type"].startswith("text/calendar")
    tab.goto("/calendar/feeds/")
    assert address not in tab.content() and tab.get_by_text("Last fetched").is_visible()
    tab.get_by_role("button", name="End it").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("The address leads nowhere now")


def test_the_page_with_the_address_and_the_list_with_a_problem_can_be_read_by_all(site, axe):
    person = site.user("under")
    tab = site.tab("under", "fr", viewport=PHONE)
    tab.goto("/calendar/feeds/")
    tab.get_by_role("button", name="Créer une adresse").first.click()
    tab.get_by_label("L’adresse").wait_for()
    photograph(tab, "feed-made-360")
    assert axe(tab) == []
    Source.objects.create(
        team=person.memberships.get().team,
        by=person,
        kind=touchpoint_kind("concert"),
        name="Le Bocal, programme de la saison",
        url="https://example.org/",
        identity="x",
        created_at=clock.now(),
        due_at=clock.now(),
        problem="Le site n’a pas répondu en 5 secondes.",
        rejected=[["Concert surprise", "Il est illisible."]],
    )
    tab.goto("/calendar/others/")
    photograph(tab, "calendars-problem-360")
    assert axe(tab) == []


def test_a_file_comes_in_and_is_undone_without_javascript(site):
    tab = site.tab("under", "en", java_script_enabled=False, viewport=PHONE)
    tab.goto("/calendar/import/")
    content = calendar(event("1", "VALUE=DATE:20991224", SUMMARY="Far-off fair"))
    tab.get_by_label("The file").set_input_files(
        {"name": "fair.ics", "mimeType": "text/calendar", "buffer": content}
    )
    tab.get_by_label("Mine: I host them").check()
    tab.get_by_role("button", name="Bring it in").click()
    expect(tab.get_by_role("status")).to_contain_text("1 came in")
    assert Occurrence.objects.standing().get(title="Far-off fair").hosts.get() == site.user("under")
    tab.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(tab.get_by_role("status")).to_contain_text("Undone")
    assert not Occurrence.objects.standing().filter(title="Far-off fair").exists()
