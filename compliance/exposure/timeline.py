"""How much was touched from which day on: the exposure at every day on which something changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from compliance.exposure.facts import first_question
from compliance.exposure.reads import standings
from compliance.exposure.values import Figures, Standing
from compliance.screening.models import Match, MatchStatus
from compliance.territory.reads import changes_question
from fleet.miners.reads import days_of_moves_question
from fleet.sites.models import Site
from hosting.contracts.models import Contract, ContractKind, SiteParty
from hosting.parties.models import Stake
from kit.look.values import DayLine, Level
from kit.questions import Question, ask, instances, rows

M = TypeVar("M", bound=Model)
MOST_DAYS = 40


@dataclass(frozen=True)
class Step:
    """What was touched from a day to the next step, and what changed on that day; owners are not counted."""

    on: date
    by_standing: dict[Standing, Figures]
    causes: tuple[str, ...]

    def watts(self, standing: Standing) -> int:
        """Installed watts of one standing."""
        part = self.by_standing.get(standing)
        return part.installed_w if part else 0


def timeline(first: date, last: date, scope: Collection[str] | None = None) -> tuple[Step, ...]:
    """The exposure at the first day and at every later one on which law, parties or machines changed.

    Shape: days on which only machines moved or customers came and left are thinned out where there are very
        many; days of law, hosts and owners never are.
    """
    changes = _Changes()
    begins = changes.first_on.answer
    if begins is None or begins > last:
        return ()
    first = max(first, begins)
    causes = {day: words for day, words in changes.causes().items() if first <= day <= last}
    customers = changes.customers.answer
    other = {day for day in (*customers, *changes.moves.answer) if first <= day <= last} - causes.keys()
    room = max(MOST_DAYS - len(causes), 0)
    step = max(1, -(-len(other) // room)) if room else len(other) + 1
    words = {day: [_("Contract or party")] for day in customers} | causes
    found: list[Step] = []
    for day, by_standing in standings(sorted({first, *causes, *sorted(other)[::step]}), scope):
        if not found or by_standing != found[-1].by_standing:
            found.append(Step(day, by_standing, tuple(words.get(day, ()))))
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


class _Changes:
    """Every day on which something changed, asked in one query."""

    def __init__(self) -> None:
        listings = Match.objects.exclude(status=MatchStatus.DISMISSED).order_by("listed__uid")
        self.first_on = first_question()
        self.matches = instances(listings, "listed", "listed__source", shape=list)
        self.places = rows(Site.objects.order_by("pk").values_list("country", "region"), list)
        self.measures = changes_question()
        self.moves = days_of_moves_question()
        taken = Contract.objects.filter(kind=ContractKind.CAPACITY)
        self.deals = [_spans(SiteParty.objects.all()), _spans(taken), _spans(Stake.objects.all())]
        self.customers = _spans(Contract.objects.filter(kind=ContractKind.HOSTING))
        ask(self.first_on, self.matches, self.places, self.measures, self.moves, *self.deals, self.customers)

    def causes(self) -> dict[date, list[str]]:
        """In words: listings of our parties, measures where our sites are, hosts and owners."""
        found: dict[date, list[str]] = defaultdict(list)
        for match in self.matches.answer:
            listed = match.listed
            words = {"list": listed.source.name, "name": listed.name}
            found[listed.listed_on].append(_("%(list)s: %(name)s") % words)
            if listed.delisted_on:
                found[listed.delisted_on].append(_("%(list)s: %(name)s removed") % words)
        territories = {part for place in self.places.answer for part in place if part}
        territories |= {part[:2] for part in territories}
        for territory, day in self.measures.answer:
            if territory in territories:
                found[day].append(_("Measure on a territory"))
        for span in self.deals:
            for day in span.answer:
                found[day].append(_("Contract or party"))
        return {day: list(dict.fromkeys(words)) for day, words in found.items()}


def _spans(dated: QuerySet[M]) -> Question[list[date]]:
    """The days on which any of the rows begins or ends."""
    spans = dated.order_by().values_list("from_on", "to_on").distinct()
    return rows(
        spans, lambda found: [date.fromisoformat(day) for span in found for day in span if day is not None]
    )
