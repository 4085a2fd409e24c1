"""The message catalogues: collected, complete, compiled. Run with the project's Python (it needs polib)."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import polib

from tools.console import PYTHON, ROOT

CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django*.po"))


def collect():
    """Let Django read sources and templates. No line numbers: they would change with each edit."""
    languages = [word for path in CATALOGUES for word in ("-l", path.parts[-3])]
    ignored = [
        word
        for folder in ("data", "staticfiles", "tests", "tools", "bench", "assets")
        for word in ("-i", folder)
    ]
    command = [
        str(PYTHON),
        "manage.py",
        "makemessages",
        *languages,
        "--no-location",
        "--no-wrap",
        "-v",
        "0",
        *ignored,
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def incomplete(catalogue):
    """The entries that a reader would see in English, or in words that nobody confirmed."""
    entries = [entry for entry in catalogue if not entry.obsolete]
    return [entry for entry in entries if entry.fuzzy or not entry.translated()]


def rows(catalogue):
    """What a catalogue says, whatever the order and the comments: to hold two against each other."""
    return {
        (entry.msgctxt, entry.msgid, entry.msgid_plural): (
            entry.msgstr,
            tuple(sorted(entry.msgstr_plural.items())),
        )
        for entry in catalogue
        if not entry.obsolete
    }


def is_fresh(path):
    """Does the .mo beside it say what the .po says?"""
    compiled = path.with_suffix(".mo")
    return compiled.exists() and rows(polib.mofile(str(compiled))) == {
        key: value for key, value in rows(polib.pofile(str(path))).items() if key[1]
    }


def not_collected(path):
    """Messages of the sources that the .po lacks, and its messages that no source has any more."""
    before = path.read_bytes()
    try:
        known = set(rows(polib.pofile(str(path))))
        collect()
        found = set(rows(polib.pofile(str(path))))
    finally:
        path.write_bytes(before)
    return sorted(key[1] for key in known ^ found)


def inside_strings():
    """Where words to translate stand in an f-string: gettext does not look into those, so nobody would miss them."""
    found = []
    for name in subprocess.check_output(["git", "ls-files", "*.py"], cwd=ROOT, text=True).split():
        strings = [node for node in ast.walk(_parsed(name)) if isinstance(node, ast.JoinedStr)]
        found += [
            f"{name}:{call.lineno}: gettext does not look into f-strings"
            for string in strings
            for call in ast.walk(string)
            if isinstance(call, ast.Call) and _MARKER.fullmatch(ast.unparse(call.func))
        ]
    return found


_MARKER = re.compile(r"_|(.*\.)?[np]{0,2}gettext(_lazy)?")


def _parsed(name):
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def check(extraction):
    """Print every fault; True when there is none."""
    faults = inside_strings() + ([] if CATALOGUES else ["locale/ holds no catalogue"])
    for path in CATALOGUES:
        name = path.relative_to(ROOT)
        faults += [
            f"{name}: not translated or fuzzy: {entry.msgid!r}"
            for entry in incomplete(polib.pofile(str(path)))
        ]
        if not is_fresh(path):
            faults.append(f"{name}: its .mo is out of date (./dev messages)")
        if extraction:
            faults += [
                f"{name}: differs from the sources (./dev messages): {text!r}" for text in not_collected(path)
            ]
    print("\n".join(faults))
    return not faults


def write():
    """Collect, then compile what there is; also says what is left to translate."""
    collect()
    for path in CATALOGUES:
        catalogue = polib.pofile(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        print(
            f"{Path(path).relative_to(ROOT)}: {len(incomplete(catalogue))} to translate, {len(rows(catalogue))} in all"
        )


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write()
    else:
        sys.exit(not check(extraction=sys.argv[1] == "check-all"))
