"""Likely duplicates among a whole book: how long it takes, and how many of those planted are found, by how they differ.

A book of its own: names of few syllables repeated would be no book that anybody has.
"""

import random
import time
from collections.abc import Callable, Iterator
from itertools import combinations

from django.db import transaction
from rapidfuzz import fuzz

from accounts.models import Team
from bench.scene import Row, Scene
from bench.seed import FIRST
from contacts import alike, duplicates
from contacts.models import Contact, ContactKind, ContactPoint, Duplicate
from contacts.names import fold, sort_key
from foundation import bulk

PLANTED = 200  # of each sort
EACH_WITH_EACH = 1500  # contacts, from which the time for all of them is reckoned
SYLLABLES = [
    "ba",
    "be",
    "bre",
    "ca",
    "che",
    "co",
    "da",
    "di",
    "dra",
    "fa",
    "fou",
    "ga",
    "gli",
    "gue",
    "ha",
    "jo",
    "ka",
    "la",
    "le",
    "lou",
    "ma",
    "mi",
    "mor",
    "na",
    "ne",
    "noi",
    "pa",
    "pel",
    "pli",
    "qui",
    "ra",
    "ri",
    "ro",
    "sa",
    "sel",
    "so",
    "ta",
    "tei",
    "tri",
    "va",
    "vo",
    "zé",
]
WORDS = [
    "Association",
    "Collectif",
    "Compagnie",
    "Festival",
    "Harmonie",
    "Orchestre",
    "Radio",
    "Comité",
    "Club",
    "École",
    "Ensemble",
    "Théâtre",
]
Line = tuple[bool, str, str, str, str]  # a group?, name, town, e-mail, phone


def work(scene: Scene) -> list[Row]:
    """Look through a book of as many contacts as the data set has."""
    chance = random.Random(3)  # the same book at every run
    book = [_line(chance, number) for number in range(scene.size.contacts)]
    planted = list(_doubles(chance, book))
    team = Team.objects.create(name="Duplicates", slug="bench-duplicates")
    pks = _write(team, [*book, *(line for _sort, _of, line in planted)], scene)
    started = time.perf_counter()
    duplicates.look(team=team, now=scene.now)
    seconds = time.perf_counter() - started
    found = {
        frozenset(pair[:2])
        for pair in alike.pairs(duplicates.entries(team), most=10 * len(planted) + len(book))
    }
    rows = [
        Row("duplicates in the whole book", seconds, "s", None, _limit(book), "each with each", "<= 10 s"),
        Row("duplicates kept as rows", Duplicate.objects.filter(team=team).count(), "pairs"),
    ]
    for sort in dict.fromkeys(sort for sort, _of, _line in planted):
        pairs = [
            frozenset((pks[of], pks[len(book) + place]))
            for place, (name, of, _line) in enumerate(planted)
            if name == sort
        ]
        recall = 100 * sum(pair in found for pair in pairs) / len(pairs)
        rows.append(Row(f"  found of {len(pairs)}: {sort}", recall, "%"))
    return rows


def _line(chance: random.Random, number: int) -> Line:
    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()

    is_group = chance.random() < 0.6
    name = f"{chance.choice(WORDS)} {word()} {word()}" if is_group else f"{chance.choice(FIRST)} {word()}"
    town = word() if chance.random() < 0.8 else ""
    email = f"mail{number}@bench.example" if chance.random() < 0.6 else ""
    return is_group, name, town, email, f"+336{number:08d}" if chance.random() < 0.5 else ""


def _doubles(chance: random.Random, book: list[Line]) -> Iterator[tuple[str, int, Line]]:
    """Contacts noted a second time by somebody else: (how they differ, of whom, the line)."""

    def slip(name: str) -> str:
        place = chance.randrange(1, len(name) - 1)
        letter = name[place]
        return name[:place] + chance.choice(["", letter * 2, chance.choice("aeiourst")]) + name[place + 1 :]

    def shuffled(name: str) -> str:
        words = name.split()
        return " ".join([*words[1:], words[0]])

    sorts: dict[str, Callable[[Line], Line]] = {
        "a slip of the pen": lambda line: (line[0], slip(line[1]), line[2], "", ""),
        "no town": lambda line: (line[0], line[1], "", "", ""),
        "words in another order": lambda line: (line[0], shuffled(line[1]), line[2], "", ""),
        "no accents, capitals": lambda line: (line[0], fold(line[1]).upper(), line[2], "", ""),
        "words run together": lambda line: (line[0], line[1].replace(" ", "", 1), line[2], "", ""),
        "the same phone, another name": lambda line: (line[0], "Somebody " + line[1][:3], "", "", line[4]),
    }
    for sort, change in sorts.items():
        numbers = [number for number, line in enumerate(book) if line[4]]
        for of in chance.sample(numbers, PLANTED):
            yield sort, of, change(book[of])


@transaction.atomic
def _write(team: Team, lines: list[Line], scene: Scene) -> list[int]:
    kinds = {kind.code: kind.pk for kind in ContactKind.objects.filter(team=None)}
    pks = list(bulk.next_pks(Contact, len(lines)))
    rows = (
        (pk, kinds["association" if group else "person"], group, name, sort_key(name), fold(name), town)
        for pk, (group, name, town, _email, _phone) in zip(pks, lines, strict=True)
    )
    fields = ("id", "kind", "is_group", "name", "sort_key", "search_key", "town")
    same = {"team": team.pk, "created_at": scene.now, "updated_at": scene.now}
    bulk.insert(Contact, fields, rows, same=same)
    points = (
        (pk, kind, key, key)
        for pk, line in zip(pks, lines, strict=True)
        for kind, key in (("email", line[3]), ("tel", line[4]))
        if key
    )
    bulk.insert(ContactPoint, ("contact", "property", "value", "key"), points, same={"team": team.pk})
    return pks


def _limit(book: list[Line]) -> float:
    """Seconds that comparing each with each would take, reckoned from a few: what nobody would wait for."""
    names = [fold(line[1]) for line in book[:EACH_WITH_EACH]]
    started = time.perf_counter()
    for one, other in combinations(names, 2):
        fuzz.ratio(one, other, score_cutoff=84)
    return (time.perf_counter() - started) * (len(book) / len(names)) ** 2
