"""A hundred thousand new contacts in little memory: found again exactly, and never slower for being alike."""

from contacts.imports.drafts import Draft
from contacts.imports.fresh import Fresh
from contacts.imports.loading import Wanted
from contacts.imports.matching import Index, Known
from contacts.imports.plans import LONGEST_NOTE, Plan, Verdict, plan
from contacts.imports.traits import MANY
from contacts.names import fold
from contacts.points import Point


def draft(name, town="", email="", line=1, **fields):
    points = [Point("email", email, email)] if email else []
    return Draft(line, name, fold(name), points=points, town=town, town_key=fold(town), **fields)


def test_a_draft_comes_back_as_it_was():
    given = draft("Brume", "Caen", "a@b.fr", tags=["folk"], own_id=7, note="x")
    assert Draft.unpacked(given.packed()) == given


def test_contacts_are_found_by_what_identifies_them():
    fresh = Fresh()
    brume = draft("Brume", "Caen", "a@b.fr", external_id="7")
    number = fresh.add(brume)
    assert fresh.called("brume", "caen") == fresh.reached_by(Point("email", "", "a@b.fr")) == [number]
    assert fresh.with_id("7") == [number]
    assert fresh.shares_name(number, "brume")
    assert not fresh.shares_name(number, "embrun")
    assert fresh.called("brume", "rouen") == []


def test_what_so_many_share_identifies_none_of_them():
    fresh = Fresh()
    for n in range(3 * MANY):
        one = draft(f"Brume {n}", "Caen", "info@all.fr")
        fresh.add(one)
    assert len(fresh.reached_by(Point("email", "", "info@all.fr"))) == MANY


def test_who_is_alone_is_given_back_at_once_and_held_no_longer():
    drafts = [draft(f"Brume {n}", line=n + 2) for n in range(2_300)]
    drafts[1_500] = draft("Brume 7", line=1_502)
    wanted = Wanted()
    for one in drafts:
        wanted.add(one)
    made = Plan(index=Index(wanted.traits), verdicts=bytearray(len(drafts)))
    given = [(done, len(alone)) for done, alone in plan(enumerate(drafts), made)]
    assert given == [(1000, 999), (2000, 999), (2300, 300)]
    assert [one.name for one in made.index.fresh] == ["Brume 7"]
    assert made.created == 2_299


def test_whom_a_person_said_a_row_means_it_means_also_when_nothing_is_alike_any_more():
    row = draft("Brume", email="a@b.fr")
    wanted = Wanted()
    wanted.add(row)
    made = Plan(index=Index(wanted.traits), decisions={"0": 5}, verdicts=bytearray(1))
    made.index.add(Known(key="nuit", name="Nuit", pk=5))
    assert [alone for _done, alone in plan([(0, row)], made)] == [[]]
    assert (bytes(made.verdicts), list(made.targets)) == (b"u", [5])


def test_a_list_in_which_all_share_an_address_is_a_list_of_many():
    drafts = [draft(f"Brume {n}", "Caen", "info@all.fr", line=n + 2) for n in range(300)]
    made = Plan(verdicts=bytearray(len(drafts)))
    for _done in plan(enumerate(drafts), made):
        pass
    assert made.verdicts.count(ord(Verdict.NEW)) == len(drafts)
    assert len(made.remarks) == len(drafts) - 1  # each is like one of them


def test_thousands_of_rows_of_one_contact_fill_its_note_and_no_more():
    rows = [draft("Brume", "Caen", note=f"{n:05d} {'x' * 90}", line=n + 2) for n in range(1_000)]
    made = Plan(verdicts=bytearray(len(rows)))
    for _done in plan(enumerate(rows), made):
        pass
    assert (made.created, len(made.index.fresh)) == (1, 1)
    assert LONGEST_NOTE <= len(made.index.fresh[0].note) < LONGEST_NOTE + 200
    assert "full" in made.remarks[-1].text.text
