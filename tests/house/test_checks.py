"""The checks of `./dev lint` that are ours: each is seen to fail."""

import re
import subprocess

import polib
import pytest

from tools import catalogue, coverage, linting, locks


@pytest.fixture
def french(tmp_path, monkeypatch):
    """A small catalogue, complete and compiled."""
    path = tmp_path / "locale/fr/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "CATALOGUES", [path])

    def write(*entries, compiled=True):
        po = polib.POFile()
        po.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": "nplurals=2; plural=n > 1;",
        }
        po.extend(entries)
        po.save(str(path))
        if compiled:
            po.save_as_mofile(str(path.with_suffix(".mo")))
        return path

    return write


POST = polib.POEntry(msgid="Post", msgstr="Publication")


def test_a_complete_compiled_catalogue_passes(french):
    french(POST)
    assert catalogue.check(extraction=False)


@pytest.mark.parametrize(
    "entry",
    [
        polib.POEntry(msgid="Post"),
        polib.POEntry(msgid="Post", msgstr="Poste", flags=["fuzzy"]),
        polib.POEntry(msgid="%d post", msgid_plural="%d posts", msgstr_plural={0: "%d publication", 1: ""}),
    ],
    ids=["missing", "fuzzy", "half a plural"],
)
def test_a_message_without_its_translation_is_found(french, entry, capsys):
    french(entry)
    assert not catalogue.check(extraction=False)
    assert "not translated or fuzzy" in capsys.readouterr().out


def test_a_compiled_file_that_says_something_else_is_found(french, capsys):
    french(POST)
    french(polib.POEntry(msgid="Post", msgstr="Message"), compiled=False)
    assert not catalogue.check(extraction=False)
    assert "out of date" in capsys.readouterr().out


def test_words_that_nobody_would_translate_are_found(french, capsys):
    folder = french(POST).parents[3]
    (folder / "ok.py").write_text('said = gettext("Post")')
    (folder / "lost.py").write_text('\nsaid = f"<p>{escape(' + "gettext('Post'))}</p>\"\n")
    subprocess.run(["git", "add", "-A"], check=True, cwd=folder)
    assert not catalogue.check(extraction=False)
    assert capsys.readouterr().out.strip() == "lost.py:2: gettext does not look into f-strings"


def test_messages_that_the_sources_have_and_the_catalogue_has_not_are_found(french, monkeypatch, capsys):
    path = french(POST)
    before = path.read_bytes()

    def collect():
        po = polib.pofile(str(path))
        po.append(polib.POEntry(msgid="Meeting"))
        po.save()

    monkeypatch.setattr(catalogue, "collect", collect)
    assert not catalogue.check(extraction=True)
    assert "differs from the sources (./dev messages): 'Meeting'" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_the_lock_files_are_those_of_pyproject():
    assert locks.stale() == []


def test_a_new_dependency_makes_its_lock_files_stale(monkeypatch):
    wishes = locks.wishes()
    monkeypatch.setattr(locks, "wishes", lambda: {**wishes, "dev": [*wishes["dev"], "one-more>=1"]})
    assert locks.stale() == ["dev"]


def test_lock_files_name_no_address_and_every_package_has_a_hash():
    for name in ("bootstrap", "run", "dev"):
        text = (locks.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        assert "--find-links" not in text
        packages = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
        assert packages
        assert all(line.endswith("\\") for line in packages)


@pytest.mark.parametrize(
    ("line", "is_foreign"),
    [
        ("index-url = https://" + "pypi.example.net/simple", True),
        ("https://" + "registry.npmjs.example/x", True),
        ("see /" + "home/jo/project", True),
        ('path = "/' + 'root/x"', True),
        ("https://docs.djangoproject.com/en/5.2/", False),
        ('path("", home)', False),
        ('<a href="/contacts/">', False),
    ],
)
def test_registry_addresses_and_places_on_a_machine_are_recognised(line, is_foreign):
    assert bool(linting.FOREIGN.search(line)) == is_foreign


def test_every_pure_module_exists():
    modules = coverage.pure_modules()
    assert modules
    assert [module for module in modules if not (linting.ROOT / module).is_file()] == []


def test_pure_modules_ask_neither_a_clock_nor_a_table():
    impure = re.compile(
        r"\bclock\.now|timezone\.now|\bobjects\b|\.save\(|date\.today|datetime\.now|transaction|connection"
    )
    found = [
        module for module in coverage.pure_modules() if impure.search((linting.ROOT / module).read_text())
    ]
    assert found == []


def test_a_check_that_fails_shows_its_output_and_counts(capfd):
    assert not linting.program("false", ["python", "-c", "print('the reason'); raise SystemExit(1)"])
    assert "the reason" in capfd.readouterr().out
    assert linting.program("true", ["python", "-c", "print('chatter')"])
    assert "chatter" not in capfd.readouterr().out


def test_dev_without_a_command_says_what_there_is():
    done = subprocess.run([str(linting.ROOT / "dev")], capture_output=True, text=True, check=False)
    assert done.returncode == 64
    for command in ("setup", "run", "test", "lint", "bench", "assets", "messages"):
        assert f"  {command} " in done.stderr
