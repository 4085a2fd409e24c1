"""Finding contacts by part of a name, a town, a tag or a group; without accents and case, typing mistakes forgiven.

`search_key` is folded in Python and so the same on both databases: what is found does not depend on which one runs.
PostgreSQL answers `LIKE '%...%'` from a trigram index (migration 0003). SQLite has the same in an FTS5 table of
trigrams, kept by triggers (`install`). Under three characters parts of names would be everywhere: the beginnings of
words decide.
"""

from collections.abc import Iterable, Iterator

from django.db import connection, connections, transaction
from django.db.models import BooleanField, Case, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz, process

from accounts.models import Team
from contacts.models import Contact
from contacts.names import fold, sort_key

SHORT = 3
CANDIDATES = 300  # those that share most with what was typed are looked at for likeness
SHARED = ("0.55", "0.4")  # of the pieces of three letters in what was typed: few have most of them
LIKE_ENOUGH = 75  # of 100; "samria" is 83 like "samira", "brme" 89 like "brume"

# As PostgreSQL's pg_trgm does: two spaces before each word, so that the trigrams of "m" and "jo" say "begins so".
# The texts are kept a second time: a view of the contacts would stand in the way of migrations that rebuild their table.
_INSTALL = """
CREATE VIRTUAL TABLE IF NOT EXISTS contacts_search USING fts5(key, tokenize='trigram')
--
CREATE TRIGGER IF NOT EXISTS contacts_search_insert AFTER INSERT ON contacts_contact BEGIN
  INSERT INTO contacts_search(rowid, key)
    VALUES (new.id, '  ' || replace(new.search_key, ' ', '   ') || ' ');
END
--
CREATE TRIGGER IF NOT EXISTS contacts_search_delete AFTER DELETE ON contacts_contact BEGIN
  DELETE FROM contacts_search WHERE rowid = old.id;
END
--
CREATE TRIGGER IF NOT EXISTS contacts_search_update AFTER UPDATE OF search_key ON contacts_contact
WHEN old.search_key <> new.search_key BEGIN
  UPDATE contacts_search SET key = '  ' || replace(new.search_key, ' ', '   ') || ' ' WHERE rowid = old.id;
END
--
DELETE FROM contacts_search
--
INSERT INTO contacts_search(rowid, key)
  SELECT id, '  ' || replace(search_key, ' ', '   ') || ' ' FROM contacts_contact
"""
_TRIGGERS = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'contacts_search_%'"


def install(using: str = "default") -> None:
    """See to SQLite's index after each migration: one that rebuilds the table of contacts drops its triggers."""
    if connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        if cursor.execute(_TRIGGERS).fetchone()[0] < 3:
            for statement in _INSTALL.split("--"):
                cursor.execute(statement)


