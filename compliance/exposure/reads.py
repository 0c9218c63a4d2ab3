from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Min
from django.utils.translation import gettext as _

from compliance.exposure.facts import figures_at, owner_presences, presences_at
from compliance.exposure.rules import SiteFacts, reasons_for
from compliance.exposure.values import Exposure, Figures, Reason, SiteExposure
from compliance.lists.reads import designated_with, editions_at
from compliance.ownership.reads import OwnedParty, owned_at
from compliance.screening.reads import ListedMatch, listed_matches_at
from compliance.territory.reads import regimes_at
from fleet.miners.models import Stay
from fleet.sites.models import Site
from fleet.sites.reads import SitePower, power_of_sites
from hosting.contracts.models import Contract, SiteParty
from hosting.contracts.reads import hosts_at
from hosting.parties.models import Party
from kit.errors import Refusal

T = TypeVar("T", ListedMatch, OwnedParty)


def measure(day: date, scope: Collection[str] | None = None, *, known_on: date | None = None) -> Exposure:
    """What our machines touch at the end of a day, site by site, with every reason and its authority.

    Shape: `scope` is codes of sites, none for all; `known_on` is the day whose lists and regimes judge the
        fleet of `day`, that day itself if not given.
    Raises: Refusal for a day before any fact, and for a site nobody has recorded.
    """
    known_on = known_on or day
    refuse_before_facts(day)
    site_ids = _site_ids(scope)
    matches = listed_matches_at(known_on)
    rows = _rows(day, known_on, site_ids, matches)
    uids = {uid for row in rows for reason in row.reasons for uid in reason.listed_uid.split(", ")}
    listed = [row.listed for row in matches if row.listed.uid in uids]
    return Exposure(
        as_of=day,
        known_on=known_on,
        rows=rows,
        editions=editions_at(known_on),
        designated=designated_with(listed, known_on),
    )


def known_then_known_now(
    day: date, today: date, scope: Collection[str] | None = None
) -> tuple[Exposure, Exposure]:
    """The fleet of a day under the lists and regimes of that day, and under those of today."""
    return measure(day, scope), measure(day, scope, known_on=today)


def first_fact_on() -> date | None:
    """The first day about which a machine, contract or party at a site is recorded."""
    stay = Stay.objects.aggregate(first=Min("from_at"))["first"]
    days = [
        stay.date() if stay else None,
        Contract.objects.aggregate(first=Min("from_on"))["first"],
        SiteParty.objects.aggregate(first=Min("from_on"))["first"],
    ]
    return min((day for day in days if day is not None), default=None)


def refuse_before_facts(day: date) -> None:
    """Refuse a day about which nothing can be said.

    Raises: Refusal, naming the first day there is.
    """
    first = first_fact_on()
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


def _rows(
    day: date, known_on: date, site_ids: list[int] | None, matches: Collection[ListedMatch]
) -> tuple[SiteExposure, ...]:
    owned = owned_at(day, matches)
    by_party = {key: tuple(rows) for key, rows in _grouped(matches).items()}
    owned_by_party = {key: tuple(rows) for key, rows in _grouped(owned).items()}
    owner_parties = {row.owner_id: row.party_id for row in matches if row.owner_id is not None}
    owner_parties |= {row.owner_id: row.party_id for row in owned if row.owner_id is not None}
    figures, presences = figures_at(day, site_ids), presences_at(day, site_ids)
    parts = owner_presences(day, owner_parties, site_ids)
    regimes, hosts = regimes_at(known_on), hosts_at(day)
    found = []
    for site in power_of_sites(day, site_ids):
        facts = SiteFacts(
            country=site.country,
            region=site.region,
            figures=figures.get(site.site_id, Figures()),
            presences=(*presences.get(site.site_id, ()), *parts.get(site.site_id, ())),
        )
        if not (facts.figures.machines or facts.figures.contracted_w or facts.presences):
            continue  # nothing is recorded of this site on this day
        reasons = reasons_for(facts, by_party, owned_by_party, regimes, known_on)
        found.append(_row(site, hosts.get(site.site_id), facts.figures, reasons))
    return tuple(found)


def _grouped(rows: Iterable[T]) -> dict[int, list[T]]:
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
