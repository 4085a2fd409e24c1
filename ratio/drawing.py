"""Where things stand in the presence bar, the equaliser and the picture of a year. Pure geometry, in SVG units.

Numbers are text with a point, whatever the language: they go into attributes. All blocks of one ink are one path: on a
team's page hundreds of elements would cost more than everything else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil

WIDTH, ROOMY = 300, 33
"""The picture's width, and the room a column has when there are more than fit into it."""
BLOCK_WIDTH, BLOCK_HEIGHT, PITCH = 18, 7, 9
"""A block is 18 by 7, and the next one lies 9 further."""
MOST_UP, MOST_DOWN = 8, 10
"""More blocks than that are not drawn; the count beside them says how many there are."""
ROOM_FOR_COUNT, ROOM_FOR_LABEL = 15, 33
NEAR_END = 12
"""A label nearer to an end than this, in percent, begins or ends there."""
LONG_WIDTH, LONG_HEIGHT = 640, 96
"""The picture of a year: its width, and how high the highest bar is, above the line or below it."""
MANY_NAMES = 6
"""Of more names under the picture of a year, a phone shows every second."""
COUNTED = 14
"""With more columns than this a count on each would be a blur: only the highest is written, the last of several."""


@dataclass(frozen=True, slots=True)
class Path:
    """What is drawn in one ink: `css` is rb (real), ob (online), pr or po (the same, planned); `d` as SVG wants it."""

    css: str
    d: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words centred on `x` (or beginning or ending there); `strong` for the present. `hanging`: below `y`, however large
    they are; `spare`: left out where there is little room."""

    x: str
    y: str
    words: str
    strong: bool = False
    anchor: str = ""
    hanging: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn: paths, counts and labels over a base line."""

    width: int
    height: int
    base: int
    paths: Sequence[Path]
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


def equaliser(columns: Sequence[Blocks], *, peak_real: int = 0, peak_online: int = 0) -> Picture:
    """The drawing of some columns. Peaks, if higher than one's own, give several drawings the same height."""
    up = min(MOST_UP, max([1, peak_real, *(column.real for column in columns)]))
    down = min(MOST_DOWN, max([1, peak_online, *(column.online for column in columns)]))
    base = ROOM_FOR_COUNT + up * PITCH + 1
    height = base + 4 + down * PITCH + ROOM_FOR_LABEL
    inks: dict[str, list[str]] = {"rb": [], "ob": [], "pr": [], "po": []}
    texts: list[Text] = []
    width = max(WIDTH, ROOMY * len(columns))
    pitch = width / max(1, len(columns))
    for number, column in enumerate(columns):
        middle = pitch * (number + 0.5)
        texts.append(_label(column, number, middle, width, height))
        if column.empty:
            texts.append(Text(_n(middle), _n(base - 6), column.word))
            continue
        above = _above(column.real, middle, base, planned=column.planned)
        inks["pr" if column.planned else "rb"].append(above)
        inks["po" if column.planned else "ob"].append(_below(column.online, middle, base))
        texts += _counts(column, middle, base)
    return _picture(width, height, base, inks, texts)


def year(columns: Sequence[Blocks]) -> Picture:
    """Bars above the line and below it, to one scale: the weeks or the months of a long time."""
    most_real = max([1, *(column.real for column in columns)])
    most_online = max([1, *(column.online for column in columns)])
    most = max(most_real, most_online)
    few = len(columns) <= COUNTED
    real_at = max((n for n, one in enumerate(columns) if one.real == most_real), default=None)
    online_at = max((n for n, one in enumerate(columns) if one.online == most_online), default=None)
    base = ROOM_FOR_COUNT + ceil(LONG_HEIGHT * most_real / most)
    height = base + ceil(LONG_HEIGHT * most_online / most) + ROOM_FOR_COUNT + ROOM_FOR_LABEL
    inks: dict[str, list[str]] = {"rb": [], "ob": []}
    texts: list[Text] = []
    pitch = LONG_WIDTH / max(1, len(columns))
    width = _n(min(36.0, pitch * 0.72))
    named = [number for number, column in enumerate(columns) if column.label]
    spare = {*named[-2::-2]} if len(named) > MANY_NAMES else set()
    for number, column in enumerate(columns):
        middle = pitch * (number + 0.5)
        first = number == 0
        texts.append(
            Text(
                "0" if first else _n(middle),
                _n(height - 4),
                column.label,
                column.is_now,
                "start" if first else "",
                spare=number in spare,
            )
        )
        left = _n(middle - float(width) / 2)
        up, down = (LONG_HEIGHT * count / most for count in (column.real, column.online))
        if column.real:
            inks["rb"].append(f"M{left} {base}v-{_n(up)}h{width}v{_n(up)}z")
        if column.online:
            inks["ob"].append(f"M{left} {base + 2}v{_n(down)}h{width}v-{_n(down)}z")
        if few or number == real_at:
            texts.append(Text(_n(middle), _n(base - up - 4), str(column.real or ""), column.is_now))
        if few or number == online_at:
            count = str(column.online or "")
            texts.append(Text(_n(middle), _n(base + down + 5), count, column.is_now, hanging=True))
    return _picture(LONG_WIDTH, height, base, inks, texts)


def _picture(
    width: int, height: int, base: int, inks: dict[str, list[str]], texts: Iterable[Text]
) -> Picture:
    paths = [Path(css, "".join(parts)) for css, parts in inks.items() if any(parts)]
    return Picture(width, height, base, paths, [text for text in texts if text.words])


def _label(column: Blocks, number: int, middle: float, width: int, height: int) -> Text:
    """The words under a column; centred ones at either end would be cut off."""
    if number == 0:
        return Text("0", _n(height - 5), column.label, column.is_now, "start")
    if column.planned:
        return Text(_n(width), _n(height - 5), column.label, column.is_now, "end")
    return Text(_n(middle), _n(height - 5), column.label, column.is_now)


# The cards of a team stand side by side, drawn to one scale: most of their columns are alike.
@lru_cache(maxsize=1024)
def _above(count: int, middle: float, base: int, *, planned: bool) -> str:
    """Round ends: a thick stroke with round caps; what is planned is only outlined."""
    radius, straight = BLOCK_HEIGHT / 2, BLOCK_WIDTH - BLOCK_HEIGHT
    left = _n(middle - straight / 2)
    tops = [base - 10 - PITCH * number for number in range(min(MOST_UP, count))]
    if planned:
        arcs = f"h{straight}a{radius} {radius} 0 0 1 0 {BLOCK_HEIGHT}h-{straight}a{radius} {radius} 0 0 1 0 -{BLOCK_HEIGHT}z"
        return "".join(f"M{left} {top}{arcs}" for top in tops)
    return "".join(f"M{left} {top + radius}h{straight}" for top in tops)


@lru_cache(maxsize=1024)
def _below(count: int, middle: float, base: int) -> str:
    width, height = BLOCK_WIDTH - 1.5, BLOCK_HEIGHT - 1
    left = _n(middle - width / 2)
    return "".join(
        f"M{left} {base + 4 + PITCH * number}h{width}v{height}h-{width}z"
        for number in range(min(MOST_DOWN, count))
    )


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
