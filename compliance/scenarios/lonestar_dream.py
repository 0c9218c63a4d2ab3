"""The raid at Lonestar Dream: a repair centre of a third party on the site, and boards of mixed origin."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from compliance.origin.families import board_family
from compliance.origin.models import OriginRecord, OriginStatus, SupplyChannel
from compliance.scenarios.fleets import Machine, place_machines
from compliance.scenarios.ground import SYNTHETIC, bring_host, bring_parties, bring_prices, bring_sites
from compliance.scenarios.invented import invented_serial
from compliance.scenarios.rows import Tally, keep, keep_many
from compliance.scenarios.seedfiles import Seed, read_seed, text
from compliance.workforce.models import Attestation, Clock, ClockKind, Contractor, Worker
from fleet.catalog.models import MinerModel, PartKind
from fleet.miners.models import Miner, Owner, Part
from fleet.sites.models import Site, Slot
from fleet.sites.verbs import add_racks
from hosting.contracts.models import SiteParty, SiteRole
from hosting.parties.models import Party

NAME = "lonestar-dream-2025"
SITE = "lonestar-pyote"
RANDOM_SEED = 20250929

FLEET: tuple[tuple[str, int, int], ...] = (
    # model, machines, price of one in cents
    ("Antminer S19j Pro", 500, 90_000),
    ("Antminer S21", 450, 290_000),
    ("Antminer T21", 250, 230_000),
)
# One model may carry any of these boards (FACTS C5); how many carry which is invented.
BOARDS: dict[str, dict[str, int]] = {
    "Antminer S19j Pro": {"xilinx_zynq": 30, "ti_am335x": 25, "amlogic": 25, "cvitek": 10, "unknown": 10},
    "Antminer S21": {"xilinx_zynq": 5, "amlogic": 45, "cvitek": 30, "unknown": 20},
    "Antminer T21": {"xilinx_zynq": 5, "amlogic": 45, "cvitek": 30, "unknown": 20},
}
DECLARED_IN_HUNDRED = 40
LOOKED_AT_IN_HUNDRED = 15

FROM_ON = date(2024, 6, 3)
FROM_AT = datetime(2024, 6, 3, tzinfo=UTC)
PRICED_ON = date(2025, 9, 1)
RACKS, SLOTS = 30, 40
OWN_STAFF, OWN_STAFF_EXEMPT = 9, 5
ATTESTED_ON, ATTESTED_UNTIL = date(2025, 1, 15), date(2025, 7, 14)
ROSTER_CHANGED_ON = date(2025, 8, 18)


def load(tally: Tally) -> None:
    """Load the site, its machines and boards, the repair centre, everybody's dates, the supply channels."""
    seed = read_seed(NAME)
    parties = bring_parties(tally, seed)
    site = bring_sites(tally, seed)[SITE]
    source = "S3 L4; the first day is synthetic"
    bring_host(tally, site, parties["LONESTAR"], from_on=FROM_ON, source=source, confidence="medium")
    bring_prices(tally, {model: cents for model, _machines, cents in FLEET}, PRICED_ON)
    _machines(tally, site, parties["LONESTAR"])
    contractor = _repair_centre(tally, site, parties["ADW-TECH"])
    _repair_staff(tally, seed, site, contractor)
    _own_staff(tally, site)
    for row in seed.rows["channels"]:
        keep(
            tally,
            SupplyChannel,
            {"name": row["name"], "supplies": row["supplies"]},
            is_synthetic=False,
            party=parties[row["party"]],
            country=text(row, "country"),
            from_on=FROM_ON,
            source=f"{row['source']}; the first day is synthetic",
            confidence=row["confidence"],
        )


def _machines(tally: Tally, site: Site, host: Party) -> None:
    owner = Owner.objects.get(number=host.number)
    slots = iter(_slots(tally, site))
    random = Random(RANDOM_SEED)
    models = MinerModel.objects.in_bulk([name for name, _machines, _cents in FLEET], field_name="name")
    names = [name for name, machines, _cents in FLEET for _ in range(machines)]
    machines = [
        Machine(
            serial=invented_serial("LD", position),
            model=models[name],
            owner=owner,
            board_family=random.choices(list(BOARDS[name]), weights=list(BOARDS[name].values()))[0],
            slot=next(slots),
        )
        for position, name in enumerate(names, start=1)
    ]
    miners = place_machines(tally, site, machines, from_at=FROM_AT, reason=SYNTHETIC)
    _boards(tally, machines, miners, random)


def _slots(tally: Tally, site: Site) -> list[Slot]:
    is_new = not site.racks.exists()
    if is_new:
        add_racks(site, "Hall 1", [f"R{number:02d}" for number in range(1, RACKS + 1)], slots=SLOTS, by=None)
    rows = list(site.slots.select_related("rack").order_by("rack__name", "position"))
    tally.add(len(rows), new=len(rows) if is_new else 0, is_synthetic=True)
    return rows


