"""Countries' shares of the network's hashrate, month by month: context for exposure."""

from datetime import date
from decimal import Decimal

from compliance.exposure.models import HashrateShare
from compliance.scenarios.rows import Tally, keep_many
from compliance.scenarios.seedfiles import read_seed, read_table

NAME = "hashrate-share"
BPS_PER_PERCENT = 100


def load(tally: Tally) -> None:
    """Load the tables of shares; a share that is not given stays unknown."""
    for table in read_seed(NAME).rows["shares"]:
        rows = [_share(row) for row in read_table(f"hashrate/{table['file']}")]
        keep_many(tally, rows, ("month", "label", "source"), is_synthetic=False)


def _share(row: dict[str, str]) -> HashrateShare:
    note = f" ({row['note']})" if row["note"] else ""
    return HashrateShare(
        month=date.fromisoformat(f"{row['month']}-01"),
        country=row["country"],
        label=row["label"],
        share_bps=int(Decimal(row["value"]) * BPS_PER_PERCENT) if row["value"] else None,
        source=f"{row['source']}{note}",
        confidence=row["confidence"],
    )
