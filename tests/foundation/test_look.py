"""The budgets of a first visit, the contrast of the tokens, and what the CSP forbids: on the built files."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
KB = 1024


def compressed(*names: str) -> int:
    """Bytes as they travel; fonts are compressed already."""
    sizes = []
    for name in names:
        content = (STATIC / name).read_bytes()
        sizes.append(len(content) if name.endswith(".woff2") else len(gzip.compress(content, 9)))
    return sum(sizes)


@pytest.mark.parametrize(
    ("names", "most"),
    [
        (["css/app.css"], 32 * KB),
        (["js/app.js"], 25 * KB),
        (["icons.svg"], 6 * KB),
        (["fonts/figtree.woff2", "fonts/bricolage-grotesque.woff2"], 65 * KB),
        (
            [
                "css/app.css",
                "js/app.js",
                "icons.svg",
                "fonts/figtree.woff2",
                "fonts/bricolage-grotesque.woff2",
            ],
            130 * KB,
        ),
    ],
)
def test_budgets(names, most):
    assert compressed(*names) <= most


def tokens(start: str) -> dict[str, str]:
    """The colours that the style sheet sets in its first rule after `start`."""
    css = (STATIC / "css" / "app.css").read_text(encoding="utf-8")
    rule = css[css.index(start) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", rule[: rule.index("}")]))


LIGHT = tokens("color-scheme:light")
DARK = tokens("color-scheme:dark")
TEXT = ("ink", "ink-2", "brand", "brand-strong", "real", "online", "caution", "danger", "info")
GROUNDS = ("paper", "surface", "sunken")
PAIRS = [(text, ground, 4.5) for text in TEXT for ground in GROUNDS]
PAIRS += [(edge, ground, 3.0) for edge in ("control", "focus", "real", "online") for ground in GROUNDS]
PAIRS += [(name, f"{name}-soft", 4.5) for name in ("brand", "real", "online", "caution", "danger", "info")]
PAIRS += [("on-brand", "brand", 4.5), ("on-brand", "brand-strong", 4.5), ("ink", "caution-soft", 4.5)]
PAIRS += [("ink", f"{name}-soft", 4.5) for name in ("brand", "danger", "info")]
PAIRS += [
    ("paper", "ink", 4.5),
    ("ink-2", "brand-soft", 4.5),
    ("brand", "info-soft", 4.5),
    ("brand", "caution-soft", 4.5),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of "#RRGGBB"."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_tokens_are_legible(theme, front, back, least):
    assert contrast(theme[front], theme[back]) >= least


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_in_person_differs_from_online_without_colour(theme):
    """Solid against the hatch's ground: the bar is read in greyscale, too."""
    assert contrast(theme["real"], theme["online-soft"]) >= 3


# A document that is downloaded and read without the site: its few lines of style go with it.
DOWNLOADED = {Path("contacts/access_report.html")}


def templates() -> list[Path]:
    """Pages. Letters (e-mail) follow other rules: mail programs want styles inline."""
    letters = {"mail", "email"}
    found = [path.relative_to(ROOT / "templates") for path in ROOT.glob("templates/**/*.html")]
    pages = [
        path
        for path in found
        if not letters & set(path.parts) and path.parts[1:2] != ("notifications",) and path not in DOWNLOADED
    ]
    return [ROOT / "templates" / path for path in pages]


def test_no_page_has_inline_style_or_script():
    forbidden = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\shx-on|\son[a-z]+=\"|javascript:")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in templates()
        for match in forbidden.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_nothing_is_fetched_from_elsewhere():
    built = [STATIC / "css" / "app.css", STATIC / "js" / "app.js", *templates()]
    for path in built:
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text
        assert not re.search(r"(?:src|href)=\"https?://|url\(\"?https?://|@import", text), path


def test_each_font_and_the_icons_have_their_licence():
    for name in ("bricolage-grotesque", "figtree"):
        licence = (STATIC / "fonts" / f"{name}-licence.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in licence.upper()
    assert "ISC License" in (STATIC / "icons-licence.txt").read_text(encoding="utf-8")
