"""No arrow runs up: three checks, and each is seen to fail on a wrong arrow."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.house.arrows import LAYERS, relations_upwards, templates_upwards

ROOT = Path(__file__).resolve().parents[2]
CONFIG = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")


def lint_imports(folder):
    """import-linter by our own contract, on the packages of a folder."""
    (folder / "pyproject.toml").write_text("[tool.importlinter]" + CONFIG[2], encoding="utf-8")
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path):
    """The apps, empty."""
    for app in LAYERS:
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").touch()
        (tmp_path / app / "models.py").touch()
    return tmp_path


def test_an_import_downwards_keeps_the_contract(house):
    (house / "events/models.py").write_text("from contacts import models\n")
    assert lint_imports(house).returncode == 0


@pytest.mark.parametrize(
    "source", ["from events import models\n", "def f():\n    from events import models\n"]
)
def test_an_import_upwards_breaks_the_contract(house, source):
    (house / "contacts/models.py").write_text(source)
    done = lint_imports(house)
    assert done.returncode == 1
    assert "contacts.models -> events.models" in done.stdout


def test_no_relation_runs_up():
    assert relations_upwards(apps.get_models()) == []


@isolate_apps("contacts", "events")
def test_a_relation_upwards_is_found():
    class Occasion(models.Model):
        class Meta:
            app_label = "events"

    class Person(models.Model):
        seen_at = models.ForeignKey(Occasion, on_delete=models.CASCADE)

        class Meta:
            app_label = "contacts"

    class Guest(models.Model):
        person = models.ForeignKey(Person, on_delete=models.CASCADE)

        class Meta:
            app_label = "events"

    assert relations_upwards([Occasion, Person, Guest]) == ["contacts.Person.seen_at -> events.Occasion"]


def test_no_template_reaches_up():
    assert templates_upwards(ROOT) == []


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("contacts/list.html", "{% load i18n bars %}", ["contacts/list.html loads bars of ratio"]),
        ("contacts/list.html", '{% include "ratio/bar.html" %}', ["contacts/list.html uses ratio/bar.html"]),
        ("contacts/list.html", '{% kept "ratio/bar.html" %}', ["contacts/list.html uses ratio/bar.html"]),
        (
            "account/login.html",
            "{% extends 'pages/today.html' %}",
            ["account/login.html uses pages/today.html"],
        ),
        ("base.html", "{% load bars %}", ["base.html loads bars of ratio"]),
        (
            "partials/status.html",
            '{% include "ratio/bar.html" %}',
            ["partials/status.html uses ratio/bar.html"],
        ),
        ("pages/today.html", '{% load bars %}{% include "ratio/bar.html" %}', []),
        ("ratio/presence.html", '{% extends "base.html" %}{% load bars %}', []),
    ],
)
def test_a_template_that_reaches_up_is_found(tmp_path, name, text, wrong):
    (tmp_path / "ratio/templatetags").mkdir(parents=True)
    (tmp_path / "ratio/templatetags/bars.py").touch()
    template = tmp_path / "templates" / name
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text(text)
    assert templates_upwards(tmp_path) == wrong
