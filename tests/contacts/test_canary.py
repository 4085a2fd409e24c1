"""A canary: somebody erased never comes back, by whatever door, and no table, page or mail names them again."""

import io
import re
import unicodedata
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts import audit, changes
from accounts.models import AuditEntry, Operation
from communitycrm import mornings
from communitycrm.pages import mailbox
from contacts import (
    bulk,
    bulk_runs,
    directory,
    duplicates,
    erasing,
    last_met,
    logbook,
    merging,
    points,
    suppression_file,
)
from contacts import tags as tagging
from contacts.listing import Filters
from contacts.models import (
    Contact,
    ContactPoint,
    PrivacyRequest,
    SavedFilter,
    Suppression,
    Tag,
    Touchpoint,
)
from events import calendars, feeds
from events.models import Attendance, Occurrence, Scope
from notifications import sending
from outreach import imports, uploads
from outreach.imports import Options
from outreach.launches import planning as launching
from outreach.models import Launch
from tests.cast import (
    NOW,
    contact_kind,
    make_admin,
    make_contact,
    make_outsider,
    make_touchpoint,
    touchpoint_kind,
)
from tests.events.cast import make_occurrence
from tests.events.ical.files import calendar, event
from tests.permission_matrix import MATRIX

pytestmark = pytest.mark.django_db
TRACES = re.compile(r"canari|canário|698765432|98\W?76\W?54\W?32|oiseau\.example", re.IGNORECASE)
CSV = "Nom;Ville;E-mail;Téléphone\nJo Canari;Caen;jo@canari.example;06 98 76 54 32\nKarim Sy;Lille;k@sy.example;\n"


EVERYWHERE = {
    "accounts.AuditEntry",
    "accounts.Change",
    "contacts.Contact",
    "contacts.ContactPoint",
    "contacts.PrivacyRequest",
    "contacts.Promise",
    "contacts.Tag",
    "contacts.Touchpoint",
    "events.Occurrence",
}


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.SUPPRESSION_FILE = tmp_path / "suppressions.txt"


def details(**fields):
    known = [
        points.email("jo@canari.example"),
        points.phone("06 98 76 54 32", "FR"),
        points.link("https://oiseau.example"),
    ]
    return directory.Details(
        **{"name": "Jo Canari", "kind": contact_kind(), "town": "Caen", "points": known, **fields}
    )


def traces():
    """Every cell of every table that there is in which something of the canary stands, the search's own included."""
    labels = {model._meta.db_table: model._meta.label for model in apps.get_models(include_auto_created=True)}
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = (
                        bytes(value).decode("utf-8", "replace")
                        if isinstance(value, bytes | memoryview)
                        else str(value)
                    )
                    if TRACES.search(text):
                        found.append((labels.get(table, table), name, text[:80]))
    return found


@pytest.fixture
def canary(team, lea, noe):
    """Somebody about whom there is something everywhere."""
    added = directory.add(
        team=team,
        by=lea,
        details=details(note="Canari sings", tags=["Jo Canari"]),
        client_id=uuid.uuid4(),
        now=NOW,
    )
    jo, other = added.contact, make_contact(team, "Karim Sy", note="Friend of Jo Canari, jo@canari.example")
    meeting = {"team": team, "by": lea, "kind": touchpoint_kind(), "now": NOW, "met_at": NOW}
    alone = logbook.note(
        **meeting, client_id=uuid.uuid4(), contacts=[jo], note="A secret of the singer", is_private=True,
        promise=("Call Canari", NOW.date()),
    )  # fmt: skip
    logbook.note(
        **meeting,
        client_id=uuid.uuid4(),
        contacts=[jo, other],
        note="With CANARI, Jo and Karim",
        place="Chez Jo Canari",
    )
    edited = logbook.note(
        **meeting, client_id=uuid.uuid4(), contacts=[jo], note="Call 06.98.76.54.32"
    ).touchpoint
    logbook.edit(edited, kind=edited.kind, met_at=NOW, contacts=[jo], by=lea, now=NOW, note="")
    double = directory.add(
        team=team, by=lea, details=details(name="Joséphine Canari"), client_id=uuid.uuid4(), now=NOW
    ).contact
    merging.merge(kept=jo, merged=double, by=lea, now=NOW)
    occurrence = make_occurrence(
        team, lea, (jo, other), title="Apéro with Jo Canari", note="jo@canari.example"
    )
    audit.record(action="contacts.imported", actor=lea, team=team, now=NOW, source="Jo Canari’s list")
    PrivacyRequest.objects.create(
        kind="erasure", name="Jo Canari", address="jo@canari.example", received_on=NOW.date(), due_on=NOW.date(),
        created_by=lea, created_at=NOW,
    ).contacts.add(jo)  # fmt: skip
    duplicates.look(team=team, now=NOW)
    jo.refresh_from_db()
    jo.alone, jo.occurrence = alone, occurrence
    return jo


