"""The main job from end to end, on real servers, with a real browser and a real mail server.

Contacts come in from a real file, a schedule from a scheduler's export, meetings from a browser; as the days go by the
ratio falls below its target, and the reminder arrives once, in French. It is November 2026: Léa met people in October,
and her 28 posts go out from 2 November on.
"""

import json
import os
import re
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.installation import Installation, database, wait_until
from tests.samples import sample

pytestmark = pytest.mark.end_to_end
expect.set_options(timeout=30_000)

PARIS = ZoneInfo("Europe/Paris")
# Monday before the day's evaluation, which is due from 7:00 on; then three mornings at an hour when mail may leave.
EARLY_MONDAY = datetime(2026, 11, 16, 6, 30, tzinfo=PARIS)
TUESDAY, WEDNESDAY, THURSDAY = (datetime(2026, 11, day, 10, 0, tzinfo=PARIS) for day in (17, 18, 19))
LEA = "lea@radio.example"
PASSWORD = "une longue phrase de passe"
PEOPLE = f"""
from datetime import date
from accounts.models import Membership, Team
from accounts.people import create_person
team = Team.objects.create(name="Radio Bocage", slug="radio-bocage")
lea = create_person(
    email="{LEA}", name="Léa Martin", password="{PASSWORD}", language="fr", time_zone="Europe/Paris"
)
Membership.objects.create(user=lea, team=team, role="manager", since=date(2026, 9, 1))
"""
MEETINGS = {  # three and two that leave the 28 days on Wednesday and Thursday, and one that stays
    "Brume salée": "2026-10-20T11:00",
    "Karim Delaunay": "2026-10-20T15:00",
    "Le Sémaphore": "2026-10-20T18:30",
    "Oumar Sy": "2026-10-21T11:00",
    "Papier bruit": "2026-10-21T15:00",
    "Victoire Aubry": "2026-11-10T18:30",
}


@pytest.fixture
def browser_context_args(browser_context_args):
    """A browser in French: the sign-in speaks its language, all later pages that of the person."""
    return {**browser_context_args, "locale": "fr-FR"}


@pytest.fixture
def installation(tmp_path):
    missing = [name for name in ("SERVERS_DATABASE_URL", "SERVERS_REDIS_URL") if name not in os.environ]
    if missing:
        pytest.skip(f"{', '.join(missing)} not set: ./dev test sets them")
    with database(os.environ["SERVERS_DATABASE_URL"], f"e2e_{os.getpid()}") as url:
        made = Installation(
            tmp_path, url, os.environ["SERVERS_CELERY_BROKER_URL"], os.environ["SERVERS_REDIS_URL"]
        )
        try:
            yield made
        finally:
            made.stop(*list(made.running))


def test_a_falling_ratio_is_noticed_and_the_reminder_arrives_once(installation, page: Page):
    installation.start_mail_server()
    installation.manage("migrate", "--noinput", "-v", "0")
    installation.manage("createcachetable")
    installation.manage("collectstatic", "--noinput", "-v", "0")
    installation.manage("shell", "-v", "0", "-c", PEOPLE)
    installation.at(EARLY_MONDAY)
    contacts_come_in(installation)
    a_schedule_comes_in(installation)
    lea_notes_her_meetings(installation, page)

    tuesday, wednesday, thursday = "17 ON_TARGET 6/19", "18 MOSTLY_ONLINE 3/17", "19 MOSTLY_ONLINE 1/16"
    evaluated(installation, TUESDAY, [tuesday])
    evaluated(installation, WEDNESDAY, [tuesday, wednesday])
    evaluated(installation, THURSDAY, [tuesday, wednesday, thursday])
    assert letters_of(installation, WEDNESDAY) == []
    the_reminder_arrives_once(installation, page)


EVALUATIONS = """
from ratio.models import Evaluation
for e in Evaluation.objects.order_by("slot"):
    print(e.slot.day, e.verdict, f"{e.real}/{e.real + e.online}")
"""


def evaluated(installation: Installation, instant: datetime, lines: list[str]) -> None:
    """Beat ticks, the worker evaluates: by itself the day's row appears, and the earlier ones stay as they were."""
    installation.at(instant)
    found: list[str] = []

    def is_there() -> bool:
        found[:] = installation.manage("shell", "-v", "0", "-c", EVALUATIONS).splitlines()
        return len(found) == len(lines)

    wait_until(is_there, f"the evaluation of {instant:%A}")
    assert found == lines


def contacts_come_in(installation: Installation) -> None:
    """394 rows with a double byte order mark; nothing is lost, and the same file again adds nothing."""
    command = [
        "import_contacts",
        str(sample("organisations/festivals_normandie_bretagne.csv")),
        "--team",
        "radio-bocage",
    ]
    command += ["--source", "data.culture.gouv.fr", "--basis", "legitimate_interest", "--json"]
    first = json.loads(installation.manage(*command))
    assert first["read"] == 394
    assert first["created"] + first["updated"] + first["unchanged"] == 394
    assert first["rejected"] == []
    again = json.loads(installation.manage(*command))
    assert (again["created"], again["unchanged"]) == (0, 394)


def a_schedule_comes_in(installation: Installation) -> None:
    """A hand-kept French sheet in cp1252: 28 posts of November, some of which are cancelled."""
    done = json.loads(
        installation.manage("import_posts", str(sample("social/made_publer.csv")), "--author", LEA, "--json")
    )
    assert (done["read"], done["created"], done["rejected"]) == (28, 28, [])


def lea_notes_her_meetings(installation: Installation, page: Page) -> None:
    """In the browser, from the sign-in on: meetings typed late, each with somebody new."""
    page.goto(installation.url)
    page.locator("input[type=email]").fill(LEA)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Léa")
    for name, moment in MEETINGS.items():
        page.goto(f"{installation.url}/log/")
        page.locator("#others").fill(name)
        page.get_by_role("option").last.click()
        page.locator("label", has=page.locator("input[name=when][value=other]")).click()
        page.locator("input[type=datetime-local]").fill(moment)
        page.get_by_role("button", name=re.compile("Enregistrer")).click()
        expect(page.get_by_role("status").first).to_contain_text(name)


def letters_of(installation: Installation, day: datetime) -> list[EmailMessage]:
    """The mails that left on a day of the story."""
    return [
        letter
        for letter in installation.letters()
        if letter["date"].datetime.astimezone(PARIS).date() == day.date()
    ]


def the_reminder_arrives_once(installation: Installation, page: Page) -> None:
    """In French, with the figures of that morning, and a link that opens the page; further ticks add nothing."""
    wait_until(lambda: letters_of(installation, THURSDAY), "the reminder")
    for _ in range(3):  # passes by hand beside those of beat and worker
        installation.manage("tick")
    (letter,) = letters_of(installation, THURSDAY)
    assert letter["to"] == f"Léa Martin <{LEA}>"
    assert letter["content-language"] == "fr"
    assert " ".join(letter["subject"].split()) == "Votre présence est à 6 %, objectif 30 %"
    for subtype in ("plain", "html"):
        text = " ".join(letter.get_body((subtype,)).get_content().split())
        text = re.sub("<[^>]+>", "", text).replace("&nbsp;", "\xa0")
        assert "1 rencontre, 15 publications parues depuis le 23 octobre" in text
    link = re.search(
        rf"{re.escape(installation.url)}/presence/\S*", letter.get_body(("plain",)).get_content()
    )
    assert link
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("1 rencontre, 15 publications parues")
    assert installation.manage("ratio", LEA, "--at", THURSDAY.isoformat()).strip()
