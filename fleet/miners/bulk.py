"""Many miners at once, each row with its own fields: checked as a whole, then done or not done as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext

from fleet.catalog.models import MinerModel
from fleet.miners.life import misplaced
from fleet.miners.models import Miner, MinerStatus, Owner
from fleet.miners.moves import relocate
from fleet.miners.reads import open_holds
from fleet.miners.rows import detail, locked, may
from fleet.miners.stays import restart_stays
from fleet.miners.steps import ENDED
from fleet.sites.commitment import (
    accepted,
    lock_sites,
    net_watts,
    on_feeds,
    overcommitment,
    refuse_overcommitment,
)
from fleet.sites.models import Site, Slot
from kit.accounts.models import User
from kit.errors import RowProblem, RowsRefused
from kit.trail.verbs import record

Row = Mapping[str, Any]
SHOWN = 100  # problems told at once
OPTIONAL = ("board_family", "mac", "firmware", "is_exportable")
# Every field is written with the value it has or gets, so that one statement serves rows of any shape.
CORRECT = """
update fleet_miner m set power_w = p.power_w, ghs = p.ghs, board_family = p.board_family, mac = p.mac,
    firmware = p.firmware, is_exportable = p.is_exportable
from unnest(%(id)s::bigint[], %(power_w)s::int[], %(ghs)s::bigint[], %(board_family)s::text[], 
    %(mac)s::text[], %(firmware)s::text[], %(is_exportable)s::bool[])
    as p (id, power_w, ghs, board_family, mac, firmware, is_exportable)
