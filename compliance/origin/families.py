"""Families of control board and makers of hash chips, with the dated list entries that touch them."""

import re
from dataclasses import dataclass
from datetime import date

UNKNOWN = "unknown"


@dataclass(frozen=True)
class ListHit:
    """A list entry that names a company behind a part; it holds from its day until it ends."""

    listed_name: str
    list_name: str
    authority: str
    from_on: date
    to_on: date | None
    confidence: str
    source: str

    def is_in_force(self, as_of: date) -> bool:
        """Whether the entry stands on this day; the day it ends no longer counts."""
        return self.from_on <= as_of and (self.to_on is None or as_of < self.to_on)


@dataclass(frozen=True)
class BoardFamily:
    """One family of control board: whose system on chip it carries; a blank is unknown."""

    family: str
    soc: str
    vendor: str
    vendor_country: str
    parent_group: str
    used_on: str
    hits: tuple[ListHit, ...]
    confidence: str
    source: str


@dataclass(frozen=True)
class ChipSeries:
    """A series of miners whose hash chips come from a named fab."""

    series: str
    maker: str
    model_pattern: str
    fab: str
    fab_country: str
    hits: tuple[ListHit, ...]
    confidence: str
    source: str


SOPHGO = ListHit(
    listed_name="Sophgo",
    list_name="Entity List",
    authority="Entity List, 90 FR 4621, 2025-01-16",
    from_on=date(2025, 1, 16),
    to_on=None,
    confidence="medium",  # The rule is certain; the names of the affiliates are as reported.
    source="FR Doc 2025-00480; datacenterdynamics.com",
)
SMIC = ListHit(
    listed_name="SMIC",
    list_name="Entity List",
    authority="Entity List, 2020-12-18",
    from_on=date(2020, 12, 18),
    to_on=None,
    confidence="medium",
    source="background knowledge, not verified again",
)

BOARD_FAMILIES: tuple[BoardFamily, ...] = (
    BoardFamily(
        family="xilinx_zynq",
        soc="Zynq-7010, Zynq-7007S",
        vendor="Xilinx (AMD)",
        vendor_country="US",
        parent_group="AMD",
        used_on="S9 and T9+, S15, S17 and T17, early S19, S19 Pro, T19 and S19j Pro",
        hits=(),
        confidence="high",
        source="braiins.com, 2022-05-02; d-central.tech control board reference",
    ),
    BoardFamily(
        family="ti_am335x",
        soc="AM3352",
        vendor="Texas Instruments",
        vendor_country="US",
        parent_group="Texas Instruments",
        used_on="S19j and S19j Pro batches from late 2021 on",
        hits=(),
        confidence="high",
        source="braiins.com; leung.dikhin.com",
    ),
    BoardFamily(
        family="amlogic",
        soc="A113D",
        vendor="Amlogic",
        vendor_country="CN",
        parent_group="Amlogic",
        used_on="later S19j and S19j Pro, S19 XP, S19k Pro, S21, T21",
        hits=(),
        confidence="medium",
        source="braiins.com; background knowledge",
    ),
    BoardFamily(
        family="cvitek",
        soc="CV1835",
        vendor="CVITEK",
        vendor_country="CN",
        parent_group="Sophgo",
        used_on="some batches of S19j Pro, S19 XP, S19k Pro, S21, T21",
        hits=(SOPHGO,),
        confidence="medium",
        source="bitbo.io; asic-rs",
    ),
    BoardFamily(
        family="allwinner_h3",
        soc="H3",
        vendor="Allwinner",
        vendor_country="CN",
        parent_group="Allwinner",
        used_on="WhatsMiner M20 to M3x",
        hits=(),
        confidence="medium",
        source="asic-rs, whatsminer hardware table",
    ),
    BoardFamily(
        family="allwinner_h6",
        soc="H6",
        vendor="Allwinner",
        vendor_country="CN",
        parent_group="Allwinner",
        used_on="WhatsMiner M3x to M6x",
        hits=(),
        confidence="medium",
        source="asic-rs, whatsminer hardware table",
    ),
    BoardFamily(
        family="allwinner_h616",
        soc="H616",
        vendor="Allwinner",
        vendor_country="CN",
        parent_group="Allwinner",
        used_on="WhatsMiner M3x to M6x",
        hits=(),
        confidence="medium",
        source="asic-rs, whatsminer hardware table",
    ),
    BoardFamily(
        family="canaan_mm3",
        soc="Kendryte K210 in several",
        vendor="Canaan",
        vendor_country="",
        parent_group="Canaan",
        used_on="Avalon A10 to A13 (MM3v1, MM3v2_X3)",
        hits=(),
        confidence="medium",
        source="asic-rs, avalon hardware table",
    ),
    BoardFamily(
        family="canaan_mm4",
        soc="",
        vendor="Canaan",
        vendor_country="",
        parent_group="Canaan",
        used_on="Avalon A14 and A15 (MM4v1, MM4v2_X3)",
        hits=(),
        confidence="medium",
        source="asic-rs, avalon hardware table",
    ),
    BoardFamily(
        family="bitdeer_taurusair",
        soc="",
        vendor="",
        vendor_country="",
        parent_group="",
        used_on="SEALMINER A2",
        hits=(),
        confidence="medium",
        source="asic-rs, sealminer hardware table",
    ),
    BoardFamily(
        family="auradine_t",
        soc="",
        vendor="Auradine",
        vendor_country="US",
        parent_group="Auradine",
        used_on="Teraflux (T0 to T3)",
        hits=(),
        confidence="medium",
        source="asic-rs",
    ),
    BoardFamily(
        family="proto_c",
        soc="",
        vendor="Proto",
        vendor_country="US",
        parent_group="Block",
        used_on="Proto Rig (C1 to C3)",
        hits=(),
        confidence="medium",
        source="asic-rs",
    ),
)

CHIP_SERIES: tuple[ChipSeries, ...] = (
    ChipSeries(
        series="Avalon A12xx",
        maker="Canaan",
        model_pattern=r"\bA?12\d\d\b",
        fab="SMIC",
        fab_country="CN",
        hits=(SMIC,),
        confidence="medium",
        source="fb.box; 8btc; minerdaily.com",
    ),
)

TELEMETRY_NAMES: dict[str, str] = {
    "XILINX": "xilinx_zynq",
    "ZYNQ7007": "xilinx_zynq",
    "AMCB07": "xilinx_zynq",
    "BBB": "ti_am335x",
    "BBCTRL": "ti_am335x",
    "BEAGLEBONE": "ti_am335x",
    "CVITEK": "cvitek",
    "CVCTRL": "cvitek",
    "AMLOGIC": "amlogic",
    "AML": "amlogic",
}
"""What a miner calls its control board when asked. Source: asic-rs, antminer hardware table."""

_BY_NAME = {row.family: row for row in BOARD_FAMILIES}


def board_family(name: str) -> BoardFamily | None:
    """The row of a family by its exact name; none if the family is unknown or could be several."""
    return _BY_NAME.get(name.strip().lower())


def family_from_telemetry(text: str) -> str:
    """The family a miner's own answer names, or `unknown`."""
    known = TELEMETRY_NAMES.get(re.sub(r"[^A-Z0-9]", "", text.upper()))
    return known or UNKNOWN


def chip_series(maker: str, miner_model: str) -> ChipSeries | None:
    """The series with a known fab that a maker's model belongs to, if any."""
    return next(
        (
            row
            for row in CHIP_SERIES
            if row.maker.lower() in maker.lower() and re.search(row.model_pattern, miner_model)
        ),
        None,
    )
