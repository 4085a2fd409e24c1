"""Each page of the demo, in both languages and themes: readable, operable, and inside its window."""

import pytest

from tests.browser.conftest import SHOTS, photograph
from tests.browser.pages import PAGES, ids

WIDTHS = (320, 360, 768, 1280)

# What is smaller than 44 by 44 px on a phone, among what thumbs are for; a choice is as large as its label.
TOO_SMALL = """() => {
  const thumbs = ".btn, .fc, .ib, .tabs a, .strip a, .menu a, .menu button, summary, .in, .form-control, .form-select, .pills a";
  return [...document.querySelectorAll(thumbs)].filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return one.checkVisibility({ visibilityProperty: true }) && width > 0 && (height < 43.5 || width < 43.5);
  }).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)} ${JSON.stringify(one.getBoundingClientRect())}`);
}"""
# WCAG's text spacing, and text twice as large; as a constructed sheet, which the CSP has nothing against.
LARGE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: 200% } * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
WIDER_THAN_WINDOW = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), wide = [`${innerWidth}`];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (range.getBoundingClientRect().right > innerWidth) wide.push(texts.currentNode.textContent.trim().slice(0, 40));
  }
  for (const one of document.querySelectorAll("body *"))
    if (one.getBoundingClientRect().right > innerWidth) wide.push(`${one.tagName}.${one.getAttribute("class")}`);
  return wide.slice(0, 8);
}"""


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES, ids=str)
def test_page(site, axe, complaints, page, language):
    tab = site.kept_tab(page.who, language)
    heard = complaints(tab)
    path = page.path.format(**ids(site.user("under"))) if "{" in page.path else page.path

    answer = tab.goto(path)

    assert answer.status == page.status
    assert tab.locator("html").get_attribute("lang") == language
    assert tab.locator("h1").count() == 1
    assert axe(tab) == []
    fits(tab)
    is_photographed = page.is_photographed and language == "fr" and SHOTS.exists()
    if is_photographed:
        photograph_whole(tab, f"{page.name}-light")
    tab.emulate_media(color_scheme="dark")
    assert axe(tab, rules=["color-contrast"]) == [], "in the dark theme: only its colours differ"
    if is_photographed:
        photograph_whole(tab, f"{page.name}-dark")
    if page.status == 200:
        assert heard == []


def fits(tab):
    """No sideways scrolling at any width, nor with large text; thumbs find what they need on a phone."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 740})
        assert tab.evaluate(WIDER_THAN_WINDOW) == []
        if width == 360:
            assert tab.evaluate(TOO_SMALL) == []
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.evaluate(LARGE)
    assert tab.evaluate(WIDER_THAN_WINDOW) == [], "with text twice as large"
    tab.evaluate("document.adoptedStyleSheets = []")
    tab.set_viewport_size({"width": 1280, "height": 900})


def photograph_whole(tab, name):
    """On a phone and on a desk, as tall as the page: bars that stick to the window would be drawn over the middle."""
    for width, least in ((360, 740), (1280, 900)):
        tab.set_viewport_size({"width": width, "height": least})
        height = tab.evaluate("document.documentElement.scrollHeight")
        tab.set_viewport_size({"width": width, "height": height})
        photograph(tab, f"{name}-{width}", full_page=False)
