"""Lists brought in through the four pages, with JavaScript and without it; how many clicks that takes; and their look."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contacts.imports import runs
from contacts.models import Contact, Import
from foundation import clock
from tests.browser.conftest import photograph
from tests.samples import sample

WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
FILES = {
    "organisations/festivals_normandie_bretagne.csv": 390,
    "organisations/medias_francais.tsv": 218,
    "contacts/linkedin_connections.csv": 10,
    "contacts/John_Doe_ANDROID.vcf": 6,
}


class Hand:
    """A person's hand: what it clicks, chooses and types is counted."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.clicks = tab, 0

    def click(self, role: str, name: str | re.Pattern[str]) -> None:
        self.clicks += 1
        self.tab.get_by_role(role, name=name).first.click()

    def choose(self, label: str, value: str) -> None:
        self.clicks += 1
        self.tab.get_by_label(label, exact=True).first.select_option(value)

    def give(self, path: Path | dict) -> None:
        self.clicks += 1
        self.tab.get_by_label("The file").set_input_files(path)

    def answer_and_go_on(self) -> None:
        self.tab.get_by_label("Where does the list come from?").fill("Open day")
        self.choose("Why may we hold these details?", "legitimate_interest")
        self.click("button", "Look at it")

    def save(self) -> Import:
        """Import, let the worker come, and see the result."""
        self.click("button", re.compile("^(Import|Finish)"))
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("The list is coming in")
        run = Import.objects.latest("pk")
        assert runs.work(run.pk, clock=clock.now)
        if not self.tab.evaluate("document.documentElement.classList.contains('js')"):
            self.click("link", "How far is it now?")
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("The list is in")
        run.refresh_from_db()
        return run


