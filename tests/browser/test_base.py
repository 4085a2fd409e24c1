"""What each page owes its reader: keys, the menu, themes, motion, print, high contrast, life without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import photograph

PHONE = {"width": 360, "height": 640}


def test_the_first_tab_stop_skips_to_the_content(site):
    tab = site.tab("under", "en")
    tab.goto("/contacts/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()


def test_focus_is_seen_and_never_under_the_bars(site):
    """Every stop of a phone's page shows an outline, and lies between the top bar and the bottom bar."""
    tab = site.tab("under", viewport=PHONE)
    tab.goto("/contacts/")
    covered = """() => {
      const one = document.activeElement, { top, bottom } = one.getBoundingClientRect();
      const bars = one.closest(".top, .tabs, .skip");
      const ring = getComputedStyle(one.closest(".fc") ?? one).outlineStyle;
      const hidden = !bars && (bottom <= 60 || top >= innerHeight - 65);
      return [hidden, ring === "none", one.tagName + " " + one.textContent.trim().slice(0, 30)];
    }"""
    for _ in range(40):
        tab.keyboard.press("Tab")
        hidden, without_ring, what = tab.evaluate(covered)
        if what.startswith("BODY"):
            break
        assert not hidden, what
        assert not without_ring, what


def test_the_menu_opens_as_a_sheet_and_gives_the_focus_back(site):
    tab = site.tab("under", "en", viewport=PHONE)
    tab.goto("/")
    tab.get_by_role("link", name="Menu").click()
    sheet = tab.get_by_role("dialog", name="Menu")
    expect(sheet.get_by_role("link", name="Posts")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(tab.get_by_role("link", name="Menu")).to_be_focused()
    expect(tab.locator("footer #menu")).to_have_count(1)


def test_without_javascript_the_menu_is_the_foot_of_the_page(site):
    tab = site.tab("under", "en", java_script_enabled=False, viewport=PHONE)
    tab.goto("/")
    tab.get_by_role("link", name="Menu").click()
    assert tab.url.endswith("#menu")
    expect(tab.locator("#menu").get_by_role("link", name="Posts")).to_be_in_viewport()
    expect(tab.locator("#menu").get_by_role("button", name="Sign out")).to_be_visible()


def test_single_keys_go_places_but_never_out_of_a_field(site):
    tab = site.tab("under", "en")
    tab.goto("/")
    tab.keyboard.press("/")
    expect(tab.locator("#find")).to_be_focused()
    tab.keyboard.press("n")
    expect(tab.locator("#find")).to_have_value("n")
    tab.locator("h1").click()
    tab.keyboard.press("g")
    tab.keyboard.press("c")
    tab.wait_for_url("**/contacts/")
    tab.keyboard.press("n")
    tab.wait_for_url("**/log/")


def test_single_keys_have_an_off_switch(site, axe):
    tab = site.tab("under", "en")
    tab.goto("/")
    tab.keyboard.press("?")
    keys = tab.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert axe(tab) == []
    keys.get_by_role("link", name="Turn single keys off").click()
    tab.locator("#id_shortcuts").uncheck()
    with tab.expect_navigation():
        tab.locator("#id_shortcuts").evaluate("one => one.form.requestSubmit()")
    tab.goto("/")
    tab.keyboard.press("n")
    tab.keyboard.press("?")
    assert tab.url == f"{site.url}/"
    expect(keys).to_be_hidden()


@pytest.mark.parametrize(("theme", "paper"), [("light", "rgb(251, 248, 242)"), ("dark", "rgb(23, 20, 26)")])
def test_the_persons_theme_wins_over_the_devices(site, theme, paper):
    tab = site.tab("under", color_scheme="dark" if theme == "light" else "light")
    user = site.user("under")
    user.theme = theme
    user.save()
    tab.goto("/")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_nothing_moves_for_those_who_asked_for_less(site):
    tab = site.tab("under")
    tab.goto("/presence/")
    moving = "document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 1).length"
    assert tab.evaluate(moving) == 0
    tab.keyboard.press("?")
    assert tab.evaluate(moving) == 0


@pytest.mark.parametrize("path", ["/", "/presence/"])
def test_print_keeps_the_figures_and_drops_the_controls(site, path):
    tab = site.tab("under")
    tab.goto(path)
    tab.emulate_media(media="print")
    for gone in (".top", ".side", ".tabs", "main .btn", "main .ib"):
        assert [one for one in tab.locator(gone).all() if one.is_visible()] == []
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    photograph(tab, f"print{path.replace('/', '-')}")


def test_forced_colours_keep_bar_and_notch(site):
    tab = site.tab("under", forced_colors="active")
    tab.goto("/presence/")
    real, mark = tab.locator(".bal .r").first, tab.locator(".bal .t").first
    assert real.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert mark.evaluate("one => getComputedStyle(one).fill") != real.evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    photograph(tab, "forced-colours")


def test_a_first_visit_stays_small(site):
    """A17 without the page itself being counted twice: few requests, nothing from elsewhere."""
    tab = site.tab("under")
    addresses: list[str] = []
    tab.on("request", lambda request: addresses.append(request.url))
    answer = tab.goto("/")
    tab.wait_for_load_state("networkidle")
    assert len(addresses) <= 14
    assert [address for address in addresses if not address.startswith((site.url, "data:"))] == []
    assert len(answer.body()) < 120_000
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert re.search(r"script-src 'self'(;|$)", policy)


def test_nothing_of_a_page_is_kept_in_the_browser(site):
    """htmx could keep pages in the session's storage; ours hold personal data."""
    tab = site.tab("under")
    tab.goto("/contacts/")
    tab.goto("/")
    kept = tab.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
    assert [text for text in kept if "<" in text or len(text) > 100] == []