def find(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """The contacts in which each word of `text` occurs. All of them for an empty text."""
    words = fold(text).split()
    if words and connection.vendor == "sqlite":
        return contacts.filter(pk__in=_matching(" AND ".join(map(_phrase, words))))
    for word in words:
        contacts = contacts.filter(_has(word))
    return contacts


def ranked(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """`find`, names that begin with the text first, then those with a word that does."""
    folded = fold(text)
    rank = Case(
        When(Q(search_key__startswith=folded) | Q(sort_key__startswith=folded), then=Value(0)),
        When(search_key__contains=f" {folded}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return find(contacts, text).order_by(rank, "sort_key", "pk")


def guess(contacts: QuerySet[Contact], text: str, limit: int = 20) -> list[int]:
    """The ids of contacts whose name is much like `text`, the likest first: for when `find` finds nothing."""
    folded = fold(text)
    if len(folded) <= SHORT:
        return []
    for near in _near(contacts, folded):
        if likest := process.extract(folded, near, scorer=_likeness, score_cutoff=LIKE_ENOUGH, limit=limit):
            return [pk for _key, _score, pk in likest]
    return []


def suggest(contacts: QuerySet[Contact], text: str, limit: int = 8) -> list[Contact]:
    """The best few for a text being typed: as typed, else much like it. At most four queries."""
    if not fold(text):
        return []
    found = list(_beginning(contacts, fold(text)).select_related("kind")[:limit])
    if len(found) < limit:  # else the index of names has answered, however many contain the text somewhere
        found = list(ranked(contacts, text).select_related("kind")[:limit])
    if found:
        return found
    likest = guess(contacts, text, limit)
    by_id = contacts.select_related("kind").in_bulk(likest)
    return [by_id[pk] for pk in likest]


def named(team: Team, names: Iterable[str]) -> dict[str, list[Contact]]:
    """For each name, the team's contacts that are called so but for accents, case and a leading article; one query."""
    wanted = {name: fold(name) for name in names}
    by_key: dict[str, list[Contact]] = {}
    contacts = Contact.objects.filter(
        team=team, binned_at=None, sort_key__in={sort_key(name) for name in wanted}
    )
    for contact in contacts.select_related("kind").order_by("sort_key", "pk"):
        by_key.setdefault(contact.sort_key, []).append(contact)
    found = {}
    for name, folded in wanted.items():
        alike = by_key.get(sort_key(name), [])
        found[name] = [contact for contact in alike if fold(contact.name) == folded] or alike
    return found


def _beginning(contacts: QuerySet[Contact], folded: str) -> QuerySet[Contact]:
    """Contacts whose name begins with a text, but for an article, by name; the index of the list answers."""
    begins = contacts.filter(sort_key__gte=folded, sort_key__lt=f"{folded}\U0010ffff")
    return begins.order_by("sort_key", "pk")


def _has(word: str) -> Q:
    if len(word) < SHORT:
        return Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
    return Q(search_key__contains=word)


def _phrase(word: str) -> str:
    """A word as FTS5 looks for it; a short one at the beginning of words, as `_has` does."""
    padded = word.rjust(SHORT) if len(word) < SHORT else word
    return '"' + padded.replace('"', '""') + '"'


def _matching(match: str, best: int | None = None) -> RawSQL:
    """The ids that SQLite's index gives; the `best` of them by how rare what they share is."""
    rows = "SELECT rowid FROM contacts_search WHERE contacts_search MATCH %s"
    ordered = [" ORDER BY rank LIMIT %s"] if best else []
    return RawSQL("".join([rows, *ordered]), [match, *([best] if best else [])])  # noqa: S611  # parameters


def _near(contacts: QuerySet[Contact], folded: str) -> Iterator[dict[int, str]]:
    """The search keys of contacts that share most of their pieces of three letters with a text; then of those that
    share fewer, which takes longer."""
    keys = contacts.order_by().values_list("pk", "search_key")
    if connection.vendor == "sqlite":
        words = [" OR ".join(map(_phrase, _pieces(word))) for word in folded.split()]
        # Of each word something should be there: few enough to be ordered. One word may be wrong altogether.
        for match in (" AND ".join(f"({word})" for word in words), " OR ".join(words)):
            yield dict(keys.filter(pk__in=_matching(match, best=CANDIDATES)))
        return
    likeness = Func(Value(folded), "search_key", function="word_similarity", output_field=FloatField())
    alike = RawSQL("%s <%% search_key", [folded], output_field=BooleanField())
    for shared in SHARED:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [shared])
            found = dict(keys.filter(alike).order_by(likeness.desc())[:CANDIDATES])
        yield found


def _pieces(word: str) -> list[str]:
    """Three letters each, the ends of the word included; not its first letter alone, with which too many begin."""
    padded = f" {word} "
    return sorted({padded[start : start + SHORT] for start in range(len(padded) - 2)})


def _likeness(typed: str, key: str, *, score_cutoff: float | None = None, **_options: object) -> float:
    """How like the best stretch of whole words of a key is to what was typed; the length of the rest is no matter."""
    words, count = key.split(), len(typed.split())
    stretches = [" ".join(words[start : start + count]) for start in range(max(1, len(words) - count + 1))]
    return max((fuzz.ratio(typed, stretch) for stretch in stretches), default=0.0)
