"""What stands at each site on a day, before anything is judged: figures, parties, and single owners."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from compliance.exposure.rules import Presence
from compliance.exposure.values import Figures
from compliance.lists.reads import Edition, editions_question
from compliance.ownership.reads import Stakes, stakes_question
from compliance.screening.reads import ListedMatch, matches_question
from compliance.territory.facts import RegimeRow
from compliance.territory.reads import regimes_question
from fleet.miners.reads import FleetGroup, OwnerGroup, groups_question
from fleet.sites.reads import SitePower
from hosting.contracts.models import Contract, ContractKind, SiteParty
from hosting.contracts.reads import CapacityQuestions, capacity_questions
from hosting.parties.models import Party
from hosting.valuation.reads import prices_question
from kit.asof import days_at
from kit.questions import Question, Row, rows

# The first day on which more came than left, read off the index and left at once; a stay corrected since
# has moves that cancel out.
FIRST = """
select least(
    (select on_day from fleet_move group by on_day having sum(machines) <> 0 order by on_day limit 1),
    (select min(from_on) from hosting_contract), (select min(from_on) from hosting_siteparty)) first_on
"""


class FactQuestions(NamedTuple):
    """What the facts of a day are put together from."""

    first_on: Question[date | None]
    power: Question[list[SitePower]]
    hosts: Question[dict[int, Party]]
    contracted: Question[dict[int, int]]
    groups: Question[list[FleetGroup]]
    prices: Question[dict[int, int]]
    roles: Question[list[Row]]
    taken: Question[list[Row]]
    stakes: Question[Stakes]


class LawQuestions(NamedTuple):
    """What lists and measures say on a day."""

    matches: Question[tuple[ListedMatch, ...]]
    regimes: Question[tuple[RegimeRow, ...]]
    editions: Question[tuple[Edition, ...]]


def first_question() -> Question[date | None]:
    """The first day about which a machine, contract or party at a site is recorded."""
    return Question(FIRST, (), lambda found: date.fromisoformat(found[0][0]) if found[0][0] else None)


def fact_questions(
    day: date, site_ids: Collection[int] | None = None, capacity: CapacityQuestions | None = None
) -> FactQuestions:
    """What is recorded of a day, at all sites or some; what capacity asks anyway is not asked twice."""
    capacity = capacity or capacity_questions(day, site_ids)
    roles = SiteParty.objects.filter(days_at(day)).values_list("site_id", "party_id", "role")
    taken = Contract.objects.filter(days_at(day), kind=ContractKind.CAPACITY)
    return FactQuestions(
        first_on=first_question(),
        power=capacity.power,
        hosts=capacity.hosts,
        contracted=capacity.contracted,
        groups=groups_question(day, site_ids),
        prices=prices_question(day),
        roles=rows(roles.order_by("role"), list),
        taken=rows(taken.order_by("number").values_list("site_id", "party_id"), list),
        stakes=stakes_question(day),
    )


def law_questions(known_on: date) -> LawQuestions:
    """What judges the facts: matches with listed parties, measures, and the editions they come from."""
    return LawQuestions(matches_question(known_on), regimes_question(known_on), editions_question(known_on))


def figures_of_sites(facts: FactQuestions) -> dict[int, Figures]:
    """Machines, watts, hashrate, value and owners of each site."""
    contracted, prices = facts.contracted.answer, facts.prices.answer
    groups: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for site_id, model_id, machines, power_w, ghs in facts.groups.answer:
        groups[site_id].append((model_id, machines, power_w, ghs))
    return {
        site.site_id: figures_of(
            groups.get(site.site_id, []), prices, site.owner_ids, contracted.get(site.site_id)
        )
        for site in facts.power.answer
    }


def figures_of(
    groups: Collection[tuple[int, int, int, int]],
    prices: Mapping[int, int],
    owner_ids: frozenset[int],
    contracted_w: int | None = None,
) -> Figures:
    """The figures of groups of machines: model, machines, watts, GH/s."""
    priced = [(model_id, machines) for model_id, machines, _w, _ghs in groups if model_id in prices]
    machines = sum(row[1] for row in groups)
    return Figures(
        machines=machines,
        contracted_w=contracted_w,
        installed_w=sum(row[2] for row in groups),
        ghs=sum(row[3] for row in groups),
        value_cents=sum(prices[model_id] * count for model_id, count in priced) if priced else None,
        unpriced=machines - sum(count for _model_id, count in priced),
        owner_ids=owner_ids,
    )


def presences(facts: FactQuestions) -> dict[int, list[Presence]]:
    """The parties that play a part at each site, and those we take capacity from there, each once."""
    hosts = ((site_id, party_id, "host") for site_id, party_id in facts.taken.answer)
    found: dict[int, dict[int, Presence]] = defaultdict(dict)
    for site_id, party_id, role in [*facts.roles.answer, *hosts]:
        # Whoever is host and landlord at once is told as host.
        if role == "host" or party_id not in found[site_id]:
            found[site_id][party_id] = Presence(party_id, role)
    return {site_id: list(parts.values()) for site_id, parts in found.items()}


def owner_presences(
    groups: Iterable[OwnerGroup], parties: Mapping[int, int], prices: Mapping[int, int]
) -> dict[int, list[Presence]]:
    """The machines of single owners at each site.

    Shape: `parties` is owner -> party; machines of other owners are left out.
    """
    models: dict[tuple[int, int], list[tuple[int, int, int, int]]] = defaultdict(list)
    for site_id, owner_id, model_id, machines, power_w, ghs in groups:
        if owner_id in parties:
            models[site_id, owner_id].append((model_id, machines, power_w, ghs))
    found: dict[int, list[Presence]] = defaultdict(list)
    for (site_id, owner_id), theirs in sorted(models.items()):
        owned = figures_of(theirs, prices, frozenset({owner_id}))
        found[site_id].append(Presence(parties[owner_id], "owner", owned))
    return dict(found)
