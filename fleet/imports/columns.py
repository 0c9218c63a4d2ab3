"""The columns a file of miners may have, with the names other programs give them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, and what else it may be called."""

    name: str
    holds: Promise | str
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column(
        "serial",
        _("serial number; required"),
        ("serial_number", "serial_no", "miner_serial", "sn", "asset_serial"),
    ),
    Column(
        "model",
        _("name in the catalogue; required for a new miner"),
        ("miner_model", "miner_type", "device_type", "type"),
    ),
    Column(
        "owner", _("number of the owner"), ("owner_number", "customer", "customer_number", "client", "tenant")
    ),
    Column("site", _("code of the site"), ("site_code", "location", "facility", "site_map")),
    Column(
        "building", _("building or container, where two have racks of one name"), ("container", "hall", "row")
    ),
    Column("rack", _("name of the rack at the site"), ("rack_name",)),
    Column(
        "slot", _("position in the rack, a whole number"), ("position", "slot_number", "rack_position", "u")
    ),
    Column("status", _("state, for example mining"), ("state", "miner_status")),
    Column(
        "power_w", _("watts, a whole number"), ("watts", "power", "power_watts", "wattage", "consumption_w")
    ),
    Column(
        "ths",
        _("terahash per second, at most three decimals"),
        ("hashrate_ths", "hashrate", "th_s", "hash_rate_th_s"),
    ),
    Column("board_family", _("family of the control board"), ("control_board_family", "control_board")),
    Column("mac", _("MAC address"), ("mac_address", "ethernet_address")),
    Column("firmware", _("firmware"), ("firmware_version", "fw", "platform")),
    Column(
        "from",
        _("day from which this is so, for example 2022-04-20"),
        ("from_on", "from_at", "since", "stay_from"),
    ),
    Column("exportable", _("may leave the country: yes, no or unknown"), ("is_exportable",)),
)
NAMES = tuple(column.name for column in COLUMNS)
_MEANING = {alias: column.name for column in COLUMNS for alias in (column.name, *column.aliases)}
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def meaning_of(header: Sequence[str]) -> list[str]:
    """The column each cell of a header names; empty for one to be left alone, marked by # in front.

    Raises: Refusal, naming the column that is missing, unknown or there twice, and those that are accepted.
    """
    found = ["" if cell.strip().startswith("#") else _meaning(cell) for cell in header]
    accepted = gettext(
        "Accepted columns: {names}. Put # before the name of a column to leave it out."
    ).format(names=", ".join(NAMES))
    where = gettext("Line 1")
    unknown = [cell.strip() for cell, name in zip(header, found, strict=True) if name == "?"]
    if "serial" not in found:
        raise Refusal(
            gettext("The header has no column “serial”.") + " " + _unknown(unknown) + accepted, where=where
        )
    if unknown:
        raise Refusal(_unknown(unknown) + accepted, where=where)
    for name in NAMES:
        if found.count(name) > 1:
            given = [cell.strip() for cell, meaning in zip(header, found, strict=True) if meaning == name]
            raise Refusal(
                gettext("The columns {given} all mean “{name}”. Keep one.").format(
                    given=", ".join(f"“{cell[:40]}”" for cell in given), name=name
                ),
                where=where,
            )
    return found


def _meaning(cell: str) -> str:
    return _MEANING.get(_NOT_LETTERS.sub("_", cell.strip().casefold()).strip("_"), "?")


def _unknown(cells: list[str]) -> str:
    if not cells:
        return ""
    shown = ", ".join(f"“{cell[:40]}”" for cell in cells[:8])
    return gettext("Unknown column: {shown}.").format(shown=shown) + " "
