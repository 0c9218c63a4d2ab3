"""The facts of a day before the law of a day: who is touched, by what, with which machines."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from compliance.exposure.facts import (
    FactQuestions,
    LawQuestions,
    figures_of_sites,
    owner_presences,
    presences,
)
from compliance.exposure.rules import SiteFacts, reasons_for
from compliance.exposure.values import Figures, Reason, SiteExposure
from compliance.ownership.reads import OwnedParty, owned_by
from compliance.screening.reads import ListedMatch
from fleet.miners.reads import owner_groups_question
from fleet.sites.reads import SitePower
from hosting.parties.models import Party

T = TypeVar("T", ListedMatch, OwnedParty)


class Measuring:
    """Facts and law that have been asked for, and the question they lead to: what the touched owners have.

    Shape: `parts` is to be asked before the rows are made; of several days in one query.
    """

    def __init__(self, day: date, facts: FactQuestions, known_on: date, law: LawQuestions) -> None:
        self.day, self.known_on, self.facts, self.law = day, known_on, facts, law
        self.owned = owned_by(facts.stakes.answer, law.matches.answer)
        touched: tuple[ListedMatch | OwnedParty, ...] = (*law.matches.answer, *self.owned)
        self.owners = {row.owner_id: row.party_id for row in touched if row.owner_id is not None}
        self.parts = owner_groups_question(day, self.owners) if self.owners else None

    def rows(self) -> tuple[SiteExposure, ...]:
        """Every site about which something is recorded on the day, with its reasons."""
        matches, owned = _by_party(self.law.matches.answer), _by_party(self.owned)
        regimes, hosts = self.law.regimes.answer, self.facts.hosts.answer
        found = []
        for site, here in self._sites():
            reasons = reasons_for(here, matches, owned, regimes, self.known_on)
            found.append(_row(site, hosts.get(site.site_id), here.figures, reasons))
        return tuple(found)

    def _sites(self) -> Iterable[tuple[SitePower, SiteFacts]]:
        figures, roles = figures_of_sites(self.facts), presences(self.facts)
        groups = self.parts.answer if self.parts else ()
        parts = owner_presences(groups, self.owners, self.facts.prices.answer)
        for site in self.facts.power.answer:
            here = SiteFacts(
                country=site.country,
                region=site.region,
                figures=figures.get(site.site_id, Figures()),
                presences=(*roles.get(site.site_id, ()), *parts.get(site.site_id, ())),
            )
            if here.figures.machines or here.figures.contracted_w or here.presences:
                yield site, here


def _by_party(rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.party_id].append(row)
    return found


def _row(site: SitePower, host: Party | None, figures: Figures, reasons: tuple[Reason, ...]) -> SiteExposure:
    return SiteExposure(
        site_id=site.site_id,
        code=site.code,
        name=site.name,
        country=site.country,
        region=site.region,
        host_id=host.pk if host else None,
        host_number=host.number if host else "",
        host_name=host.name if host else "",
        figures=figures,
        reasons=reasons,
        is_synthetic=site.is_synthetic or any(reason.is_synthetic for reason in reasons),
    )
