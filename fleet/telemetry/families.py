"""What a miner calls its control board when asked, and the family that means."""

import re

UNKNOWN = "unknown"

# Source: asic-rs, hardware tables of antminer, whatsminer, avalon, auradine, proto and sealminer.
FAMILY_BY_NAME = {
    "XILINX": "xilinx_zynq",
    "ZYNQ": "xilinx_zynq",
    "ZYNQ7007": "xilinx_zynq",
    "AMCB07": "xilinx_zynq",
    "BBB": "ti_am335x",
    "BBCTRL": "ti_am335x",
    "BEAGLEBONE": "ti_am335x",
    "CVITEK": "cvitek",
    "CVCTRL": "cvitek",
    "AMLOGIC": "amlogic",
    "AML": "amlogic",
    "ALLWINNERH3": "allwinner_h3",
    "H3": "allwinner_h3",
    "ALLWINNERH6": "allwinner_h6",
    "H6": "allwinner_h6",
    "ALLWINNERH616": "allwinner_h616",
    "H616": "allwinner_h616",
    "MM3V1": "canaan_mm3",
    "MM3V1X3": "canaan_mm3",
    "MM3V2X3": "canaan_mm3",
    "MM4V1": "canaan_mm4",
    "MM4V1X3": "canaan_mm4",
    "MM4V2X3": "canaan_mm4",
    "TAURUSAIR": "bitdeer_taurusair",
    "T0": "auradine_t",
    "T1": "auradine_t",
    "T2": "auradine_t",
    "T3": "auradine_t",
    "C1": "proto_c",
    "C2": "proto_c",
    "C3": "proto_c",
}

# Source: asic-rs, firmware of Braiins: `control_board_soc_family` of the REST answers.
BRAIINS_SOC_FAMILIES = {1: "cvitek", 2: "ti_am335x", 3: "amlogic"}


def family_of(told: str) -> str:
    """The family a miner's own answer names, or `unknown`."""
    return FAMILY_BY_NAME.get(re.sub(r"[^A-Z0-9]", "", told.upper()), UNKNOWN)
