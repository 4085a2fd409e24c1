"""Where things stand in the picture of a launch, drawn like a score. Pure geometry, in the units of an SVG.

A staff for each kind of contact, a note for each week with the number of meetings in it; the launch day as a double
bar; below, visitors by day. A day nobody knows of is a dotted gap, a day without visitors is empty.
Numbers are text with a point, whatever the language: they go into attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BEFORE, AFTER = 56, 28
"""Days before the launch day, and from it on."""
DAYS, WEEKS = BEFORE + AFTER, (BEFORE + AFTER) // 7
TOP, PITCH, RADIUS = 22, 40, 9.5
NEAR = 7  # days from the launch day within which the word for today would stand on its word
ROOM, TALL, FOOT = 46, 96, 20
"""Above the visitors, for them, and for the labels under them."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A staff: its name, and how many meetings in each of the weeks."""

    name: str
    weeks: Sequence[int]


@dataclass(frozen=True, slots=True)
class Shape:
    """A line or a rectangle; `css` says what it is."""

    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Note:
    """A disc with a number in it."""

    x: str
    y: str
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    x: str
    y: str
    words: str
    anchor: str = "start"
    css: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """All that is drawn."""

    width: int
    height: int
    radius: str
    shapes: Sequence[Shape]
    notes: Sequence[Note]
    texts: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the drawing, in the reader's language."""

    launch: str
    week: str
    visitors: str
    labels: Sequence[tuple[int, str]] = ()
    today: str = ""


def score(
    lanes: Sequence[Lane], visitors: Sequence[int | None], *, width: int, known_until: int, words: Words
) -> Score:
    """The drawing. `visitors` by day, None for what is not known; days before `known_until` that are None are gaps.

    `words.labels` are (day, words) under the axis.
    """
    base = TOP + PITCH * len(lanes) + ROOM + TALL
    shapes = [Shape("staff", "0", _n(_staff(number)), str(width), "1") for number in range(len(lanes))]
    notes, texts = [], []
    for number, lane in enumerate(lanes):
        texts.append(Text("0", _n(_staff(number) - 14), lane.name, css="lane"))
        for week, count in enumerate(lane.weeks):
            if count:
                notes.append(Note(_n(width * (week + 0.5) / WEEKS), _n(_staff(number)), str(count)))
    day = width * BEFORE / DAYS
    shapes += [
        Shape("thin", _n(day - 4.5), str(TOP - 8), "1.5", _n(base - TOP + 8)),
        Shape("thick", _n(day - 1.5), str(TOP - 8), "4", _n(base - TOP + 8)),
        Shape("axis", "0", _n(base), str(width), "1"),
        *_bars(visitors, width, base, known_until),
    ]
    texts.append(Text(_n(day), str(TOP - 12), words.launch, "middle", "now"))
    texts.append(Text("0", _n(base - TALL - 22), words.visitors, css="lane"))
    if words.today and abs(known_until - BEFORE) >= NEAR and 0 < known_until < DAYS:
        now = width * known_until / DAYS
        shapes.append(Shape("today", _n(now), str(TOP - 8), "1", _n(base - TOP + 8)))
        texts.append(Text(_n(now), str(TOP - 12), words.today, "middle"))
    if words.week:
        shapes += _bracket(width, base - TALL - 8)
        texts.append(Text(str(width), _n(base - TALL - 16), words.week, "end", "now"))
    for number, (where, said) in enumerate(words.labels):
        texts.append(Text(_n(width * where / DAYS), _n(base + 15), said, _anchor(number, len(words.labels))))
    return Score(width, base + FOOT, str(RADIUS), shapes, notes, texts)


def _bars(visitors: Sequence[int | None], width: int, base: float, known_until: int) -> list[Shape]:
    most, pitch = max((count for count in visitors if count), default=1), width / DAYS
    found = []
    for day, count in enumerate(visitors):
        x, wide = _n(pitch * day + 0.4), _n(pitch - 0.8)
        if count:
            tall = max(1.5, TALL * count / most)
            found.append(Shape("bar", x, _n(base - tall), wide, _n(tall)))
        elif count is None and BEFORE <= day < known_until:
            found.append(Shape("gap", x, _n(base - 5), wide, "4"))
    return found


def _bracket(width: int, y: float) -> list[Shape]:
    """The first week, above its bars."""
    first, last = width * BEFORE / DAYS + 4, width * (BEFORE + 7) / DAYS
    return [
        Shape("mark", _n(first), _n(y), _n(last - first), "1.5"),
        Shape("mark", _n(first), _n(y), "1.5", "6"),
        Shape("mark", _n(last - 1.5), _n(y), "1.5", "6"),
    ]


def _staff(number: int) -> float:
    return TOP + PITCH * number + 30


def _anchor(number: int, count: int) -> str:
    """Labels at the ends begin or end there; the others are centred."""
    return "start" if number == 0 else "end" if number == count - 1 else "middle"


def _n(value: float) -> str:
    return f"{value:.1f}"
