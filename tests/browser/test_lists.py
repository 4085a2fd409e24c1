"""The list of contacts in a browser: found as one types, several handled by keyboard and without JavaScript."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import expect

from contacts.models import Contact, ContactKind, SavedFilter, Tag
from foundation import clock
from tests.browser.test_base import PHONE
from tests.browser.test_pages import photograph


def test_names_are_found_as_one_types_and_the_focus_stays(site, complaints):
    tab = site.tab("under", "en")
    heard = complaints(tab)
    tab.goto("/contacts/")
    field = tab.locator("#q")
    field.press_sequentially("cidrr", delay=20)
    expect(tab.locator("#found")).to_contain_text("Much like it")
    expect(tab.get_by_role("link", name="Cidre brut", exact=True)).to_be_visible()
    expect(tab.locator("#list-said")).to_have_text(re.compile(r"^\d+ contacts?$"))
    expect(field).to_be_focused()
    expect(field).to_have_value("cidrr")
    assert "q=cidrr" in tab.url
    assert heard == []


def test_several_are_tagged_by_keyboard_and_it_is_taken_back(site, axe):
    tab = site.tab("under", "en")
    tab.goto("/contacts/?show=groups")
    for key in ("j", "x", "j", "x"):
        tab.keyboard.press(key)
    summary = tab.locator(".several summary")
    expect(summary).to_have_text("With the 2 chosen")
    summary.focus()
    tab.keyboard.press("Enter")
    assert axe(tab) == []
    tab.get_by_label("Tags", exact=True).fill("à revoir au printemps")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("2 contacts were changed.")
    assert Contact.objects.filter(tags__name="à revoir au printemps").count() == 2
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_role("status")).to_contain_text("Undone.")
    assert not Contact.objects.filter(tags__name="à revoir au printemps").exists()


def test_the_open_bar_leaves_the_rows_of_a_phone_in_reach(site):
    tab = site.tab("under", "en", viewport=PHONE)
    tab.goto("/contacts/")
    tab.locator(".several summary").click()
    tab.locator("[name=pick]").first.scroll_into_view_if_needed()
    tab.locator("[name=pick]").first.check()
    tab.locator(".several [name=everything]").check()
    expect(tab.locator(".several summary")).to_be_in_viewport()


def test_without_javascript_a_list_is_kept_exported_binned_and_brought_back(site):
    tab = site.tab("under", "en", java_script_enabled=False)
    tab.goto("/contacts/?show=groups")
    tab.get_by_text("Keep these filters").click()
    tab.locator("#filter-name").fill("Our groups")
    tab.get_by_role("button", name="Keep", exact=True).click()
    expect(tab.get_by_role("link", name="Our groups")).to_have_attribute("aria-current", "true")
    assert SavedFilter.objects.get().query == "show=groups"
    tab.get_by_text("Export this list").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download").first.click()
    rows = list(
        csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig")), delimiter=";")
    )
    assert rows[0][:2] == ["CommunityCRM id", "Name"] and len(rows) > 20
    first = tab.locator("[name=pick]").first
    name = tab.locator("tbody .name").first.text_content()
    first.check()
    tab.locator(".several summary").click()
    tab.get_by_role("button", name="Put into the bin").click()
    expect(tab.get_by_role("status")).to_contain_text("1 contact is in the bin for 30 days.")
    tab.goto("/contacts/bin/")
    tab.get_by_role("button", name=f"Take {name} out of the bin").click()
    expect(tab.get_by_role("status")).to_contain_text("1 contact is back.")


def test_a_file_may_be_downloaded_twice_from_the_same_page(site):
    tab = site.tab("under", "en")
    tab.goto("/contacts/?show=colleagues")
    tab.get_by_text("Export this list").click()
    for into in ("xlsx", "vcard"):
        tab.locator("#list-format").select_option(into)
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Download").first.click()
        assert Path(download.value.path()).stat().st_size > 300


def test_later_and_not_this_one_on_today(site):
    tab = site.tab("under", "en")
    tab.goto("/")
    card = tab.locator("section", has=tab.locator("#to-see"))
    names = card.locator("a.name").all_text_contents()
    card.get_by_role("button", name=f"Later – {names[0]}").click()
    expect(tab.get_by_role("status")).to_contain_text("will be suggested again from")
    expect(card.get_by_role("link", name=names[0], exact=True)).to_have_count(0)
    tab.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("link", name=names[0], exact=True)).to_be_visible()


def test_a_full_bin_and_the_addresses_are_readable(site, axe):
    tab = site.tab("under", "fr")
    away = Contact.objects.filter(binned_at=None, is_group=True).values("pk")[:3]
    Contact.objects.filter(pk__in=list(away.values_list("pk", flat=True))).update(binned_at=clock.now())
    tab.goto("/contacts/bin/")
    assert tab.locator("[name=pick][type=checkbox]").count() == 3
    assert axe(tab) == []
    photograph(tab, "contacts-bin-full")
    tab.goto("/contacts/")
    tab.locator(".several summary").click()
    photograph(tab, "contacts-several")
    tab.locator(".several [name=everything]").check()
    tab.get_by_role("button", name="Copier les adresses").click()
    expect(tab.locator("#addresses")).to_have_value(re.compile("@"))
    assert axe(tab) == []
    photograph(tab, "contacts-addresses")


def test_a_long_tag_and_a_long_kind_in_one_word_stay_inside_a_narrow_window(site):
    jo = Contact.objects.filter(team__memberships__user=site.user("under"), binned_at=None).first()
    jo.tags.add(Tag.objects.create(team=jo.team, name="t" * 60, key="t" * 60))
    jo.kind = ContactKind.objects.create(team=jo.team, code="long", name="k" * 60)
    jo.save()
    tab = site.tab("under", viewport={"width": 320, "height": 640})
    for address in (f"/contacts/{jo.pk}/", f"/contacts/?kind={jo.kind_id}"):
        tab.goto(address)
        tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert tab.evaluate("document.documentElement.scrollWidth") == 320, address
