"""An episode is a stretch under target. `step` decides, once a day and CM, what is said. Pure.

The table is that of reminders.md. Days that prove nothing (AWAY, INCONCLUSIVE, no evaluation) neither count nor
break "in a row". What is evaluated on day D is the verdict at the last moment of D - 1.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ratio.verdicts import Counts, Rules, Word

CONCLUSIVE = (Word.ON_TARGET, Word.UNDER, Word.MOSTLY_ONLINE)
BELOW = (Word.UNDER, Word.MOSTLY_ONLINE)

MOSTLY_IN_A_ROW, UNDER_IN_A_ROW, ON_IN_A_ROW = 2, 7, 2
DAYS_BETWEEN_EPISODES = 7
GAPS = (7, 14, 28)
"""Days after the first reminder of an episode, after the second, after any later one."""
LEAD_AFTER = 14
HEADS_UP_WEEKDAYS = range(1, 5)
"""Tuesday to Friday: early enough to change something by Sunday, late enough to know the week."""
HEADS_UP_EVERY = 14
A_YEAR = dt.timedelta(days=364)
MOST_A_YEAR = 18
"""Reminders and heads-ups to one person in any year: nobody reads the nineteenth."""
HEADS_UP_BELOW = 12
"""Who was told that often in a year knows that their weeks are tight: no more heads-ups, only what has happened."""
HISTORY = UNDER_IN_A_ROW
"""That many conclusive evaluations, today's included, are all `step` ever looks at."""


class Kind(StrEnum):
    """What can be said. The values are the kinds of notifications."""

    LOW = "ratio_low"
    LOW_LEAD = "ratio_low_lead"
    BACK = "ratio_back"
    HEADS_UP = "ratio_heads_up"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One day's evaluation: its slot, the verdict's word and counts, and the word of the forecast for Sunday."""

    slot: dt.date
    word: Word
    counts: Counts
    forecast: Word | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """An episode as a value; open while `closed_on` is None.

    `lead_due_on` is the day announced to the CM from which the lead may be told; `snoozed_until` the day from which
    the CM wants to hear of it again.
    """

    opened_on: dt.date
    closed_on: dt.date | None = None
    reminders_sent: int = 0
    last_reminded_on: dt.date | None = None
    share_at_last_reminder: Fraction | None = None
    lead_due_on: dt.date | None = None
    lead_told_on: dt.date | None = None
    acknowledged: bool = False
    snoozed_until: dt.date | None = None

    def is_quiet(self, today: dt.date) -> bool:
        """Whether the CM asked not to be told: acknowledged, or put off."""
        return self.acknowledged or (self.snoozed_until is not None and today < self.snoozed_until)


def step(
    episode: Stretch | None,
    evaluations: Sequence[Evaluated],
    last_low_on: dt.date | None,
    last_heads_up_on: dt.date | None,
    policy: Rules,
    today: dt.date,
    told_in_a_year: int = 0,
) -> tuple[Stretch | None, list[Kind]]:
    """The episode after today's evaluation, and what is to be said.

    `episode` is the open one or None; `evaluations` are in the order of their slots, the last one today's;
    `last_low_on` is the day of the CM's last `ratio_low` in any episode; `told_in_a_year` how many reminders and
    heads-ups they had in the 364 days before today. A closed episode is returned once, with `closed_on`.
    """
    if not evaluations or evaluations[-1].slot != today or evaluations[-1].word not in CONCLUSIVE:
        return episode, []
    row = [evaluation for evaluation in evaluations if evaluation.word in CONCLUSIVE]
    may_remind = told_in_a_year < MOST_A_YEAR
    if episode is not None:
        return _step_open(episode, row, policy, today, may_remind=may_remind)
    if _falls(row) and may_remind and _days_since(last_low_on, today) >= DAYS_BETWEEN_EPISODES:
        return _remind(Stretch(opened_on=today), row[-1], policy, today), [Kind.LOW]
    heads_up = (
        _is_about_to_fall(row[-1], today)
        and told_in_a_year < HEADS_UP_BELOW
        and _days_since(last_heads_up_on, today) >= HEADS_UP_EVERY
        and _days_since(last_low_on, today) > DAYS_BETWEEN_EPISODES
    )
    return None, [Kind.HEADS_UP] if heads_up else []


def _step_open(
    episode: Stretch, row: Sequence[Evaluated], policy: Rules, today: dt.date, *, may_remind: bool
) -> tuple[Stretch, list[Kind]]:
    if _in_a_row(row, ON_IN_A_ROW, (Word.ON_TARGET,)):
        return replace(episode, closed_on=today), [Kind.BACK]
    said: list[Kind] = []
    if row[-1].word not in BELOW or episode.is_quiet(today):
        return episode, said
    if may_remind and _is_due_again(episode, row[-1], today):
        episode = _remind(episode, row[-1], policy, today)
        said.append(Kind.LOW)
    if _lead_is_due(episode, policy, today):
        episode = replace(episode, lead_told_on=today)
        said.append(Kind.LOW_LEAD)
    return episode, said


def _in_a_row(row: Sequence[Evaluated], length: int, words: Sequence[Word]) -> bool:
    return len(row) >= length and all(evaluation.word in words for evaluation in row[-length:])


def _falls(row: Sequence[Evaluated]) -> bool:
    return _in_a_row(row, MOSTLY_IN_A_ROW, (Word.MOSTLY_ONLINE,)) or _in_a_row(row, UNDER_IN_A_ROW, BELOW)


def _days_since(day: dt.date | None, today: dt.date) -> float:
    return float("inf") if day is None else (today - day).days


def _remind(episode: Stretch, evaluation: Evaluated, policy: Rules, today: dt.date) -> Stretch:
    """The episode after one more `ratio_low`; it also tells the CM the day from which the lead may be told."""
    lead_due_on = episode.lead_due_on
    if policy.tells_lead and lead_due_on is None:
        lead_due_on = today + dt.timedelta(days=LEAD_AFTER)
    return replace(
        episode,
        reminders_sent=episode.reminders_sent + 1,
        last_reminded_on=today,
        share_at_last_reminder=evaluation.counts.share,
        lead_due_on=lead_due_on,
    )


def _is_due_again(episode: Stretch, evaluation: Evaluated, today: dt.date) -> bool:
    gap = GAPS[min(episode.reminders_sent, len(GAPS)) - 1]
    if _days_since(episode.last_reminded_on, today) < gap:
        return False
    share, before = evaluation.counts.share, episode.share_at_last_reminder
    risen = share is not None and before is not None and share > before
    return evaluation.word is Word.MOSTLY_ONLINE or not risen


def _lead_is_due(episode: Stretch, policy: Rules, today: dt.date) -> bool:
    due = episode.lead_due_on
    return policy.tells_lead and episode.lead_told_on is None and due is not None and today >= due


def _is_about_to_fall(evaluation: Evaluated, today: dt.date) -> bool:
    if today.weekday() not in HEADS_UP_WEEKDAYS or evaluation.forecast is None:
        return False
    if evaluation.forecast is Word.MOSTLY_ONLINE:
        return evaluation.word is not Word.MOSTLY_ONLINE
    return evaluation.forecast is Word.UNDER and evaluation.word is Word.ON_TARGET