def of_xlsx() -> dict:
    """A workbook with a title above its headers, and a second sheet."""
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["Liste du 12"],
        [],
        ["Nom", "Ville", "Code postal"],
        ["Brume", "Caen", 14000],
        ["Roc", "Ifs", 1400],
    ):
        book.active.append(row)
    book.create_sheet("Autre").append(["x", "y"])
    content = io.BytesIO()
    book.save(content)
    return {"name": "liste.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}


@WITH_AND_WITHOUT
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_in_by_four_pages_and_goes_out_by_undo(site, name, javascript, complaints):
    tab = site.tab("lead", "en", java_script_enabled=javascript)
    heard = complaints(tab)
    hand = Hand(tab)
    before = Contact.objects.count()
    tab.goto("/imports/new/")
    hand.give(sample(name))
    hand.answer_and_go_on()
    hand.click("button", "Check the rows")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Check the list")
    run = hand.save()
    assert (run.result["created"], run.result["is_as_checked"]) == (FILES[name], True)
    assert Contact.objects.count() == before + FILES[name]
    hand.click("button", "Undo this import")
    expect(tab.get_by_role("heading", level=1)).to_have_text("The import is undone")
    assert Contact.objects.filter(binned_at=None).count() <= before
    assert heard == []


@WITH_AND_WITHOUT
def test_a_workbook_and_a_pasted_list(site, javascript):
    tab = site.tab("admin", "en", java_script_enabled=javascript)
    hand = Hand(tab)
    tab.goto("/imports/new/")
    hand.give(of_xlsx())
    hand.answer_and_go_on()
    expect(tab.locator("#list")).to_contain_text("Headers on line 3.")
    tab.get_by_text("Not right? Change how it is read").click()
    tab.get_by_label("Sheet").select_option("Autre")
    if not javascript:
        hand.click("button", "Read it again")
    expect(tab.locator("#list")).to_contain_text("sheet “Autre”")
    tab.get_by_text("Not right? Change how it is read").click()
    tab.get_by_label("Sheet").select_option("Sheet")
    if not javascript:
        hand.click("button", "Read it again")
    expect(tab.locator("#list")).to_contain_text("sheet “Sheet”")
    hand.click("button", "Check the rows")
    assert hand.save().result["created"] == 2
    assert Contact.objects.filter(name="Roc", postcode="01400").exists()
    tab.goto("/imports/new/")
    tab.get_by_label("Or paste a list").fill("Jo Collé <jo@colle.example>, kim@colle.example")
    hand.answer_and_go_on()
    hand.click("button", "Check the rows")
    assert hand.save().result["created"] == 2


@WITH_AND_WITHOUT
def test_a_hostile_file_is_refused_beside_its_field(site, javascript):
    tab = site.tab("lead", "en", java_script_enabled=javascript)
    hand = Hand(tab)
    tab.goto("/imports/new/")
    hand.give(sample("xlsx/attack_billion_laughs.xlsx"))
    hand.answer_and_go_on()
    expect(tab.locator("main")).to_contain_text("The workbook holds XML entities")
    expect(tab.get_by_label("Where does the list come from?")).to_have_value("Open day")
    assert not Import.objects.exists()


def test_500_rows_with_two_unknown_headers_take_nine_clicks_at_most(site):
    lines = "".join(f"Groupe {n};Caen;14000;g{n}@exemple.fr;doux;lundi\n" for n in range(500))
    content = f"Liste des groupes;;;;;\nNom;Ville;CP;Courriel;Humeur;Répète\n{lines}".encode("cp1252")
    tab = site.tab("lead", "en")
    hand = Hand(tab)
    tab.goto("/contacts/")
    hand.click("link", re.compile("^Import"))
    hand.click("link", "Import a list")
    hand.give({"name": "groupes.csv", "mimeType": "text/csv", "buffer": content})
    hand.answer_and_go_on()
    hand.choose("Humeur", "tags")
    hand.choose("Répète", "note")
    hand.click("button", "Check the rows")
    run = hand.save()
    assert run.result["created"] == 500
    assert hand.clicks <= 9


def test_all_of_it_by_keyboard(site):
    tab = site.tab("lead", "en")
    tab.goto("/imports/new/")
    tab.get_by_label("Or paste a list").focus()
    tab.keyboard.type("Brume du Clavier\nLa Cale du Clavier\n")
    tab.keyboard.press("Tab")
    tab.keyboard.type("Open day")
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowDown")
    tab.get_by_role("button", name="Look at it").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Check the rows").press("Enter")
    tab.get_by_role("button", name=re.compile("^Import 2")).press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("The list is coming in")
    assert runs.work(Import.objects.latest("pk").pk, clock=clock.now)
    expect(tab.get_by_role("heading", level=1)).to_have_text("The list is in")


MESSY = (
    "Nom;Ville;Code postal;Adresse e-mail;Humeur\n"
    "Groupe à vérifier;Caen;1400;aucun;doux\n"
    ";Ifs;;;\n"
    "Un nom bien plus long que les autres, pour voir comment il se coupe;Rouen;76000;{email};vif\n"
)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_each_step_passes_axe_and_fits(site, axe, width, theme):
    known = Contact.objects.filter(points__property="email", binned_at=None).first()
    content = MESSY.format(email=known.points.filter(property="email").first().value)
    tab = site.tab("lead", "fr", viewport={"width": width, "height": 800}, color_scheme=theme)
    steps = []

    def look(step):
        steps.append((step, axe(tab), tab.evaluate("document.documentElement.scrollWidth > innerWidth")))
        photograph(tab, f"import-{step}-{width}-{theme}")

    tab.goto("/imports/")
    look("empty")
    tab.goto("/imports/new/")
    tab.locator("main form button[type=submit]").click()
    look("file-errors")
    tab.locator("input[type=file]").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    tab.locator("#id_source").fill("Journée portes ouvertes")
    tab.locator("#id_basis").select_option("consent")
    look("file")
    tab.locator("main form button[type=submit]").click()
    tab.locator("#list details").first.locator("summary").click()
    look("columns")
    tab.locator("form[action$='/columns/'] button[type=submit]").click()
    look("check")
    tab.goto(f"{tab.url}?show=likely")
    look("likely")
    tab.goto(tab.url.partition("?")[0])
    tab.locator("form[action$='/save/'] button").click()
    expect(tab.locator("#progress")).to_be_visible()
    look("progress")
    assert runs.work(Import.objects.latest("pk").pk, clock=clock.now)
    expect(tab.locator("form[action$='/undo/']")).to_be_visible()
    look("result")
    tab.goto("/imports/")
    look("list")
    assert [step for step in steps if step[1] or step[2]] == []