where m.id = p.id
"""


class _Problems:
    """What is wrong with the rows, gathered so that all of it can be told at once."""

    def __init__(self) -> None:
        self._found: list[RowProblem] = []

    def add(self, index: int, field: str, sentence: str) -> None:
        self._found.append(RowProblem(index, field, sentence))

    def refuse(self) -> None:
        """Refuse if anything was found.

        Raises: RowsRefused
        """
        if self._found:
            raise RowsRefused(
                gettext(
                    "{count} problems; the first: row {index}, {field}: {detail} Nothing was changed."
                ).format(count=len(self._found), **asdict(self._found[0])),
                self._found[:SHOWN],
            )


def register_miners(
    rows: Sequence[Row],
    *,
    by: User | None,
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> list[int]:
    """Enter miners, each with serial and model and what else is known of it; returns their keys in order.

    Shape: a row has serial, model; maybe owner, site (by number and code), slot (by key), status and figures.

    Raises: RowsRefused with every row's problem, or Refusal for power that is not energized.
    """
    may(by, "fleet.edit")
    with transaction.atomic():
        problems = _Problems()
        models = _known(
            MinerModel, "name", rows, "model", problems, gettext("No such model in the catalogue.")
        )
        owners = _known(Owner, "number", rows, "owner", problems, gettext("No owner has this number."))
        sites = _known(Site, "code", rows, "site", problems, gettext("No site has this code."))
        lock_sites([site.pk for site in sites.values()])
        slots = _free_slots(rows, sites, problems, leaving=set())
        _check_serials(rows, problems)
        for index, row in enumerate(rows):
            _check_status(index, row, problems)
        problems.refuse()
        made = [_miner(row, models, owners, sites, slots) for row in rows]
        over = overcommitment(
            net_watts((None, row.site_id, row.power_w) for row in made),
            on_feeds(net_watts((None, row.rack_id, row.power_w) for row in made)),
        )
        refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
        try:
            with transaction.atomic():
                Miner.objects.bulk_create(made)
        except IntegrityError:  # another entered one of these serials, or took a slot, this very moment
            raise RowsRefused(
                gettext("Somebody entered one of these miners just now. Ask again."), []
            ) from None
        restart_stays([row.pk for row in made], at or timezone.now(), gettext("entered"))
        record("miners.registered", None, by=by, detail=detail(made) | accepted(over, reason))
    return [row.pk for row in made]


def correct_miners(rows: Sequence[Row], *, by: User | None, at: datetime | None = None) -> int:
    """Correct what is known of miners, each found by its serial or key; returns how many changed.

    Raises: RowsRefused with every row's problem.
    """
    may(by, "fleet.edit")
    with transaction.atomic():
        problems = _Problems()
        found = _miners(rows, problems)
        problems.refuse()
        changed, moved = [], []
        for index, row in enumerate(rows):
            miner = found[index]
            changes = {field: row[field] for field in (*OPTIONAL, "power_w", "ghs") if field in row}
            changes = {field: value for field, value in changes.items() if getattr(miner, field) != value}
            for field, value in changes.items():
                setattr(miner, field, value)
            changed += [miner] if changes else []
            moved += [miner.pk] if {"power_w", "ghs"} & set(changes) else []
        if changed:
            given = {
                field: [getattr(miner, field) for miner in changed]
                for field in ("id", "power_w", "ghs", *OPTIONAL)
            }
            with connection.cursor() as cursor:
                cursor.execute(CORRECT, given)
            if moved:
                restart_stays(moved, at or timezone.now(), gettext("corrected"))
            record("miners.corrected", None, by=by, detail=detail(changed))
    return len(changed)


def place_miners_at(
    rows: Sequence[Row],
    *,
    by: User | None,
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> int:
    """Move miners, each to its own site and slot; returns how many changed place.

    Raises: RowsRefused with every row's problem, or Refusal for power that is not energized.
    """
    may(by, "miners.move")
    at = at or timezone.now()
    with transaction.atomic():
        problems = _Problems()
        sites = _known(Site, "code", rows, "site", problems, gettext("No site has this code."))
        lock_sites([site.pk for site in sites.values()])
        found = _miners(rows, problems)
        slots = {found[index].pk: row["slot"] for index, row in enumerate(rows) if row.get("slot")}
        leaving = {
            miner.pk
            for index, miner in found.items()
            if miner.pk in slots or _site_of(rows[index], sites) != miner.site_id
        }
        _free_slots(rows, sites, problems, leaving=leaving)
        _check_moves(rows, found, sites, problems)
        problems.refuse()
        return relocate(
            {miner.pk: sites[rows[index]["site"]] for index, miner in found.items()},
            slots=slots,
            by=by,
            at=at,
            reason=reason,
            accept_overcommitment=accept_overcommitment,
        )


def _site_of(row: Row, sites: Mapping[str, Site]) -> int | None:
    site = sites.get(row["site"])
    return site.pk if site else None


def _known(
    model: type[Model], key: str, rows: Sequence[Row], field: str, problems: _Problems, sentence: str
) -> dict[str, Any]:
    """The rows that a field names, in one query."""
    wanted = {row[field] for row in rows if row.get(field)}
    found = model._default_manager.in_bulk(wanted, field_name=key) if wanted else {}
    for index, row in enumerate(rows):
        if row.get(field) and row[field] not in found:
            problems.add(index, field, sentence)
    return found


def _miners(rows: Sequence[Row], problems: _Problems) -> dict[int, Miner]:
    """The miners that rows name by serial or key, locked in the order of their keys."""
    by_serial = {str(row["serial"]).strip().upper() for row in rows if row.get("serial")}
    keys = dict(Miner.objects.filter(serial__in=by_serial).values_list("serial", "pk"))
    known = set(
        Miner.objects.filter(pk__in=[row["id"] for row in rows if row.get("id")]).values_list("pk", flat=True)
    )
    named = [
        row["id"] if row.get("id") else keys.get(str(row.get("serial", "")).strip().upper()) for row in rows
    ]
    seen = Counter(key for key in named if key is not None)
    for index, (row, key) in enumerate(zip(rows, named, strict=True)):
        field = "id" if row.get("id") else "serial"
        if key is None or (field == "id" and key not in known):
            problems.add(index, field, gettext("No miner has this."))
        elif seen[key] > 1:
            problems.add(index, field, gettext("This miner is in the list more than once."))
    problems.refuse()
    miners = {miner.pk: miner for miner in locked([key for key in named if key is not None])}
    return {index: miners[key] for index, key in enumerate(named) if key is not None}


def _free_slots(
    rows: Sequence[Row], sites: Mapping[str, Site], problems: _Problems, *, leaving: set[int]
) -> dict[int, Slot]:
    """The slots that rows name, with a problem for each that is elsewhere or taken by a miner that stays."""
    wanted = Counter(row["slot"] for row in rows if row.get("slot"))
    if not wanted:
        return {}
    slots = Slot.objects.select_related("rack").in_bulk(wanted)
    taken = dict(
        Miner.objects.filter(slot_id__in=wanted).exclude(pk__in=leaving).values_list("slot_id", "serial")
    )
    for index, row in enumerate(rows):
        slot, site = slots.get(row.get("slot") or 0), sites.get(row.get("site") or "")
        if not row.get("slot"):
            continue
        if slot is None:
            problems.add(index, "slot", gettext("No slot has this key."))
        elif site is None or slot.site_id != site.pk:
            problems.add(index, "slot", gettext("This slot is not at the site."))
        elif slot.pk in taken:
            problems.add(index, "slot", gettext("{serial} is in this slot.").format(serial=taken[slot.pk]))
        elif wanted[slot.pk] > 1:
            problems.add(index, "slot", gettext("This slot is in the list more than once."))
    return slots


def _check_serials(rows: Sequence[Row], problems: _Problems) -> None:
    serials = [_serial(row) for row in rows]
    times = Counter(serials)
    known = set(Miner.objects.filter(serial__in=times).values_list("serial", flat=True))
    for index, serial in enumerate(serials):
        if not serial:
            problems.add(index, "serial", gettext("A miner needs a serial."))
        elif serial in known:
            problems.add(index, "serial", gettext("{serial} is known already.").format(serial=serial))
        elif times[serial] > 1:
            problems.add(index, "serial", gettext("This serial is in the list more than once."))


def _check_status(index: int, row: Row, problems: _Problems) -> None:
    status = row.get("status") or MinerStatus.RECEIVED
    if problem := misplaced(status, has_site=bool(row.get("site")), has_slot=bool(row.get("slot"))):
        problems.add(index, *problem)


def _check_moves(
    rows: Sequence[Row], found: Mapping[int, Miner], sites: Mapping[str, Site], problems: _Problems
) -> None:
    concerned = {site.pk for site in sites.values()} | {
        m.site_id for m in found.values() if m.site_id is not None
    }
    holds = list(open_holds([miner.pk for miner in found.values()], concerned))
    held_miners = {hold.miner_id: hold.reason for hold in holds if hold.miner_id is not None}
    held_sites = {hold.site_id: hold.reason for hold in holds if hold.site_id is not None}
    for index, row in enumerate(rows):
        miner, site = found[index], sites.get(row["site"])
        if site is None:
            continue
        if miner.status in ENDED:
            problems.add(index, "serial", gettext("This miner was sold or scrapped."))
        stays = miner.site_id == site.pk and row.get("slot") in (None, miner.slot_id)
        for reasons, key, field in (
            (held_miners, miner.pk, "serial"),
            (held_sites, miner.site_id, "serial"),
            (held_sites, site.pk, "site"),
        ):
            if key is not None and key in reasons and not stays:
                problems.add(index, field, gettext("On hold: {reason}").format(reason=reasons[key]))
                break


def _miner(
    row: Row,
    models: Mapping[str, MinerModel],
    owners: Mapping[str, Owner],
    sites: Mapping[str, Site],
    slots: Mapping[int, Slot],
) -> Miner:
    model, slot = models[row["model"]], slots.get(row.get("slot") or 0)
    return Miner(
        serial=_serial(row),
        model=model,
        owner=owners.get(row.get("owner") or ""),
        site=sites.get(row.get("site") or ""),
        rack=slot.rack if slot else None,
        slot=slot,
        status=row.get("status") or MinerStatus.RECEIVED,
        power_w=row.get("power_w") or model.power_w,
        ghs=model.ghs if row.get("ghs") is None else row["ghs"],
        **({"board_family": model.board_family} | {field: row[field] for field in OPTIONAL if field in row}),
    )


def _serial(row: Row) -> str:
    return str(row.get("serial") or "").strip().upper()
