"""How full each site is on the day."""

from compliance.reports.parts import Capacity, SiteRow
from compliance.reports.sections.scope import Scope
from fleet.miners.models import MoveHold
from hosting.contracts.reads import contracted_at, site_capacity
from kit.asof import instants_at


def build_capacity(scope: Scope) -> Capacity:
    """Sites in the order of their names; contracted power is unknown where no contract names it."""
    held = set(
        MoveHold.objects.filter(
            instants_at(scope.day, "placed_at", "released_at"), site__isnull=False
        ).values_list("site_id", flat=True)
    )
    promised = contracted_at(scope.day)
    return Capacity(
        tuple(
            SiteRow(
                code=row.power.code,
                name=row.power.name,
                country=row.power.country,
                nameplate_w=row.power.nameplate_w,
                energized_w=row.power.energized_w,
                contracted_w=promised.get(row.power.site_id),
                installed_w=row.power.installed_w,
                drawn_w=row.power.drawn_w,
                drawn_basis=row.power.drawn_basis,
                headroom_w=row.headroom_w,
                is_held=row.power.site_id in held,
                is_synthetic=row.power.is_synthetic,
            )
            for row in site_capacity(scope.day, scope.site_ids)
        )
    )
