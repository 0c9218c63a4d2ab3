"""Machines of a scenario with where they stood, written in bulk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from compliance.scenarios.rows import Tally, keep_many
from fleet.catalog.models import MinerModel
from fleet.miners.models import Miner, MinerStatus, Owner, Stay
from fleet.sites.models import Site, Slot
from hosting.contracts.models import Contract, Placement


@dataclass(frozen=True)
class Machine:
    """One invented machine: its serial, what it is and whose."""

    serial: str
    model: MinerModel
    owner: Owner
    board_family: str = "unknown"
    slot: Slot | None = None


def place_machines(
    tally: Tally,
    site: Site,
    machines: Sequence[Machine],
    *,
    from_at: datetime,
    is_exportable: bool | None = None,
    reason: str,
) -> dict[str, Miner]:
    """Put machines on a site from an instant on and return them by serial."""
    miners = [
        Miner(
            serial=machine.serial,
            model=machine.model,
            owner=machine.owner,
            site=site,
            rack_id=machine.slot.rack_id if machine.slot else None,
            slot=machine.slot,
            status=MinerStatus.MINING,
            board_family=machine.board_family,
            power_w=machine.model.power_w,
            ghs=machine.model.ghs,
            is_exportable=is_exportable,
        )
        for machine in machines
    ]
    keep_many(tally, miners, ("serial",), is_synthetic=True)
    there = Miner.objects.filter(serial__in=[machine.serial for machine in machines]).in_bulk(
        field_name="serial"
    )
    stays = [
        Stay(
            miner=there[machine.serial],
            site=site,
            slot=machine.slot,
            owner=machine.owner,
            model=machine.model,
            power_w=machine.model.power_w,
            ghs=machine.model.ghs,
            from_at=from_at,
            reason=reason,
        )
        for machine in machines
    ]
    keep_many(tally, stays, ("miner_id", "from_at"), is_synthetic=True)
    return there


def place_under_contract(
    tally: Tally,
    machines: Sequence[Machine],
    miners: Mapping[str, Miner],
    contracts: Mapping[int, Contract],
    from_at: datetime,
) -> None:
    """Put each machine under the contract of its owner, found by the owner's key."""
    placements = [
        Placement(miner=miners[machine.serial], contract=contracts[machine.owner.pk], from_at=from_at)
        for machine in machines
    ]
    keep_many(tally, placements, ("miner_id", "from_at"), is_synthetic=True)


def power_of(machines: Sequence[Machine]) -> dict[int, int]:
    """Watts of each owner's machines, by the owner's key."""
    watts: dict[int, int] = {}
    for machine in machines:
        watts[machine.owner.pk] = watts.get(machine.owner.pk, 0) + machine.model.power_w
    return watts
