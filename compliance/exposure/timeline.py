"""How much was touched from which day on: the exposure at every day on which something changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from compliance.exposure.reads import first_fact_on, measure
from compliance.exposure.values import Figures, Standing
from compliance.screening.models import Match, MatchStatus
from compliance.territory.reads import change_days
from fleet.miners.models import Stay
from fleet.sites.models import Site
from hosting.contracts.models import Contract, SiteParty
from hosting.parties.models import Stake
from kit.look.values import DayLine, Level

MOST_DAYS = 40


@dataclass(frozen=True)
class Step:
    """What was touched from a day until the next step, and what changed on that day."""

    on: date
    by_standing: dict[Standing, Figures]
    causes: tuple[str, ...]

    def watts(self, standing: Standing) -> int:
        """Installed watts of one standing."""
        part = self.by_standing.get(standing)
        return part.installed_w if part else 0


def timeline(first: date, last: date, scope: Collection[str] | None = None) -> tuple[Step, ...]:
    """The exposure at the first day and at every later one on which law, parties or machines changed.

    Shape: days on which only machines moved are thinned out where there are very many; days of law never are.
    """
    begins = first_fact_on()
    if begins is None or begins > last:
        return ()
    first = max(first, begins)
    causes = _causes(first, last)
    moved = [day for day in _days_of_moves(first, last) if day not in causes]
    room = max(MOST_DAYS - len(causes), 0)
    step = max(1, -(-len(moved) // room)) if room else len(moved) + 1
    days = sorted({first, *causes, *moved[::step]})
    found: list[Step] = []
    for day in days:
        by_standing = measure(day, scope).by_standing
        if not found or by_standing != found[-1].by_standing:
            found.append(Step(day, by_standing, tuple(causes.get(day, ()))))
    return tuple(found)


def day_line(steps: Iterable[Step], last: date, chosen_on: date) -> DayLine:
    """The steps as the chart of the exposure page."""
    steps = tuple(steps)
    return DayLine(
        title=_("Megawatts under a finding, by day"),
        first_on=steps[0].on if steps else chosen_on,
        last_on=last,
        levels=tuple(
            Level(step.on, step.watts("blocked"), step.watts("review"), step.causes[0] if step.causes else "")
            for step in steps
        ),
        chosen_on=chosen_on,
    )


def _causes(first: date, last: date) -> dict[date, list[str]]:
    """What changed on each day, apart from machines."""
    found: dict[date, list[str]] = defaultdict(list)
    matches = Match.objects.exclude(status=MatchStatus.DISMISSED).select_related("listed__source")
    for match in matches.order_by("listed__uid"):
        listed = match.listed
        words = {"list": listed.source.name, "name": listed.name}
        found[listed.listed_on].append(_("%(list)s: %(name)s") % words)
        if listed.delisted_on:
            found[listed.delisted_on].append(_("%(list)s: %(name)s removed") % words)
    territories = {part for row in Site.objects.values_list("country", "region") for part in row if part}
    territories |= {part[:2] for part in territories}
    for day in change_days(territories):
        found[day].append(_("Measure on a territory"))
    spans: tuple[QuerySet[Model], ...] = (
        SiteParty.objects.all(),
        Contract.objects.all(),
        Stake.objects.all(),
    )
    for rows in spans:
        for span in rows.values_list("from_on", "to_on").distinct():
            for changed_on in span:
                if changed_on is not None:
                    found[changed_on].append(_("Contract or party"))
    return {day: list(dict.fromkeys(words)) for day, words in found.items() if first <= day <= last}


def _days_of_moves(first: date, last: date) -> list[date]:
    """The days at whose end machines stood elsewhere than a day before."""
    came = Stay.objects.filter(from_at__date__range=(first, last)).values_list("from_at__date", flat=True)
    # A stay that ends at midnight still counts for the day before.
    left = Stay.objects.filter(to_at__date__range=(first, last)).values_list("to_at__date", flat=True)
    days = {*came.distinct(), *(day + timedelta(days=1) for day in left.distinct() if day)}
    return sorted(day for day in {*days, *left.distinct()} if day and first <= day <= last)
