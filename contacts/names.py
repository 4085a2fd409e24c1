"""Names as people say them, made comparable: for search, sorting and recognising somebody met before."""

import unicodedata

# Letters that no Unicode decomposition takes apart, as they are typed on a keyboard without them.
_LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
_SYMBOLS = ("Sm", "Sc", "So")  # what folding leaves out and people tell names apart by, as Unicode sorts it
_ARTICLES = frozenset({"le", "la", "les", "l", "the"})


class _Folding(dict[int, str | None]):
    """Maps a code point to what remains of it, worked out once for each: `str.translate` then costs a lookup."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        category = unicodedata.category(letter)
        folded: str | None
        if 0x300 <= code <= 0x36F or category == "Cf":  # accents; soft hyphens, joiners, byte order marks
            folded = None
        elif category[0] in "LNM":  # marks of other scripts (Devanagari vowels, ...) belong to the word
            folded = _LETTERS.get(letter, letter)
        else:
            folded = " "
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` in lower case, without accents, all else than letters and digits as single spaces.

    "L'Été-Noïse !" and "l ete  noise" fold alike. A name made of signs alone ("!!!") keeps its signs, so
    that only an empty text folds to an empty one. Folding twice changes nothing.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = " ".join(text.lower().translate(_FOLDING).split())
    return folded or " ".join(text.lower().split())


def typed_key(name: str) -> tuple[str, str]:
    """By which two names that are typed are one: "Rap" and "rap", but not "C" and "C++", nor "Bar" and "Bar 🍺"."""
    return fold(name), "".join(sign for sign in name if unicodedata.category(sign) in _SYMBOLS)


def sort_key(text: str) -> str:
    """The folded name without its leading article: "La Cale" is looked for under C. Never empty for a name."""
    return without_article(fold(text))


def without_article(folded: str) -> str:
    """`sort_key` of a name that is folded already."""
    first, _, rest = folded.partition(" ")
    return rest if rest and first in _ARTICLES else folded
