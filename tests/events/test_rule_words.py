# ruff: noqa: DTZ001 - local times
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from events.recurrence import in_words

PARIS = ZoneInfo("Europe/Paris")
SUNDAY = datetime(2026, 11, 22, 18, 30)
NBSP = "\u00a0"


def said(rules, language, dtstart=SUNDAY, **more):
    rules = [rules] if isinstance(rules, str) else rules
    return in_words(rules, dtstart=dtstart, language=language, zone=PARIS, **more).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("rule", "english", "french"),
    [
        ("FREQ=MONTHLY;BYDAY=-1TH", "last Thursday of each month", "le dernier jeudi du mois"),
        (
            "FREQ=MONTHLY;BYDAY=1MO,3MO",
            "first Monday and third Monday of each month",
            "le premier lundi et le troisième lundi du mois",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-2FR",
            "second to last Friday of each month",
            "l’avant-dernier vendredi du mois",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU",
            "second Tuesday, every 2 months",
            "le deuxième mardi, tous les 2 mois",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "15th of each month", "le 15 du mois"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "1st of each month", "le 1er du mois"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,3,11", "2nd, 3rd and 11th of each month", "le 2, le 3 et le 11 du mois"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "31st of each month that has one", "le 31 des mois qui en ont un"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "last day of each month", "le dernier jour du mois"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
            "last day, every 3 months",
            "le dernier jour, tous les 3 mois",
        ),
        ("FREQ=MONTHLY", "22nd of each month", "le 22 du mois"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "first working day of each month",
            "le premier jour ouvré du mois",
        ),
        (
            "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "first working day of each quarter",
            "le premier jour ouvré du trimestre",
        ),
        (
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=-1TH",
            "last Thursday of each quarter",
            "le dernier jeudi du trimestre",
        ),
        (
            "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=-1TH",
            "last Thursday of the month, in January, April, July and October",
            "le dernier jeudi du mois, en janvier, avril, juillet et octobre",
        ),
        ("FREQ=WEEKLY", "every Sunday", "tous les dimanches"),
        ("FREQ=WEEKLY;BYDAY=TH", "every Thursday", "tous les jeudis"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "every Monday and Thursday", "tous les lundis et jeudis"),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "every day from Monday to Friday",
            "tous les jours du lundi au vendredi",
        ),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every 2 weeks on Thursday", "toutes les 2 semaines, le jeudi"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU",
            "every 2 weeks on Monday and Tuesday",
            "toutes les 2 semaines, le lundi et le mardi",
        ),
        ("FREQ=DAILY", "every day", "tous les jours"),
        ("FREQ=DAILY;INTERVAL=10", "every 10 days", "tous les 10 jours"),
        ("FREQ=YEARLY", "each year on 22 November", "chaque année le 22 novembre"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", "each year on 1 May", "chaque année le 1er mai"),
        (
            "FREQ=YEARLY;BYMONTH=3,9;BYDAY=-1TH",
            "last Thursday of the month, in March and September, each year",
            "le dernier jeudi du mois, en mars et septembre, chaque année",
        ),
    ],
)
def test_a_rule_is_said_as_people_say_it(rule, english, french):
    assert said(rule, "en") == f"{english} at 18:30"
    assert said(rule, "fr") == f"{french} à 18 h 30"


@pytest.mark.parametrize(
    "rule",
    [
        "nonsense",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTH=3",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=1,2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYMONTHDAY=-1,-2",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=MO",
    ],
)
def test_where_there_are_no_words_the_rule_itself_is_shown(rule):
    assert said(rule, "en").startswith(f"by a rule of its own ({rule}) at 18:30")
    assert said(rule, "fr").startswith(f"selon une règle à part ({rule}) à 18 h 30")


def test_its_end_is_said_in_days_of_its_zone_or_in_times():
    # Half past midnight of 1 January in Paris.
    assert said("FREQ=WEEKLY;UNTIL=20261231T233000Z", "en") == "every Sunday at 18:30, until 1 January 2027"
    assert (
        said("FREQ=WEEKLY;UNTIL=20261231T223000Z", "fr")
        == "tous les dimanches à 18 h 30, jusqu’au 31 décembre 2026"
    )
    assert said("FREQ=WEEKLY;COUNT=10", "fr") == "tous les dimanches à 18 h 30, 10 fois"
    assert said("FREQ=WEEKLY;COUNT=1", "en") == "every Sunday at 18:30, 1 time"


def test_several_rules_none_and_whole_days():
    assert said(["FREQ=WEEKLY", "FREQ=MONTHLY"], "en") == "every Sunday at 18:30; 22nd of each month at 18:30"
    assert said([], "fr") == "à des jours choisis un à un à 18 h 30"
    assert said("FREQ=WEEKLY", "fr", is_all_day=True) == "tous les dimanches"
    assert said("FREQ=WEEKLY", "fr", dtstart=datetime(2026, 11, 22, 18)) == "tous les dimanches à 18 h"