def test_the_canary_is_everywhere_before(canary):
    """Else the tests below would prove nothing."""
    assert {label for label, _name, _text in traces()} >= EVERYWHERE


def test_erased_nothing_of_the_canary_is_left_and_the_meetings_are(canary, team, lea):
    assert erasing.erase([canary], by=lea, now=NOW) == 2
    assert traces() == []
    assert Touchpoint.objects.kept().filter(team=team).count() == 3
    assert canary.alone.touchpoint.participations.count() == 1
    assert not Attendance.objects.filter(contact=canary.pk).exists()
    assert AuditEntry.objects.get(action="person.erased").details == {"contacts": 2}
    assert not last_met.wrong().exists()


def test_what_was_done_can_be_undone_and_brings_nobody_back(canary, team, lea):
    erasing.erase([canary], by=lea, now=NOW)
    for operation in Operation.objects.filter(undone_at=None):
        changes.undo(operation, by=lea, now=NOW)
    assert traces() == [] and Contact.objects.get().name == "Karim Sy"


def test_the_bin_delays_no_erasure_and_restores_nobody(canary, team, lea):
    operation = directory.bin_contact(canary, by=lea, now=NOW)
    erasing.erase([canary], by=lea, now=NOW)
    assert changes.undo(operation, by=lea, now=NOW).restored == 0
    assert traces() == []


def test_what_lies_in_another_teams_bin_goes_too_and_is_not_undone_into_the_book(canary, team, lea):
    elsewhere = make_outsider()
    lying = make_contact(elsewhere.memberships.get().team, "Jo Canari", town="Caen")
    operation = directory.bin_contact(lying, by=elsewhere, now=NOW)
    erasing.erase([canary], by=lea, now=NOW)
    assert changes.undo(operation, by=elsewhere, now=NOW).restored == 0
    assert traces() == []