def _boards(tally: Tally, machines: list[Machine], miners: dict[str, Miner], random: Random) -> None:
    boards = [
        Part(
            kind=PartKind.CONTROL_BOARD,
            serial=f"{machine.serial}-CB",
            miner=miners[machine.serial],
            family=machine.board_family,
            fitted_at=FROM_AT,
        )
        for machine in machines
    ]
    keep_many(tally, boards, ("serial", "kind"), is_synthetic=True)
    there = Part.objects.filter(kind=PartKind.CONTROL_BOARD, miner__in=miners.values()).order_by("serial")
    records = [record for part in there if (record := _origin(part, random.randrange(100))) is not None]
    keep_many(tally, records, ("part_id",), is_synthetic=True)


def _origin(part: Part, draw: int) -> OriginRecord | None:
    """What somebody wrote down of a board: a declared maker, a look that found nothing, or nothing at all."""
    family = board_family(part.family)
    if family is not None and draw < DECLARED_IN_HUNDRED:
        return OriginRecord(
            part=part,
            status=OriginStatus.DECLARED,
            maker=family.vendor,
            maker_country=family.vendor_country,
            evidence_kind="invoice",
            evidence_on=FROM_ON,
            recorded_at=FROM_AT,
            source=SYNTHETIC,
        )
    if draw >= 100 - LOOKED_AT_IN_HUNDRED:
        return OriginRecord(part=part, status=OriginStatus.UNKNOWN, recorded_at=FROM_AT, source=SYNTHETIC)
    return None


def _repair_centre(tally: Tally, site: Site, party: Party) -> Contractor:
    source = "S3 L5; FACTS B1; the first day is synthetic"
    keep(
        tally,
        SiteParty,
        {"site": site, "party": party, "role": SiteRole.CONTRACTOR},
        is_synthetic=False,
        from_on=FROM_ON,
        source=source,
        confidence="high",
    )
    contractor = keep(
        tally,
        Contractor,
        {"site": site, "party": party},
        is_synthetic=False,
        scope="ASIC repair centre on the premises",
        from_on=FROM_ON,
        roster_changed_on=ROSTER_CHANGED_ON,
        source=f"{source}, and so is the change of roster",
        confidence="high",
    )
    keep(
        tally,
        Attestation,
        {"contractor": contractor, "signed_on": ATTESTED_ON},
        is_synthetic=True,
        expires_on=ATTESTED_UNTIL,
        evidence="letter (synthetic)",
        source=SYNTHETIC,
    )
    return contractor


def _repair_staff(tally: Tally, seed: Seed, site: Site, contractor: Contractor) -> None:
    """As many people as the seed says, and as many of them with a date that had passed at the raid."""
    random = Random(RANDOM_SEED)
    raid_on, lapsed = seed.day("raid-on"), seed.whole("taken-low")
    for position in range(1, seed.whole("repair-staff") + 1):
        hired_on = FROM_ON + timedelta(days=7 * random.randrange(40))
        if position <= lapsed:
            ends_on = raid_on - timedelta(days=random.randrange(5, 200))
        else:
            ends_on = raid_on + timedelta(days=random.randrange(500, 1100))
        worker = keep(
            tally,
            Worker,
            {"number": f"LD-R{position:02d}"},
            is_synthetic=True,
            site=site,
            contractor=contractor,
            function="ASIC repair",
            hired_on=hired_on,
            source=SYNTHETIC,
        )
        keep(
            tally,
            Clock,
            {"worker": worker, "kind": ClockKind.WORK_AUTHORISATION},
            is_synthetic=True,
            ends_on=ends_on,
            is_attested=True,
            source=SYNTHETIC,
        )


def _own_staff(tally: Tally, site: Site) -> None:
    """Our own people, whose forms are in order; hired on Mondays, section 2 two business days later."""
    for position in range(1, OWN_STAFF + 1):
        hired_on = FROM_ON + timedelta(days=7 * position)
        is_exempt = position <= OWN_STAFF_EXEMPT
        worker = keep(
            tally,
            Worker,
            {"number": f"LD-E{position:02d}"},
            is_synthetic=True,
            site=site,
            function="site operations",
            hired_on=hired_on,
            is_reverification_exempt=is_exempt,
            section1_on=hired_on,
            section2_on=hired_on + timedelta(days=2),
            source=SYNTHETIC,
        )
        if not is_exempt:
            keep(
                tally,
                Clock,
                {"worker": worker, "kind": ClockKind.WORK_AUTHORISATION},
                is_synthetic=True,
                ends_on=date(2028, 1, 31) + timedelta(days=60 * position),
                source=SYNTHETIC,
            )
