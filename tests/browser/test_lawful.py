"""Two contacts made one and two again, and somebody erased: with and without JavaScript, with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from contacts.models import Contact
from tests.browser.test_base import PHONE


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_double_is_compared_merged_and_undone(site, javascript):
    tab = site.tab("under", "en", java_script_enabled=javascript, viewport=PHONE)
    tab.goto("/contacts/duplicates/")
    tab.get_by_role("link", name="Look at both").first.click()
    tab.locator("label", has_text="Jo Berniere").last.click()
    tab.get_by_role("button", name="Make them one").click()
    expect(tab.locator("h1")).to_have_text("Jo Berniere")
    kept, double = Contact.objects.filter(name="Jo Berniere").order_by("pk")
    assert tab.goto(f"/contacts/{double.pk}/").url.endswith(f"/contacts/{kept.pk}/")
    tab.get_by_role("button", name="a contact of its own again").click()
    expect(tab.locator("#status")).to_contain_text("Undone")
    expect(tab.locator("h1")).to_have_text("Jo Bernières")


def test_two_that_are_two_by_keyboard_alone(site):
    tab = site.tab("under", "en")
    tab.goto("/contacts/duplicates/")
    tab.get_by_role("button", name="Not the same").focus()
    tab.keyboard.press("Enter")
    tab.get_by_text("No likely duplicate").wait_for()
    tab.get_by_role("button", name="Undo").focus()
    tab.keyboard.press("Enter")
    tab.get_by_text("1 pair that is likely the same").wait_for()


def test_a_request_from_the_list_to_erased_without_scripts(site):
    tab = site.tab("admin", "en", java_script_enabled=False)
    tab.goto("/privacy/")
    tab.get_by_role("link", name="Hervé Lenoir").click()
    tab.get_by_role("link", name="Erase…").click()
    tab.get_by_label("Type the name").fill("Hervé")
    tab.get_by_role("button", name="Erase for good").click()
    expect(tab.locator("main")).to_contain_text("This is not the name")
    tab.get_by_label("Type the name").fill("Hervé Lenoir")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Erase for good").click()
    assert "Lenoir" not in tab.locator("main").inner_text()
    assert not Contact.objects.filter(name="Hervé Lenoir").exists()
