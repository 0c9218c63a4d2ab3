"""What stands at each site on a day, before anything is judged: figures, parties, and single owners."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, Sum

from compliance.exposure.rules import Presence
from compliance.exposure.values import Figures
from fleet.miners.models import Stay
from fleet.miners.reads import groups_at, owner_ids_at
from hosting.contracts.models import Contract, ContractKind, SiteParty
from hosting.contracts.reads import contracted_at
from hosting.valuation.reads import prices_at
from kit.asof import days_at, instants_at


def figures_at(day: date, site_ids: Collection[int] | None) -> dict[int, Figures]:
    """Machines, watts, hashrate, value and owners of each site at the end of a day."""
    contracted = contracted_at(day)
    owners = owner_ids_at(day, site_ids)
    groups: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for group in groups_at(day, site_ids):
        groups[group.site_id].append((group.model_id, group.machines, group.power_w, group.ghs))
    prices = prices_at(day)
    return {
        site_id: figures_of(
            groups.get(site_id, []), prices, owners.get(site_id, frozenset()), contracted.get(site_id)
        )
        for site_id in groups.keys() | contracted.keys()
        if site_ids is None or site_id in site_ids
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


def presences_at(day: date, site_ids: Collection[int] | None) -> dict[int, list[Presence]]:
    """The parties that play a part at each site, and those we take capacity from there, each once."""
    parts = SiteParty.objects.filter(days_at(day)).values_list("site_id", "party_id", "role")
    taken = Contract.objects.filter(days_at(day), kind=ContractKind.CAPACITY)
    capacity = taken.values_list("site_id", "party_id")
    found: dict[int, dict[int, Presence]] = defaultdict(dict)
    for site_id, party_id, role in [
        *parts.order_by("role"),
        *((site, party, "host") for site, party in capacity),
    ]:
        if site_ids is not None and site_id not in site_ids:
            continue
        # Whoever is host and landlord at once is told as host.
        if role == "host" or party_id not in found[site_id]:
            found[site_id][party_id] = Presence(party_id, role)
    return {site_id: list(rows.values()) for site_id, rows in found.items()}


def owner_presences(
    day: date, parties: Mapping[int, int], site_ids: Collection[int] | None
) -> dict[int, list[Presence]]:
    """The machines of single owners at each site.

    Shape: `parties` is owner -> party.
    """
    if not parties:
        return {}
    stays = Stay.objects.filter(instants_at(day), owner_id__in=parties)
    if site_ids is not None:
        stays = stays.filter(site_id__in=site_ids)
    rows = stays.values_list("site_id", "owner_id", "model_id").annotate(
        Count("pk"), Sum("power_w"), Sum("ghs")
    )
    groups: dict[tuple[int, int], list[tuple[int, int, int, int]]] = defaultdict(list)
    for site_id, owner_id, model_id, machines, power_w, ghs in rows.order_by():
        if owner_id is not None:
            groups[site_id, owner_id].append((model_id, machines, power_w, ghs))
    prices = prices_at(day)
    found: dict[int, list[Presence]] = defaultdict(list)
    for (site_id, owner_id), models in sorted(groups.items()):
        figures = figures_of(models, prices, frozenset({owner_id}))
        found[site_id].append(Presence(parties[owner_id], "owner", figures))
    return dict(found)
