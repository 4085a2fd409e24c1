"""The action done ten times a week: noting who was just seen, by thumb, by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from contacts.models import Contact, Touchpoint

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def noted():
    """`noted()` are the touchpoints that came since the test began, oldest first."""
    last = Touchpoint.objects.order_by("-pk").first().pk
    return lambda: list(Touchpoint.objects.filter(pk__gt=last, binned_at=None).order_by("pk"))


def unchosen(tab):
    """The chips of people not chosen yet."""
    return tab.locator("label.fc:has(input[name=who]:not(:checked))")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_three_people_in_four_taps_from_today(site, noted, javascript):
    tab = site.tab("under", "en", java_script_enabled=javascript, viewport=PHONE, has_touch=True)
    tab.goto("/")

    tab.locator(".strip a").first.tap()
    unchosen(tab).nth(0).tap()
    unchosen(tab).nth(0).tap()
    save = tab.locator(".sheetbar button")
    if javascript:
        expect(save).to_have_text("Save · 3 people")
    save.tap()

    expect(tab.locator("#status")).to_contain_text("Noted")
    (touchpoint,) = noted()
    assert touchpoint.contacts.count() == 3
    assert tab.url == f"{site.url}/"


def test_the_submit_button_is_in_the_first_640_pixels(site):
    tab = site.tab("under", viewport=PHONE)
    tab.goto("/log/")
    box = tab.locator(".sheetbar button").bounding_box()
    assert box["y"] + box["height"] <= 640
    assert box["height"] >= 44


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_undo_takes_it_back(site, noted, javascript):
    tab = site.tab("under", "en", java_script_enabled=javascript)
    tab.goto("/log/")
    unchosen(tab).first.click()
    tab.locator(".sheetbar button").click()
    tab.locator("#status").get_by_role("button", name="Undo").click()
    expect(tab.locator("#status")).to_contain_text("Undone")
    assert noted() == []


def test_by_keyboard_alone(site, noted):
    tab = site.tab("under", "en")
    tab.goto("/contacts/")
    tab.locator("h1").click()
    tab.keyboard.press("n")
    tab.wait_for_url("**/log/*")
    tab.locator("main").focus()
    tab.keyboard.press("Tab")
    expect(tab.locator("input[name=who]").first).to_be_focused()
    tab.keyboard.press("Space")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    tab.locator("#others").focus()
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#status")).to_contain_text("Noted")
    assert noted()[0].contacts.count() == 2


def test_the_combobox_finds_people_and_takes_new_names(site, noted, axe):
    someone = Contact.objects.filter(is_group=True, binned_at=None).order_by("-pk").first()
    tab = site.tab("under", "en")
    tab.goto("/log/")
    field = tab.get_by_role("combobox")
    field.press_sequentially(someone.name[:6].lower())
    option = tab.get_by_role("option", name=someone.name).first
    expect(option).to_be_visible()
    assert axe(tab) == []
    expect(field).to_have_attribute("aria-expanded", "true")
    option.click()
    expect(tab.get_by_role("button", name=f"Remove {someone.name}")).to_be_visible()

    field.press_sequentially("Zébulon Tric")
    expect(tab.get_by_role("option", name="New: Zébulon Tric")).to_be_visible()
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    expect(field).to_have_value("")
    expect(tab.locator(".sheetbar button")).to_have_text("Save · 2 people")

    tab.keyboard.press("Backspace")
    expect(tab.locator(".sheetbar button")).to_have_text("Save · 1 person")
    expect(field).to_be_focused()
    field.press_sequentially("zeb")
    tab.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    tab.keyboard.press("Escape")
    expect(field).to_have_value("")

    tab.locator(".sheetbar button").click()
    expect(tab.locator("#status")).to_contain_text(someone.name)
    assert [contact.pk for contact in noted()[0].contacts.all()] == [someone.pk]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_an_unknown_name_becomes_a_contact(site, noted, javascript):
    tab = site.tab("under", "en", java_script_enabled=javascript)
    tab.goto("/log/")
    field = tab.locator("#others")
    field.press_sequentially("Zébulon Tric")
    if javascript:
        expect(tab.get_by_role("option", name="New: Zébulon Tric")).to_be_visible()
        tab.keyboard.press("Enter")
    tab.locator(".sheetbar button").click()
    expect(tab.locator("#status")).to_contain_text("Zébulon Tric")
    assert [contact.name for contact in noted()[0].contacts.all()] == ["Zébulon Tric"]


def test_two_taps_on_save_note_it_once(site, noted):
    tab = site.tab("under", "en")
    tab.goto("/log/")
    unchosen(tab).first.click()
    tab.locator(".sheetbar button").dblclick()
    expect(tab.locator("#status")).to_contain_text("Noted")
    assert len(noted()) == 1


def test_nobody_chosen_is_said_beside_the_field_and_nothing_is_lost(site, noted, axe):
    tab = site.tab("under", "en")
    tab.goto("/log/")
    tab.locator("textarea[name=note]").fill("Parlé de la sortie")
    tab.locator(".sheetbar button").click()
    expect(tab.locator(".summary")).to_be_focused()
    expect(tab.locator("textarea[name=note]")).to_have_value("Parlé de la sortie")
    assert axe(tab) == []
    assert noted() == []
