"""The kinds of component a miner is made of, as a tree of choices."""

COMPONENT_KINDS: tuple[tuple[str, str, str], ...] = (
    # kind, what it is part of, name
    ("chassis", "", "chassis"),
    ("hashboard", "", "hashboard"),
    ("pcb", "hashboard", "circuit board"),
    ("hash_asic", "hashboard", "hash chip"),
    ("voltage_domain", "hashboard", "voltage domain (LDO, buck)"),
    ("temp_sensor", "hashboard", "temperature sensor"),
    ("eeprom", "hashboard", "EEPROM"),
    ("mcu", "hashboard", "microcontroller (PIC)"),
    ("heat_sink", "hashboard", "heat sink"),
    ("control_board", "", "control board"),
    ("soc", "control_board", "system on chip"),
    ("ram", "control_board", "memory"),
    ("flash", "control_board", "NAND or eMMC"),
    ("ethernet_phy", "control_board", "Ethernet PHY"),
    ("wifi_bt", "control_board", "Wi-Fi or Bluetooth module"),
    ("fpga", "control_board", "FPGA"),
    ("sd", "control_board", "SD card"),
    ("psu", "", "power supply"),
    ("fan", "", "fan"),
    ("hydro_plate", "", "cold plate"),
    ("manifold", "", "manifold"),
    ("pump", "", "pump"),
    ("immersion_kit", "", "immersion kit"),
    ("cable", "", "cable"),
    ("busbar", "", "busbar"),
    ("firmware", "", "firmware"),
    ("adapter_board", "", "I/O or adapter board"),
    ("repair_spare", "", "repair spare"),
)

KINDS_OF_BOARD = frozenset({"control_board", "soc"})
KINDS_OF_HASH_CHIP = frozenset({"hashboard", "hash_asic"})
