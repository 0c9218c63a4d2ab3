"""The line of days on the exposure page, remembered until the next act in the trail."""

import itertools
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _

from compliance.exposure.timeline import Step, timeline
from kit.look.doors import door
from kit.look.values import DayLine, Level
from kit.trail.models import TrailHead
from kit.units import format_power

REMEMBERED_SECONDS = 6 * 3600
BEGINNING = date(1, 1, 1)
LABELLED = 3  # more words than this on the line cover each other
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which what is touched changed, why, and what is touched from then on.

    Units: watts.
    """

    on: date
    cause: str
    blocked_w: int
    review_w: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The line, and the changes nearest to the chosen day."""

    line: DayLine
    changes: tuple[Change, ...]


def course_of(day: date, last: date) -> Course:
    """Megawatts under a finding on every day up to the last, with the changes around the chosen day."""
    steps = _steps(last)
    before = [step for step in steps if step.on <= day][-NEIGHBOURS:]
    after = [step for step in steps if step.on > day][:NEIGHBOURS]
    standing = before[-1].on if before else None
    changes = tuple(
        Change(
            on=step.on,
            cause=", ".join(step.causes[:2]) or _("Machines came or left"),
            blocked_w=step.watts("blocked"),
            review_w=step.watts("review"),
            url=door("operator:exposure", as_of=step.on),
            is_chosen=step.on == standing,
        )
        for step in (*before, *after)
    )
    return Course(day_line(steps, last, day), changes)


def day_line(steps: tuple[Step, ...], last: date, chosen_on: date) -> DayLine:
    """The steps as a line; the largest jumps of what is blocked are labelled."""
    jumps = {
        step.on: step.watts("blocked") - before.watts("blocked")
        for before, step in itertools.pairwise(steps)
        if step.watts("blocked") != before.watts("blocked") and step.causes
    }
    labelled = sorted(jumps, key=lambda on: -abs(jumps[on]))[:LABELLED]
    levels = tuple(
        Level(
            step.on,
            step.watts("blocked"),
            step.watts("review"),
            step.causes[0] if step.on in labelled and step.on != chosen_on else "",
        )
        for step in steps
    )
    now = next((level for level in reversed(levels) if level.on <= chosen_on), None)
    note = _("%(power)s blocked") % {"power": format_power(now.blocked_w)} if now and now.blocked_w else ""
    return DayLine(
        title=_("Megawatts under a finding, by day"),
        first_on=min(steps[0].on, chosen_on) if steps else chosen_on,
        last_on=last,
        levels=levels,
        chosen_on=chosen_on,
        chosen_note=note or _("nothing blocked"),
    )


def _steps(last: date) -> tuple[Step, ...]:
    """The steps up to a day; measuring each is dear, so they are kept while the trail has no newer act."""
    newest = TrailHead.objects.values_list("hash", flat=True).first()
    if newest is None:
        return timeline(BEGINNING, last)
    key = f"exposure-steps:{connection.settings_dict['NAME']}:{bytes(newest).hex()}:{last}"
    steps: tuple[Step, ...] | None = cache.get(key)
    if steps is None:
        steps = timeline(BEGINNING, last)
        cache.set(key, steps, REMEMBERED_SECONDS)
    return steps
