"""Why a line is refused: one bit each, set in one pass over all lines, and the sentence that goes with it."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(NamedTuple):
    """One reason why one line is refused, at one column."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Reason:
    """A bit of the error mask, the column it is about, and what is wrong there."""

    name: str
    column: str
    sentence: Promise | str


REASONS = (
    # Set while the file is read.
    Reason("ragged", "", _("the line has more or fewer cells than the header")),
    Reason("nul", "", _("the line holds a NUL character")),
    Reason("unclosed", "", _("a cell runs over several lines; a quote is not closed")),
    Reason("too_long", "", _("a cell is longer than 500 characters")),
    Reason("bad_from", "from", _("not a day; write YYYY-MM-DD, between 2009 and now")),
    # Set by the query of fleet.imports.planning.
    Reason("no_serial", "serial", _("the serial is empty")),
    Reason("bad_serial", "serial", _("a serial has 3 to 40 letters, digits, dots, dashes or underscores")),
    Reason("twice", "serial", _("this serial is in the file more than once")),
    Reason("no_model", "model", _("a new miner needs a model")),
    Reason("unknown_model", "model", _("no such model in the catalogue")),
    Reason("unknown_owner", "owner", _("no owner has this number")),
    Reason("unknown_site", "site", _("no site has this code")),
    Reason("needs_site", "site", _("a miner in this state, or in a rack, needs a site")),
    Reason("unknown_rack", "rack", _("no such rack at the site")),
    Reason("ambiguous_rack", "rack", _("the site has several racks of this name; add the column building")),
    Reason("unknown_slot", "slot", _("no such position in the rack")),
    Reason("slot_taken", "slot", _("another miner is in this slot")),
    Reason("slot_twice", "slot", _("this slot is in the file more than once")),
    Reason("unknown_status", "status", _("no such state")),
    Reason("ended", "status", _("sold and scrapped are not set or undone by a file; end the stay instead")),
    Reason("bad_power", "power_w", _("not a whole number of watts")),
    Reason("negative_power", "power_w", _("watts are below zero")),
    Reason("power_range", "power_w", _("watts are not between 1 and 100,000")),
    Reason("bad_ths", "ths", _("not a number with at most three decimals")),
    Reason("negative_ths", "ths", _("the hashrate is below zero")),
    Reason("ths_range", "ths", _("the hashrate is above 10,000 TH/s")),
    Reason("long_family", "board_family", _("longer than 40 characters")),
    Reason("bad_mac", "mac", _("not a MAC address, for example 02:1A:2B:3C:4D:5E")),
    Reason("long_firmware", "firmware", _("longer than 80 characters")),
    Reason("too_early", "from", _("the miner has a stay at or after this day; give a later one")),
    Reason("bad_exportable", "exportable", _("write yes, no or unknown")),
    Reason("held", "site", _("an open hold stops this move; it is named in the list of move holds")),
    # Set while a workbook is read.
    Reason("error_cell", "", _("a cell holds an error of the spreadsheet, such as #N/A")),
    Reason("unsolved", "", _("a cell holds a formula without a result; save the workbook in a spreadsheet")),
    Reason("date_cell", "", _("a date stands in a column that holds none; format that column as text")),
    Reason("lost_digits", "", _("a number is longer than the 15 digits a spreadsheet keeps; use text")),
    Reason("line_break", "", _("a cell holds a line break")),
    # Set by the query of fleet.imports.planning; new ones come last, for plans made before keep their bits.
    Reason(
        "away_at_site",
        "site",
        _("a miner in this state is at no site; leave its place empty, or give the state it has there"),
    ),
    Reason("racked_away", "slot", _("a stored miner stands in no rack; leave rack and slot empty")),
    Reason("bad_step", "status", _("no miner comes to this state from another")),
)
BIT = {reason.name: 1 << number for number, reason in enumerate(REASONS)}


def reasons_in(mask: int) -> list[Reason]:
    """The reasons whose bits are set."""
    return [reason for reason in REASONS if mask & BIT[reason.name]]
