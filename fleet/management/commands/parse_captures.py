from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fleet.miners.models import Miner
from fleet.telemetry.captures import Capture, read_captures
from fleet.telemetry.snapshots import Snapshot
from fleet.telemetry.swaps import compare_parts
from fleet.telemetry.taking import find_miners
from kit.errors import Refusal
from kit.units import GHS_PER_THS, format_hashrate

HEAD = ("miner", "firmware", "model", "hashrate", "expected", "power", "hottest", "serials", "board family")


class Command(BaseCommand):
    help = "Read recorded answers of miners (a file, or a folder of JSON files) and print what they say."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--each-file", action="store_true", help="read every file on its own as well")
        parser.add_argument("--serials", action="store_true", help="print the serials of the parts")
        parser.add_argument(
            "--apply", action="store_true", help="compare the parts with the record of the miner they name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["path"]
        try:
            captures = list(read_captures(root))
            if options["each_file"] and root.is_dir():
                captures += [one for file in sorted(root.rglob("*.json")) for one in read_captures(file)]
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        names = [str(one.path.relative_to(root)) if one.path != root else root.name for one in captures]
        self._table([HEAD, *(_cells(name, one) for name, one in zip(names, captures, strict=True))])
        for name, one in zip(names, captures, strict=True):
            self._notes(name, one, with_serials=options["serials"])
            if options["apply"] and one.snapshot:
                self.stdout.write(f"{name}: {_apply(one.snapshot, timezone.now())}")
        refused = sum(1 for one in captures if one.snapshot is None)
        self.stdout.write(f"{len(captures)} read: {len(captures) - refused} parsed, {refused} refused.")

    def _table(self, lines: list[tuple[str, ...]]) -> None:
        widths = [max(len(line[n]) for line in lines if len(line) == len(HEAD)) for n in range(len(HEAD))]
        for line in lines:
            if len(line) == len(HEAD):
                self.stdout.write("  ".join(map(str.ljust, line, widths)).rstrip())
            else:
                self.stdout.write(f"{line[0].ljust(widths[0])}  refused: {line[1]}")

    def _notes(self, name: str, one: Capture, *, with_serials: bool) -> None:
        for file, why in one.broken.items():
            self.stdout.write(f"{name}: {file} refused: {why}")
        for remark in one.snapshot.remarks if one.snapshot else ():
            self.stdout.write(f"{name}: {remark}")
        for part in one.snapshot.parts if one.snapshot and with_serials else ():
            self.stdout.write(f"{name}: {part.kind} {part.position} {part.serial}")


def _cells(name: str, one: Capture) -> tuple[str, ...]:
    if (told := one.snapshot) is None:
        return (name, one.refusal.partition(". ")[0])
    return (
        name,
        told.firmware[:34],
        told.model or "–",
        _hashrate(told.hashrate_ghs),
        _hashrate(told.expected_ghs),
        "–" if told.power_w is None else f"{told.power_w:,} W",
        f"{max(told.temps_c)} °C" if told.temps_c else "–",
        str(len(told.parts) + bool(told.serial)),
        told.board_family,
    )


def _hashrate(ghs: int | None) -> str:
    if ghs is None:
        return "–"
    return f"{ghs} GH/s" if ghs < GHS_PER_THS else format_hashrate(ghs)


def _apply(told: Snapshot, at: datetime) -> str:
    found = find_miners({key for key in (told.serial or told.mac,) if key}, {told.serial: told.mac})
    if not found:
        return "no miner on record has this serial or MAC."
    miner = Miner.objects.get(pk=next(iter(found.values())))
    try:
        changes = compare_parts(miner, told, at=at)
    except Refusal as refusal:
        return f"{miner}: {refusal}"
    if not changes:
        return f"{miner}: the same as on record."
    words = (("fitted", changes.fitted), ("removed", changes.removed), ("corrected", changes.corrected))
    claimed = [("told by another miner as well", changes.claimed)]
    return f"{miner}: " + "; ".join(f"{verb} {', '.join(them)}" for verb, them in [*words, *claimed] if them)
