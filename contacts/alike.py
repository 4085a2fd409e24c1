"""Which contacts of a book are likely the same: by what they share, and by names that are nearly the same. Pure.

Comparing each with each would take hours for 100,000. Names are compared where they share a word that few have, and
with their neighbours in five orders (words sorted; the rarest word first; read backwards; letters run together; those
by town): a slip of the pen moves a name far away in one order, hardly in all. `bench` says what is found of what is there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz

PointKey = tuple[str, str]

RARE = 30  # so many may have a word in common and still be compared for it
NEIGHBOURS = 8
MAILBOX = 3  # an address of more than so many is nobody's own: the names must be alike too
LEAST, LEAST_ELSEWHERE, SURE = (
    84,
    88,
    95,
)  # of 100: in one town; where a town is not known; whatever else differs
SHORTEST = 5  # letters; "Jo" and "Joe" say nothing
CROWD = 40  # of one name: no town, no address, nothing to tell them apart by


class Entry(NamedTuple):
    """A contact as far as likeness needs it. `name` and `town` are folded; the name without its article."""

    pk: int
    is_group: bool
    name: str
    town: str = ""
    points: frozenset[PointKey] = frozenset()


class Pair(NamedTuple):
    """Two that are likely the same. `reasons`: "email", "tel", "url", "name_and_town", "name", "alike"."""

    one: int
    other: int
    reasons: tuple[str, ...]
    likeness: int  # of 100


class _Name(NamedTuple):
    """An entry taken apart once. `marks` are what tells "Salle 1" from "Salle 2"."""

    entry: Entry
    words: str  # in the order of the alphabet
    letters: str
    marks: tuple[str, ...]


def pairs(entries: Iterable[Entry], *, most: int = 1000) -> list[Pair]:
    """The likeliest `most` pairs, people and groups apart, the surest first."""
    people: list[_Name] = []
    groups: list[_Name] = []
    for entry in entries:
        (groups if entry.is_group else people).append(_taken_apart(entry))
    found = [pair for names in (people, groups) for pair in _pairs(names)]
    found.sort(key=lambda pair: (-pair.likeness, pair.one, pair.other))
    return found[:most]


def compare(one: Entry, other: Entry) -> Pair | None:
    """What two entries have in common, or None: they are hardly the same."""
    found = _pairs([_taken_apart(one), _taken_apart(other)]) if one.is_group == other.is_group else []
    return found[0] if found else None


def _pairs(names: Sequence[_Name]) -> list[Pair]:
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for first, second, reason in _sharing(names):
        _note(reasons, first, second, reason)
    for first, second, reason in _namesakes(names):
        _note(reasons, first, second, reason)
    for first, second in _nearly(names):
        if (first, second) not in reasons and _fit(names[first], names[second]):
            _note(reasons, first, second, "alike")
    return [_pair(names[first], names[second], why) for (first, second), why in reasons.items()]


def _note(reasons: dict[tuple[int, int], list[str]], first: int, second: int, reason: str) -> None:
    why = reasons[first, second]
    if reason not in why:
        why.append(reason)


def _sharing(names: Sequence[_Name]) -> Iterator[tuple[int, int, str]]:
    """Those with an e-mail, a phone or a link in common."""
    holders: dict[PointKey, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        for point in name.entry.points:
            holders[point].append(index)
    for (kind, _key), here in holders.items():
        if len(here) > CROWD:
            continue
        for first, second in combinations(here, 2):
            if len(here) <= MAILBOX or _ratio(names[first], names[second]) >= 75:
                yield first, second, kind


def _namesakes(names: Sequence[_Name]) -> Iterator[tuple[int, int, str]]:
    """Those of one name, unless their towns differ, or they are people whose addresses do."""
    called: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        called[name.words].append(index)
    for here in called.values():
        if not 1 < len(here) <= CROWD:
            continue
        for first, second in combinations(here, 2):
            one, other = names[first].entry, names[second].entry
            if one.town and one.town == other.town:
                yield first, second, "name_and_town"
            elif not (one.town and other.town) and (one.is_group or not _conflict(one, other)):
                yield first, second, "name"


def _nearly(names: Sequence[_Name]) -> Iterator[tuple[int, int]]:
    """Pairs whose names are one with a slip of the pen. The inner loop of it all: nothing is called that need not be."""
    ratio = fuzz.ratio
    towns = [name.entry.town for name in names]
    marks = [name.marks for name in names]
    for texts, blocks in _blocks(names):
        for first, others in blocks:
            text, town, mark = texts[first], towns[first], marks[first]
            for second in others:
                if town and towns[second] and town != towns[second]:
                    continue
                if mark == marks[second] and ratio(text, texts[second], score_cutoff=LEAST):
                    yield (first, second) if first < second else (second, first)


Blocks = Iterator[tuple[int, Sequence[int]]]


def _blocks(names: Sequence[_Name]) -> Iterator[tuple[list[str], Blocks]]:
    """What to compare with what: texts, and for each name the others that may be near."""
    words = [name.words for name in names]
    letters = [name.letters for name in names]
    frequency = Counter(word for text in words for word in set(text.split()))
    rare_first, sharing = [], defaultdict(list)
    for index, text in enumerate(words):
        rare = sorted(text.split(), key=lambda word: (frequency[word], word))
        rare_first.append(" ".join(rare))
        for word in rare[:2]:
            if len(word) > 2 and 1 < frequency[word] <= RARE:
                sharing[word].append(index)
    yield words, ((first, here[place + 1 :]) for here in sharing.values() for place, first in enumerate(here))
    yield words, _neighbours(words)
    yield words, _neighbours(rare_first)
    yield letters, _neighbours(letters)
    yield letters, _neighbours([text[::-1] for text in letters])
    yield letters, _neighbours([f"{name.entry.town} {name.letters}" for name in names])


def _neighbours(keys: Sequence[str]) -> Blocks:
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return ((index, order[place + 1 : place + 1 + NEIGHBOURS]) for place, index in enumerate(order))


def _fit(one: _Name, other: _Name) -> bool:
    """Whether names that are nearly the same go with what else is known of the two."""
    if min(len(one.letters), len(other.letters)) < SHORTEST or one.words == other.words:
        return False  # too short to tell; or namesakes, looked at already
    same_town = bool(one.entry.town) and one.entry.town == other.entry.town
    likeness = _ratio(one, other)
    if likeness < (LEAST if same_town else LEAST_ELSEWHERE):
        return False
    return likeness >= SURE or not _conflict(one.entry, other.entry)


def _ratio(one: _Name, other: _Name) -> float:
    """Likeness of 100: the words sorted, or the letters run together ("Noise Band", "Noiseband")."""
    return max(fuzz.ratio(one.words, other.words), fuzz.ratio(one.letters, other.letters))


def _conflict(one: Entry, other: Entry) -> bool:
    """Whether both have addresses of a kind, and not one of them in common."""
    kinds = {kind for kind, _key in one.points} & {kind for kind, _key in other.points}
    return bool(kinds) and not one.points & other.points


def _pair(one: _Name, other: _Name, reasons: Sequence[str]) -> Pair:
    """The pair as told: an address and a name together are surer than either."""
    likeness = round(_ratio(one, other))
    if any(reason in ("email", "tel", "url") for reason in reasons):
        likeness = 60 + 2 * likeness // 5
    elif reasons[0] == "name":
        likeness = 92
    elif reasons[0] == "alike":
        likeness = min(likeness, 95)
    return Pair(one.entry.pk, other.entry.pk, tuple(reasons), likeness)


def _taken_apart(entry: Entry) -> _Name:
    words = sorted(entry.name.split())
    marks = tuple(word for word in words if len(word) == 1 or any(letter.isdigit() for letter in word))
    return _Name(entry, " ".join(words), entry.name.replace(" ", ""), marks)
