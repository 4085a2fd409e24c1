"""The words of schedules: networks, states, yes and no, in French and English."""

import re

from contacts.names import fold
from outreach.schedules.base import CANCELLED, DRAFT, FAILED, PUBLISHED, SCHEDULED

_NETWORKS = {
    "Facebook": "facebook fb",
    "Instagram": "instagram insta ig",
    "X": "twitter x",
    "LinkedIn": "linkedin",
    "Google Business Profile": "gbp gmb googlebusiness",
    "Pinterest": "pinterest",
    "TikTok": "tiktok",
    "YouTube": "youtube yt",
    "Threads": "threads",
    "Bluesky": "bluesky",
    "Mastodon": "mastodon",
    "Snapchat": "snapchat",
    "Telegram": "telegram",
    "Discord": "discord",
    "Twitch": "twitch",
    "Newsletter": "newsletter infolettre",
}
_BY_WORD = {word: name for name, words in _NETWORKS.items() for word in words.split()}
# Words too short or common to be taken for a network in a file's name.
_NOT_IN_NAMES = frozenset({"x", "ig", "yt", "fb", "threads"})
_STATES = {
    DRAFT: "brouillon draft a valider a relire a faire idee en cours a ecrire a programmer todo to do pending approval "
    "idea in progress needs approval",
    SCHEDULED: "programme programmee programmes scheduled planifie planifiee prevu prevue valide validee ok queued approved "
    "pret prete a venir",
    PUBLISHED: "publie publiee published poste postee posted envoye envoyee sent en ligne paru parue fait done diffuse",
    FAILED: "echec echoue echouee failed error erreur",
    CANCELLED: "annule annulee cancelled canceled supprime supprimee abandonne reporte deleted",
}
_STATE_PHRASES = (
    "a valider", "a relire", "a faire", "en cours", "a ecrire", "a programmer", "to do", "pending approval",
    "in progress", "needs approval", "a venir", "en ligne",
)  # fmt: skip


def _states() -> dict[str, str]:
    found: dict[str, str] = {}
    for state, words in _STATES.items():
        single = words
        for phrase in _STATE_PHRASES:
            if phrase in words:
                found[phrase] = state
                single = single.replace(phrase, "")
        found |= dict.fromkeys(single.split(), state)
    return found


_STATE_OF = _states()


def network(text: str) -> str:
    """The network's own name for a name or header, e.g. "Twitter/X" gives X; "" where it is none."""
    folded = fold(text)
    if folded in ("twitter x", "x twitter"):
        return "X"
    if folded in ("google business", "google my business", "google business profile"):
        return "Google Business Profile"
    return _BY_WORD.get(folded.replace(" ", ""), "")


def channels(text: str) -> tuple[str, ...]:
    """The channels that a cell names. Names that are no network's are kept as written."""
    whole = network(text)
    if whole:
        return (whole,)
    parts = (" ".join(part.split()).lstrip("#@") for part in re.split(r"[,;/|+&\n]|\bet\b|\band\b", text))
    return tuple(dict.fromkeys(network(part) or part for part in parts if part))


def networks_in_name(name: str) -> tuple[str, ...]:
    """The networks that a file's name holds as words: "buffer_facebook_novembre.csv" gives Facebook."""
    words = fold(re.sub(r"\.\w+$", "", name).replace("_", " ")).split()
    return tuple(
        dict.fromkeys(_BY_WORD[word] for word in words if word in _BY_WORD and word not in _NOT_IN_NAMES)
    )


def state(text: str) -> str | None:
    """The state that a cell names; None for a word that is none we know."""
    return _STATE_OF.get(fold(text))


def is_yes(text: str) -> bool:
    """Whether a flag column says yes."""
    return fold(text) in ("true", "vrai", "yes", "oui", "x", "1", "o", "y", "ok")