def test_letters_of_a_trial_that_name_the_canary_go(canary, lea, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    for text in ("Promised to Jo Canari: the link", "See Karim again"):
        send_mail("Léa", text, "crm@localhost", ["lea@example.org"])
    erasing.erase([canary], by=lea, now=NOW)
    kept = "".join(path.read_text() for path in (tmp_path / "mail").glob("*.log"))
    assert "Karim" in kept and not TRACES.search(kept)
    assert [letter["subject"] for letter in mailbox.letters(tmp_path / "mail", 9)] == ["Léa"]


def test_typed_pasted_and_imported_again_the_canary_stays_away(canary, team, lea, client):
    erasing.erase([canary], by=lea, now=NOW)
    client.force_login(lea)
    client.post(
        reverse("contacts:contact_quick"), {"line": "Jo Canari, jo@canari.example", "client_id": uuid.uuid4()}
    )
    with pytest.raises(directory.HeldBack):
        directory.add(team=team, by=lea, details=details(), client_id=uuid.uuid4(), now=NOW)
    with pytest.raises(directory.HeldBack):
        directory.edit(Contact.objects.get(), details=details(kind=contact_kind()))
    noted = logbook.note(
        team=team, by=lea, client_id=uuid.uuid4(), kind=touchpoint_kind(), met_at=NOW, now=NOW, contacts=[],
        new_names=["Canari, Jo", "Sam"],
    )  # fmt: skip
    assert [contact.name for contact in noted.touchpoint.contacts.all()] == ["Sam"]
    assert traces() == []


def test_no_import_brings_the_canary_back_and_says_so_without_a_name(canary, team, lea, tmp_path):
    erasing.erase([canary], by=lea, now=NOW)
    path, out = tmp_path / "Liste de Jo Canari.csv", io.StringIO()
    path.write_text(CSV)
    for again in ("x", "y"):
        call_command("import_contacts", str(path), team=team.slug, source=again, basis="consent", stdout=out)
    assert "1" in out.getvalue() and not TRACES.search(out.getvalue().replace(str(path), ""))
    assert Contact.objects.filter(name="Karim Sy").exists() and traces() == []


def test_no_file_of_posts_brings_its_name_back(canary, team, lea):
    erasing.erase([canary], by=lea, now=NOW)
    content = b"Quoi;Quand;Vers\nBonjour;2030-11-02 09:00;insta\n"
    columns = {"text": 0, "when": 1, "channels": 2}
    for_lea = uploads.Settings(lea, columns=columns)
    sent = {"team": team, "by": lea, "settings": for_lea, "now": NOW}
    kept = uploads.keep(name="Jo Canari, 2026.csv", content=content, **sent)
    outcome = uploads.apply(kept, by=lea, now=NOW, cancel_missing=False)
    assert (outcome.created, outcome.operation.details["file"]) == (1, "…, 2026.csv")
    said = Options(mapping=uploads.mapping_of(columns))
    imports.apply(content, "Jo Canari.csv", team=team, manager=lea, options=said, by=None, now=NOW)
    assert traces() == []


def test_no_page_search_export_or_log_names_the_canary(canary, team, lea, client, caplog):
    """Every page without a row in its address, for a CM and for an admin, and those of who is left."""
    ada, karim = make_admin(), Contact.objects.get(name="Karim Sy")
    caplog.set_level("DEBUG")
    erasing.erase([canary], by=ada, now=NOW)
    plain = {name: roles for name, (method, roles, args) in MATRIX.items() if method == "GET" and not args}
    pages = [reverse(name) for name in plain]
    for_admins = [reverse(name) for name, roles in plain.items() if roles[0] != "o"]
    pages += [reverse("contact", args=[karim.pk]), reverse("contacts:contact_list") + "?q=canari"]
    pages += [reverse("contacts:suggest") + "?q=jo", reverse("occurrence", args=[canary.occurrence.pk])]
    pages += [
        reverse("log_edit", args=[canary.alone.touchpoint.pk]),
        reverse("log") + f"?contact={canary.pk}",
    ]
    for user, looked_at in ((lea, pages), (ada, for_admins)):
        client.force_login(user)
        for page in looked_at:
            answer = client.get(page)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said = text.decode("utf-8", "replace")
            assert not TRACES.search(said.replace("canari", "") if page.endswith("?q=canari") else said), page
        for name in ("csv", "vcard"):
            answer = client.post(reverse("contacts:export"), {"format": name, "all": "1"})
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert not TRACES.search(text.decode("utf-8", "replace"))
        assert client.get(reverse("contact", args=[canary.pk])).status_code == 404
    assert not TRACES.search(
        "".join(record.getMessage() for record in caplog.records if "?q=" not in record.getMessage())
    )


@pytest.mark.parametrize("erased", [False, True])
def test_no_feed_and_no_mail_names_the_canary_once_erased(
    canary, team, lea, client, mailoutbox, settings, erased
):
    """What was about to be said when they were erased included; not erased, both do, or this would prove nothing."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tokens = [
        feeds.make(user=lea, team=team, scope=scope, has_names=True, now=NOW)[1] for scope in Scope.values
    ]
    mornings.go_round(NOW)
    if erased:
        erasing.erase([canary], by=lea, now=NOW)
    mornings.go_round(NOW + timedelta(days=1))
    sending.drain(NOW + timedelta(days=1, minutes=1))
    calendars_read = [client.get(reverse("events:feed", args=[token])) for token in tokens]
    texts = [calendar.content.decode().replace("\r\n ", "") for calendar in calendars_read]
    assert [bool(TRACES.search(text)) for text in texts] == [not erased] * len(tokens)
    letters = "".join(f"{letter.subject}{letter.body}{letter.alternatives}" for letter in mailoutbox)
    assert bool(TRACES.search(letters)) == (not erased)


def test_a_calendar_that_still_names_the_canary_brings_no_name_back(canary, team, lea):
    def told(file="programme.ics", **more):
        named = event(
            SUMMARY="Release of jo CANARI", LOCATION="Chez Canari Jo", DESCRIPTION="+33 6 98 76 54 32", **more
        )
        other = event("2", SUMMARY="Karim Sy, jo@canari.example, https://oiseau.example", RRULE="FREQ=WEEKLY")
        read = calendars.import_file(
            calendar(named, other),
            file,
            team=team,
            by=lea,
            kind=touchpoint_kind(),
            host=lea,
            now=NOW,
        )
        return read.outcome

    assert told().created == 2 and TRACES.search(str(traces()))
    erasing.erase([canary], by=lea, now=NOW)
    assert traces() == []
    assert told().unchanged == 2
    assert told(DURATION="PT3H").updated == 1
    assert told("Jo Canari, 2026.ics").operation.details["file"] == "…, 2026.ics"
    assert traces() == []
    assert {"Release of …", "Karim Sy, …, …"} <= set(Occurrence.objects.values_list("title", flat=True))


def test_a_restored_backup_is_held_against_the_register(
    canary, team, lea, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase([canary], by=lea, now=NOW)
    assert TRACES.search(suppression_file.settings.SUPPRESSION_FILE.read_text()) is None
    Suppression.objects.all().delete()  # the backup is older than the erasure
    again = make_contact(team, "Jo Canari", town="Caen", binned_at=NOW)
    make_touchpoint(team, lea, [again], note="Jo Canari again")
    for erased in (1, 0):
        out = io.StringIO()
        call_command("suppressions", stdout=out)
        assert f"contacts erased: {erased}" in out.getvalue()
        assert traces() == []


def test_a_merge_of_somebody_held_back_is_not_undone_into_them(team, lea):
    kept, merged = make_contact(team, "Sam"), make_contact(team, "Jo Canari", town="Caen")
    operation = merging.merge(kept=kept, merged=merged, by=lea, now=NOW, choices={"name": "kept"})
    other = make_contact(team, "Jo Canari", town="Caen")
    erasing.erase([other], by=lea, now=NOW)
    merging.take_back(operation, by=lea, now=NOW + timedelta(hours=1))
    assert not Contact.objects.filter(name="Jo Canari").exists()


def test_purged_by_time_the_canary_may_come_again(canary, team, lea):
    erasing.purge([canary.pk], now=NOW)
    assert not Suppression.objects.exists()
    assert directory.add(team=team, by=lea, details=details(), client_id=uuid.uuid4(), now=NOW).operation


def test_the_admin_sees_beforehand_what_will_go(canary):
    seen = erasing.preview([canary])
    assert seen.person.contact_ids[0] == canary.pk and len(seen.contacts) == 2
    assert any("Karim" in mention.text or "Friend" in mention.text for mention in seen.mentions)
    assert make_admin() is not None and seen.shared == []


def test_a_launch_named_after_the_canary_stays_and_so_does_its_tag_without_the_name(canary, team, lea):
    """Also where what is left of two names is the same, and a tag of the team."""
    tagging.named(team, ["Album de"])
    for number, name in enumerate(("Album de Jo Canari", "Album de Canari, Jo")):
        said = launching.Details(name=name, day=NOW.date() + timedelta(days=30 + number))
        launching.prepare(team=team, by=lea, client_id=uuid.uuid4(), details=said, contacts=[canary], now=NOW)
    erasing.erase([canary], by=lea, now=NOW)
    assert traces() == []
    assert {launch.name for launch in Launch.objects.all()} == {"Album de …"}
    assert {tag.name for tag in Tag.objects.all()} == {"Album de", "Album de … 2", "Album de … 3"}
    assert all(tagging.key(tag.name) == tag.key for tag in Tag.objects.all())


@pytest.mark.parametrize("name", ["Zoé Lefèvre", "Éa Öz", "Жанна Ёлкина"])
def test_accents_hide_nobody_in_what_undo_keeps(team, lea, name):
    """SQLite keeps JSON in ASCII; a Mac gives file names with their accents taken apart; a line may begin with a name."""
    zoe, composed = make_contact(team, name), unicodedata.normalize("NFC", name)
    ContactPoint.objects.create(
        team=team, contact=zoe, property="tel", value="06 98 76 54 32", key="+33698765432"
    )
    told = {
        "file": f"Liste de {composed}.csv",
        "mac": f"Liste de {unicodedata.normalize('NFD', name)}.csv",
        "rows": [{"line": f"Vu hier\n{composed.upper()}\nau Bocal"}],
        "tel": "06\u202f98\u00a076\n54 32",
    }
    operation = changes.begin(team=team, by=lea, kind="contacts.import", now=NOW, **told)
    erasing.erase([zoe], by=lea, now=NOW)
    operation.refresh_from_db()
    assert operation.details == {
        "file": "Liste de ….csv",
        "mac": "Liste de ….csv",
        "rows": [{"line": "Vu hier\n…\nau Bocal"}],
        "tel": "…",
    }


def test_nobody_is_left_in_what_lists_were_asked_for(team, lea):
    """Addresses are written in percent signs; another team may have looked for the whole name, and for a part of it."""
    zoe, oscar = make_contact(team, "Zoé Lefèvre"), make_outsider()
    there = oscar.memberships.get().team

    def asked(of, by, text):
        query = Filters(q=text, show="mine").address()
        act = bulk.Act(of, by, [], uuid.uuid4(), NOW)
        kept = {"name": text, "query": query, "created_at": NOW}
        SavedFilter.objects.create(team=of, owner=by, **kept)
        return bulk_runs.ask(act, bulk.BIN, {}, query=query)

    runs = [
        asked(of, by, text)
        for of, by in ((team, lea), (there, oscar))
        for text in ("Zoé Lefèvre", "lefèvre", "Zoé Roux")
    ]
    erasing.erase([zoe], by=lea, now=NOW)
    for run in runs:
        run.refresh_from_db()
    left = [Filters.read_text(run.query) for run in runs]
    assert [filters.q for filters in left] == ["", "", "", "", "lefèvre", "Zoé Roux"]
    assert {filters.show for filters in left} == {"mine"}
    assert {(row.team, row.name) for row in SavedFilter.objects.all()} == {
        (there, "lefèvre"),
        (there, "Zoé Roux"),
    }


def test_a_merge_that_ends_while_erasing_waits_is_seen(canary, team, lea, monkeypatch):
    """And so is one that was undone meanwhile: who is somebody else again stays."""
    kept, found = make_contact(team, "Joséphine C."), erasing.family
    sam, ana = make_contact(team, "Sam Roux"), make_contact(team, "Ana Roux")
    undone = merging.merge(kept=sam, merged=ana, by=lea, now=NOW)

    def meanwhile(act):
        """`act` happens between the first look at the family and the lock."""

        def family(contacts):
            monkeypatch.setattr(erasing, "family", found)
            rows = found(contacts)
            act()
            return rows

        monkeypatch.setattr(erasing, "family", family)

    meanwhile(lambda: merging.merge(kept=kept, merged=canary, by=lea, now=NOW))
    assert erasing.erase([canary], by=lea, now=NOW) == 3
    assert traces() == [] and not Contact.objects.filter(pk=kept.pk).exists()
    meanwhile(lambda: merging.take_back(undone, by=lea, now=NOW))
    assert erasing.erase([sam], by=lea, now=NOW) == 1
    assert Contact.objects.filter(pk=ana.pk).exists()
