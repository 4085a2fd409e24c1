"""Where things stand in the presence bar and the equaliser. Pure geometry, in the units of an SVG.

Numbers are text with a point, whatever the language: they go into attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH = 300
BLOCK_WIDTH, BLOCK_HEIGHT, PITCH = 18, 7, 9
"""A block is 18 by 7, and the next one lies 9 further."""
MOST_UP, MOST_DOWN = 8, 10
"""More blocks than that are not drawn; the count beside them says how many there are."""
ROOM_FOR_COUNT, ROOM_FOR_LABEL = 15, 30
NEAR_END = 12
"""A label nearer to an end than this, in percent, begins or ends there."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A block: `css` is rb (real), ob (online), pr or po (the same, planned)."""

    css: str
    x: str
    y: str
    width: str
    height: str
    rx: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words centred on `x` (or beginning there); `strong` for the present."""

    x: str
    y: str
    words: str
    strong: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Equaliser:
    """All that is drawn: blocks, counts and labels over a base line."""

    width: int
    height: int
    base: int
    rects: Sequence[Rect]
    texts: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the drawing needs of a column: two counts, the label under it, how it is drawn; `empty`: not at all."""

    real: int
    online: int
    label: str
    is_now: bool = False
    planned: bool = False
    empty: bool = False
    word: str = ""


def percent(share: Fraction) -> str:
    """A share as an attribute: 33.33%."""
    return f"{float(share) * 100:.2f}%"


def anchor(share: Fraction) -> str:
    """Where a label hangs on its mark, so that it stays inside the bar."""
    if share * 100 < NEAR_END:
        return "start"
    return "end" if share * 100 > 100 - NEAR_END else "middle"


def equaliser(columns: Sequence[Blocks], *, peak_real: int = 0, peak_online: int = 0) -> Equaliser:
    """The drawing of some columns. Peaks, if higher than one's own, give several drawings the same height."""
    up = min(MOST_UP, max([1, peak_real, *(column.real for column in columns)]))
    down = min(MOST_DOWN, max([1, peak_online, *(column.online for column in columns)]))
    base = ROOM_FOR_COUNT + up * PITCH + 1
    height = base + 4 + down * PITCH + ROOM_FOR_LABEL
    rects: list[Rect] = []
    texts: list[Text] = []
    pitch = WIDTH / max(1, len(columns))
    for number, column in enumerate(columns):
        middle = pitch * (number + 0.5)
        texts.append(_label(column, number, middle, height))
        if column.empty:
            texts.append(Text(_n(middle), _n(base - 6), column.word))
            continue
        rects += _blocks(column, middle, base)
        texts += _counts(column, middle, base)
    return Equaliser(WIDTH, height, base, rects, [text for text in texts if text.words])


def _label(column: Blocks, number: int, middle: float, height: int) -> Text:
    """The words under a column; centred ones at either end would be cut off."""
    if number == 0:
        return Text("0", _n(height - 2), column.label, column.is_now, "start")
    if column.planned:
        return Text(_n(WIDTH), _n(height - 2), column.label, column.is_now, "end")
    return Text(_n(middle), _n(height - 2), column.label, column.is_now)


def _blocks(column: Blocks, middle: float, base: int) -> list[Rect]:
    left = middle - BLOCK_WIDTH / 2
    above = [
        Rect(
            "pr" if column.planned else "rb",
            _n(left),
            _n(base - 10 - PITCH * number),
            _n(BLOCK_WIDTH),
            _n(BLOCK_HEIGHT),
            "3.5",
        )
        for number in range(min(MOST_UP, column.real))
    ]
    below = [
        Rect(
            "po" if column.planned else "ob",
            _n(left + 0.75),
            _n(base + 4 + PITCH * number),
            _n(BLOCK_WIDTH - 1.5),
            _n(BLOCK_HEIGHT - 1),
            "1",
        )
        for number in range(min(MOST_DOWN, column.online))
    ]
    return above + below


def _counts(column: Blocks, middle: float, base: int) -> list[Text]:
    up, down = min(MOST_UP, column.real), min(MOST_DOWN, column.online)
    counts = []
    if column.real:
        counts.append(Text(_n(middle), _n(base - PITCH * up - 6), str(column.real), column.is_now))
    if column.online:
        counts.append(Text(_n(middle), _n(base + 4 + PITCH * down + 10), str(column.online), column.is_now))
    return counts


def _n(value: float) -> str:
    return f"{value:.1f}"
