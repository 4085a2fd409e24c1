"""Who is due to be seen again, and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import changes
from contacts import rhythm, rhythm_rules
from contacts import tags as tagging
from contacts.models import Contact, NotNow, RhythmRule
from contacts.rhythm import Due, choose
from foundation import bulk
from tests.cast import NOW, contact_kind, make_contact, make_lead, make_team, make_touchpoint


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def ago(**span):
    return NOW - timedelta(**span)


def due(pk, late, *, colleague=False, group=False):
    return Due(Contact(pk=pk), is_colleague=colleague, is_group=group, late=late)


@pytest.mark.parametrize(
    ("among", "limit", "chosen"),
    [
        ([], 5, []),
        ([due(1, 1.5), due(2, 3.0), due(3, 2.0)], 2, [2, 3]),
        ([due(1, 9.0), due(2, 8.0), due(3, 1.1, colleague=True)], 2, [1, 3]),
        ([due(1, 9.0), due(2, 8.0), due(3, 1.1, colleague=True), due(4, 1.2, group=True)], 3, [1, 4, 3]),
        ([due(1, 2.0, colleague=True), due(2, 3.0, colleague=True)], 5, [2, 1]),
        ([due(1, 2.0), due(2, 2.0)], 1, [1]),
        ([due(1, 2.0, group=True), due(2, 3.0, colleague=True)], 1, [2]),
    ],
)
def test_the_latest_come_first_and_a_colleague_and_a_group_have_a_place(among, limit, chosen):
    assert [one.contact.pk for one in choose(among, limit)] == chosen


@pytest.mark.django_db
class TestSuggestions:
    def names(self, team, user, **others):
        return [one.contact.name for one in rhythm.suggestions(team=team, user=user, now=NOW, **others)]

    def met(self, team, user, name, *days, kind="person", **fields):
        contact = make_contact(team, name, kind=kind, last_met_at=ago(days=min(days)), **fields)
        for number in days:
            make_touchpoint(team, user, [contact], met_at=ago(days=number))
        return contact

    def test_a_rhythm_of_ones_own_holds(self, team, lea):
        self.met(team, lea, "Late", 15, rhythm_days=14)
        self.met(team, lea, "In time", 13, rhythm_days=14)
        make_contact(team, "Never met", rhythm_days=14)
        assert self.names(team, lea) == ["Late"]

    def test_without_one_six_weeks_hold_for_those_met_twice(self, team, lea):
        self.met(team, lea, "Twice", 43, 80)
        self.met(team, lea, "Once", 43)
        self.met(team, lea, "Recently", 41, 80)
        self.met(team, lea, "Let go", 183, 200)
        assert self.names(team, lea) == ["Twice"]

    def test_whoever_of_the_team_saw_them_last_counts_and_is_said(self, team, lea, noe):
        self.met(team, noe, "Jo", 63, 90)
        (one,) = rhythm.suggestions(team=team, user=lea, now=NOW)
        assert one.reason == "Noé saw them on 22\xa0September"
        assert one.days == 63

    def test_a_day_of_another_year_says_its_year(self, team, lea, noe):
        self.met(team, noe, "Jo", 400, rhythm_days=7)
        (one,) = rhythm.suggestions(team=team, user=lea, now=NOW)
        assert one.reason == "Noé saw them on 20\xa0October 2025"

    def test_ones_own_last_meeting_names_nobody(self, team, lea):
        self.met(team, lea, "Jo", 10, rhythm_days=7)
        (one,) = rhythm.suggestions(team=team, user=lea, now=NOW)
        assert one.reason == "Last met 10 days ago"

    def test_a_teammates_contacts_and_those_already_booked_are_left_out(self, team, lea, noe):
        self.met(team, lea, "Noé’s", 50, 90, owner=noe)
        booked = self.met(team, lea, "Booked", 50, 90)
        self.met(team, lea, "Mine", 50, 90, owner=lea)
        self.met(team, lea, "Binned", 50, 90, binned_at=NOW)
        assert self.names(team, lea, without=[booked.pk]) == ["Mine"]

    def test_a_colleague_and_a_group_are_among_many(self, team, lea):
        for number in range(15):
            self.met(team, lea, f"Person {number}", 60 + number, 150)
        self.met(team, lea, "Sam", 43, 90, kind="colleague")
        self.met(team, lea, "La Cale", 44, 90, kind="venue")
        names = self.names(team, lea)
        assert len(names) == 5
        assert {"Sam", "La Cale"} <= set(names)

    def test_those_of_a_long_list_are_found_however_far_back(self, team, lea):
        for number in range(rhythm.LOOKED_AT + 2):
            self.met(team, lea, f"Person {number}", 60, 150)
        self.met(team, lea, "Sam", 100, 120, kind="colleague")
        self.met(team, lea, "La Cale", 101, 120, kind="venue")
        assert {"Sam", "La Cale"} <= set(self.names(team, lea))

    @pytest.mark.parametrize("many", [2, 20])
    def test_it_costs_two_queries_however_many(self, team, lea, django_assert_num_queries, many):
        for number in range(many):
            self.met(team, lea, f"Person {number}", 60 + number, 150)
        rhythm_rules.set_rule(team=team, kind=contact_kind("band"), weeks=3)
        with django_assert_num_queries(2):
            rhythm.suggestions(team=team, user=lea, now=NOW)

    def test_whoever_knows_that_there_are_no_rules_saves_a_query(self, team, lea, django_assert_num_queries):
        self.met(team, lea, "Jo", 50, 90)
        with django_assert_num_queries(1):
            (one,) = rhythm.suggestions(team=team, user=lea, now=NOW, has_rules=False)
        assert one.contact.name == "Jo"

    @pytest.mark.parametrize(
        ("own", "tags", "kind", "suggested"),
        [
            (None, {}, None, False),  # met once: the default asks for two meetings
            (None, {}, 4, True),
            (None, {}, 6, False),
            (None, {"rock": 4}, 8, True),
            (None, {"rock": 8}, 4, False),  # a tag is closer than the kind
            (None, {"rock": 8, "presse": 4}, None, True),  # the shortest of the tags
            (8, {"rock": 4}, 4, False),  # their own is closest
            (4, {"rock": 8}, 8, True),
        ],
    )
    def test_the_most_specific_rhythm_holds(self, team, lea, own, tags, kind, suggested):
        """Met once, five weeks ago; rhythms in weeks."""
        jo = self.met(team, lea, "Jo", 35, kind="band", rhythm_days=own and own * 7)
        for tag in tagging.named(team, tags):
            jo.tags.add(tag)
            rhythm_rules.set_rule(team=team, tag=tag, weeks=tags[tag.name])
        if kind:
            rhythm_rules.set_rule(team=team, kind=contact_kind("band"), weeks=kind)
        assert self.names(team, lea) == (["Jo"] if suggested else [])

    def test_a_long_rhythm_holds_back_and_a_short_one_is_not_let_go(self, team, lea, oscar):
        self.met(team, lea, "Festival", 60, 90, kind="festival")
        self.met(team, lea, "Band", 300, 310, kind="band")
        self.met(team, lea, "Venue", 300, 310, kind="venue")
        rhythm_rules.set_rule(team=team, kind=contact_kind("festival"), weeks=26)
        rhythm_rules.set_rule(team=team, kind=contact_kind("band"), weeks=8)
        rhythm_rules.set_rule(team=oscar.memberships.get().team, kind=contact_kind("venue"), weeks=1)
        assert self.names(team, lea) == ["Band"]

    def test_later_and_not_this_one_hold_for_the_person_alone_and_are_taken_back(self, team, lea, noe):
        jo, sam = self.met(team, noe, "Jo", 50, 90), self.met(team, noe, "Sam", 51, 90)
        later = rhythm_rules.put_off(jo, user=lea, until=NOW + rhythm_rules.LATER, now=NOW)
        never = rhythm_rules.put_off(sam, user=lea, until=None, now=NOW)
        assert (self.names(team, lea), self.names(team, noe)) == ([], ["Sam", "Jo"])
        in_two_weeks = NOW + rhythm_rules.LATER + timedelta(minutes=1)
        found = rhythm.suggestions(team=team, user=lea, now=in_two_weeks)
        assert [one.contact for one in found] == [jo]
        again = rhythm_rules.put_off(jo, user=lea, until=None, now=NOW)
        changes.undo(again, by=lea, now=NOW)
        assert [one.contact for one in rhythm.suggestions(team=team, user=lea, now=in_two_weeks)] == [jo]
        for operation in (later, never):
            changes.undo(operation, by=lea, now=NOW)
        assert self.names(team, lea) == ["Sam", "Jo"]
        rhythm_rules.put_off(sam, user=lea, until=None, now=NOW)
        rhythm_rules.suggest_again(sam, user=lea, now=NOW)
        assert self.names(team, lea) == ["Sam", "Jo"]

    def test_an_older_later_taken_back_leaves_a_newer_not_this_one(self, team, lea, jo):
        later = rhythm_rules.put_off(jo, user=lea, until=NOW + rhythm_rules.LATER, now=NOW)
        rhythm_rules.put_off(jo, user=lea, until=None, now=NOW)
        done = changes.undo(later, by=lea, now=NOW)
        assert (done.restored, len(done.edited_since)) == (0, 1)
        assert NotNow.objects.holding(NOW).get().until is None

    def test_the_querysets_overdue_agrees_with_days(self, team, lea):
        late = self.met(team, lea, "Late", 15, rhythm_days=14)
        self.met(team, lea, "In time", 14, rhythm_days=14)
        assert list(Contact.objects.overdue(NOW)) == [late]


@pytest.mark.django_db
class TestPages:
    def test_a_lead_sets_a_rhythm_and_takes_it_off(self, client, team, lea, ines, jo):
        rock, unborne = sorted(tagging.named(team, ["Rock", "Vinyl"]), key=lambda tag: tag.key)
        jo.tags.add(rock)
        address, new = reverse("contacts:rhythm"), reverse("contacts:rhythm_new")
        client.force_login(lea)
        assert client.get(address).status_code == 403
        client.force_login(ines)
        assert "No rhythm yet" in client.get(address).content.decode()
        for weeks, said in ((1, "every week."), (4, "every 4 weeks.")):
            page = client.post(new, {"tag": rock.pk, "weeks": weeks}, follow=True)
            assert f"Rock: to be seen {said}" in page.content.decode()
        rule = RhythmRule.objects.get()
        assert (rule.tag, rule.days) == (rock, 28)
        both = {"tag": rock.pk, "kind": contact_kind("band").pk, "weeks": 3}
        of_nobody = {"tag": unborne.pk, "weeks": 3}
        for wrong in (both, of_nobody, {"weeks": 3}, {"tag": rock.pk, "weeks": 0}, {"kind": 999, "weeks": 3}):
            assert client.post(new, wrong).status_code == 422
        page = client.post(reverse("contacts:rhythm_remove", args=[rule.pk]), follow=True)
        (undo,) = [part for part in page.content.decode().split('"') if part.startswith("/undo/")]
        assert not RhythmRule.objects.exists()
        page = client.post(reverse("contacts:rhythm_remove", args=[rule.pk]), follow=True)
        assert "This rhythm was taken off already." in page.content.decode()
        client.force_login(make_lead(make_team(), "Other"))
        assert client.post(reverse("contacts:rhythm_remove", args=[rule.pk])).status_code == 404
        client.force_login(ines)
        client.post(undo)
        assert RhythmRule.objects.get() == rule

    def test_later_not_this_one_and_again_on_a_contacts_page(self, as_lea, jo):
        page = as_lea.post(reverse("contacts:see_later", args=[jo.pk]), {"next": "/"}, follow=True)
        assert page.redirect_chain[-1][0] == "/"
        assert "Jo Brume will be suggested again from" in page.content.decode()
        page = as_lea.post(reverse("contacts:see_not", args=[jo.pk]), follow=True)
        assert "You asked not to be reminded of them." in page.content.decode()
        page = as_lea.post(reverse("contacts:see_again", args=[jo.pk]), follow=True)
        assert "You asked not to be reminded of them." not in page.content.decode()


@pytest.fixture
def full_book(team, lea, noe):
    """Twenty thousand late contacts of a teammate, and thirty each of one's own and of nobody."""
    kind, others = contact_kind().pk, 20_000
    met = [ago(days=50, minutes=n) for n in range(others + 60)]
    owners = [noe.pk] * others + [lea.pk, None] * 30
    rows = (
        (
            pk,
            kind,
            f"Contact {pk}",
            f"contact {pk}",
            f"contact {pk}",
            owner,
            connection.ops.adapt_datetimefield_value(met_at),
            7,
        )
        for pk, (owner, met_at) in enumerate(zip(owners, met, strict=True), start=1_000_000)
    )
    fields = ("id", "kind", "name", "sort_key", "search_key", "owner", "last_met_at", "rhythm_days")
    bulk.insert(Contact, fields, rows, same={"team": team.pk, "created_at": NOW, "updated_at": NOW})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def walked(plan):
    """How many contacts each scan of a plan of PostgreSQL looks at."""
    if plan.get("Relation Name") == "contacts_contact":
        yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from walked(part)


def test_nobody_walks_past_the_contacts_of_others(team, lea, full_book):
    with CaptureQueriesContext(connection) as asked:
        assert len(rhythm.suggestions(team=team, user=lea, now=NOW, has_rules=False)) == 5
    (sql,) = [query["sql"] for query in asked]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            (found,) = cursor.fetchone()
            assert max(walked(found[0]["Plan"])) < 1000
        else:
            plan = " ".join(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}"))
            assert plan.count("contact_of_owner (team_id=? AND owner_id=?") == 6
