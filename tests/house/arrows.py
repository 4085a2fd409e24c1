"""The line in which the apps stand (ARCHITECTURE.md), and two of the three checks on it.

Imports are held by import-linter (pyproject.toml). Here: relations between models, and templates.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Model

LAYERS = [
    "foundation",
    "accounts",
    "notifications",
    "contacts",
    "events",
    "outreach",
    "ratio",
    "communitycrm",
]
# The template builtins and what packages bring are below everything.
OUTSIDE = -1
# These pages and partials are nobody's: the look of the house, and the forms of sign-in, which is accounts'.
FOLDERS = {"account": "accounts", "pages": "communitycrm"}

LOAD = re.compile(r"{%\s*load\s+(.*?)\s*%}")
REFERENCE = re.compile(r"{%\s*(?:include|extends|kept)\s+[\"']([^\"']+)[\"']")


def height(app: str) -> int:
    """How far up an app stands; what is not ours stands below everything."""
    return LAYERS.index(app) if app in LAYERS else OUTSIDE


def relations_upwards(models: Iterable[type[Model]]) -> list[str]:
    """The relations of our models to a model of a higher app."""
    wrong = []
    for model in models:
        own = height(model._meta.app_label)
        for field in model._meta.get_fields():
            related = field.related_model if field.concrete else None
            if own > OUTSIDE and related is not None and height(related._meta.app_label) > own:
                wrong.append(f"{model._meta.label}.{field.name} -> {related._meta.label}")
    return wrong


def libraries(root: Path) -> dict[str, str]:
    """{template tag library: the app that brings it}, by the files of the apps."""
    return {path.stem: path.parts[-3] for app in LAYERS for path in (root / app).glob("templatetags/*.py")}


def owner(template: str) -> str:
    """The app whose template this is: by its first folder ("" for the base page and the shared partials)."""
    folder = template.partition("/")[0] if "/" in template else ""
    return FOLDERS.get(folder, folder if folder in LAYERS else "")


def templates_upwards(root: Path) -> list[str]:
    """Where a template loads tags of a higher app, or includes or extends a template of one.

    The base page and the shared partials are used by all, so they may only use foundation's and accounts' tags.
    """
    wrong = []
    tags = libraries(root)
    for path in sorted((root / "templates").rglob("*.*")):
        name = str(path.relative_to(root / "templates"))
        own = height(owner(name)) if owner(name) else height("accounts")
        text = path.read_text(encoding="utf-8")
        loaded = [word for words in LOAD.findall(text) for word in words.split() if word in tags]
        wrong += [f"{name} loads {tag} of {tags[tag]}" for tag in loaded if height(tags[tag]) > own]
        used = [other for other in REFERENCE.findall(text) if owner(other)]
        wrong += [f"{name} uses {other}" for other in used if height(owner(other)) > own]
    return wrong
