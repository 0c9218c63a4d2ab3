from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from compliance.exposure.facts import (
    FactQuestions,
    LawQuestions,
    fact_questions,
    first_question,
    law_questions,
)
from compliance.exposure.measuring import Measuring
from compliance.exposure.values import Exposure, Figures, Standing
from compliance.lists.reads import designated_with
from fleet.sites.models import Site
from hosting.contracts.reads import capacity_questions
from kit.errors import Refusal
from kit.questions import ask

# A timeline goes to the database a few times, without the owners of all its days in memory at once.
DAYS_AT_ONCE, MOST_TIMES = 10, 4


def measure(day: date, scope: Collection[str] | None = None, *, known_on: date | None = None) -> Exposure:
    """What our machines touch at the end of a day, site by site, with every reason and its authority.

    Shape: `scope` is codes of sites, none for all; `known_on` is the day whose lists and regimes judge the
        fleet of `day`, that day itself if not given.
    Raises: Refusal for a day before any fact, and for a site nobody has recorded.
    """
    known_on = known_on or day
    return measured(day, fact_questions(day, _site_ids(scope)), known_on, law_questions(known_on))


def measured(day: date, facts: FactQuestions, known_on: date, law: LawQuestions) -> Exposure:
    """The same from questions that may have been asked together with others.

    Raises: Refusal for a day before any fact.
    """
    ask(*facts, *law)
    _refuse_before(facts.first_on.answer, day)
    return _exposure(Measuring(day, facts, known_on, law))


def known_then_known_now(
    day: date, today: date, scope: Collection[str] | None = None
) -> tuple[Exposure, Exposure]:
    """The fleet of a day under the lists and regimes of that day, and under those of today."""
    facts, law, law_now = fact_questions(day, _site_ids(scope)), law_questions(day), law_questions(today)
    ask(*facts, *law, *law_now)
    _refuse_before(facts.first_on.answer, day)
    then, now = Measuring(day, facts, day, law), Measuring(day, facts, today, law_now)
    ask(then.parts, now.parts)
    return _exposure(then), _exposure(now)


def standings(
    days: Collection[date], scope: Collection[str] | None = None
) -> Iterator[tuple[date, dict[Standing, Figures]]]:
    """The figures by standing of many days, each under its own lists; owners are not counted.

    Shape: a few days are asked for at once.
    """
    site_ids = _site_ids(scope)
    for some in _parts(list(days)):
        asked = {}
        for day in some:
            capacity = capacity_questions(day, site_ids, with_owners=False)
            asked[day] = fact_questions(day, site_ids, capacity), law_questions(day)
        ask(*(question for facts, law in asked.values() for question in (*facts, *law)))
        measuring = [Measuring(day, facts, day, law) for day, (facts, law) in asked.items()]
        ask(*(each.parts for each in measuring))
        for each in measuring:
            yield each.day, Exposure(each.day, each.day, each.rows(), (), ()).by_standing


def _parts(days: list[date]) -> Iterator[list[date]]:
    size = max(DAYS_AT_ONCE, -(-len(days) // MOST_TIMES))
    return (days[start : start + size] for start in range(0, len(days), size))


def _exposure(measuring: Measuring) -> Exposure:
    rows, law = measuring.rows(), measuring.law
    uids = {uid for row in rows for reason in row.reasons for uid in reason.listed_uid.split(", ")}
    listed = [row.listed for row in law.matches.answer if row.listed.uid in uids]
    return Exposure(
        as_of=measuring.day,
        known_on=measuring.known_on,
        rows=rows,
        editions=law.editions.answer,
        designated=designated_with(listed, measuring.known_on),
    )


def first_fact_on() -> date | None:
    """The first day about which a machine, contract or party at a site is recorded."""
    return first_question().answer


def refuse_before_facts(day: date) -> None:
    """Refuse a day about which nothing can be said.

    Raises: Refusal, naming the first day there is.
    """
    _refuse_before(first_fact_on(), day)


def _refuse_before(first: date | None, day: date) -> None:
    if first is None:
        raise Refusal(_("No facts are recorded yet. Import machines or load the seeds first."))
    if day < first:
        raise Refusal(
            _(
                "No facts before %(first)s, so nothing can be said of %(day)s. "
                "Ask for that day or a later one."
            )
            % {"first": first, "day": day}
        )


def _site_ids(scope: Collection[str] | None) -> list[int] | None:
    if scope is None:
        return None
    found = dict(Site.objects.filter(code__in=scope).values_list("code", "pk"))
    missing = sorted(set(scope) - found.keys())
    if missing:
        raise Refusal(_("There is no site with the code %(codes)s.") % {"codes": ", ".join(missing)})
    return list(found.values())
