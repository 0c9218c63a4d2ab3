"""What a miner told about itself at one time, whatever its firmware."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.telemetry.families import UNKNOWN, family_of
from fleet.telemetry.limits import COLDEST_C, HOTTEST_C, MOST_GHS, MOST_W, can_be, mac_of, serial_of

MOST_TEXT = 80
MOST_POSITION = 99


@dataclass(frozen=True)
class SeenPart:
    """A part by the serial its miner told, and where it sits."""

    kind: str
    serial: str
    position: int = 0


@dataclass(frozen=True)
class Snapshot:
    """One miner's answers, read.

    Units: whole GH/s, W, °C and rpm; None was not told, and a blank text neither.
    Shape: `remarks` say what was told and not believed.
    """

    firmware: str
    model: str = ""
    serial: str = ""
    mac: str = ""
    algorithm: str = "SHA-256"
    hashrate_ghs: int | None = None
    expected_ghs: int | None = None
    power_w: int | None = None
    temps_c: tuple[int, ...] = ()
    fans_rpm: tuple[int, ...] = ()
    is_hashing: bool | None = None
    parts: tuple[SeenPart, ...] = ()
    psu_model: str = ""
    control_board: str = ""
    board_family: str = UNKNOWN
    remarks: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> tuple[SeenPart, ...]:
        """The parts of one kind that told their serials."""
        return tuple(part for part in self.parts if part.kind == kind)


class Sighting(NamedTuple):
    """A miner's parts as told at seconds since 1970: read only if the digest is another than last time."""

    at: float
    digest: int
    read: Callable[[], Snapshot]


@dataclass
class Told:
    """Collects what a parser finds and keeps of it what can be; `snapshot` is the result.

    Units: as a Snapshot, but of any kind of number.
    """

    firmware: str
    model: str = ""
    serial: str = ""
    mac: str = ""
    algorithm: str = "SHA-256"
    ghs: float | None = None
    expected_ghs: float | None = None
    power_w: float | None = None
    is_hashing: bool | None = None
    psu_model: str = ""
    control_board: str = ""
    board_family: str = ""
    temps_c: list[float | None] = field(default_factory=list)
    fans_rpm: list[float | None] = field(default_factory=list)
    parts: list[tuple[str, str, int]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def snapshot(self) -> Snapshot:
        """What of this can be, with a remark for what cannot."""
        ghs = self._figure(_("hashrate"), self.ghs, MOST_GHS)
        return Snapshot(
            firmware=line_of(self.firmware),
            model=line_of(self.model),
            serial=self._serial(_("serial"), self.serial),
            mac=self._mac(),
            algorithm=line_of(self.algorithm),
            hashrate_ghs=ghs,
            expected_ghs=self._figure(_("expected hashrate"), self.expected_ghs, MOST_GHS, above=True),
            power_w=self._figure(_("power"), self.power_w, MOST_W),
            # A sensor that is not there tells zero or absolute zero.
            temps_c=tuple(round(t) for t in self.temps_c if t and can_be(t, COLDEST_C, HOTTEST_C)),
            fans_rpm=tuple(
                round(rpm) for rpm in self.fans_rpm if rpm is not None and can_be(rpm, 0, 100_000)
            ),
            is_hashing=self.is_hashing if self.is_hashing is not None or ghs is None else ghs > 0,
            parts=self._parts(),
            psu_model=line_of(self.psu_model),
            control_board=line_of(self.control_board),
            board_family=self.board_family or family_of(self.control_board),
            remarks=tuple(self.remarks),
        )

    def _parts(self) -> tuple[SeenPart, ...]:
        for kind, told, _position in self.parts:
            self._serial(kind, told)
        return seen_parts(self.parts)

    def _figure(self, name: Any, figure: float | None, most: int, *, above: bool = False) -> int | None:
        if figure is None:
            return None
        if can_be(figure, 0, most) and (not above or figure > 0):
            return round(figure)
        self._doubt(name, figure)
        return None

    def _serial(self, name: Any, told: str) -> str:
        if told.strip() and not serial_of(told):
            self._doubt(name, told)
        return serial_of(told)

    def _mac(self) -> str:
        if self.mac.strip() and not mac_of(self.mac):
            self._doubt("MAC", self.mac)
        return mac_of(self.mac)

    def _doubt(self, name: Any, told: Any) -> None:
        self.remarks.append(
            gettext("{name} “{told}” cannot be").format(name=name, told=line_of(str(told))[:40])
        )


def seen_parts(told: Iterable[tuple[str, str, int]]) -> tuple[SeenPart, ...]:
    """The parts by kind, serial and position, each serial once and without those that are none."""
    seen: dict[tuple[str, str], SeenPart] = {}
    for kind, name, position in told:
        if name and (serial := serial_of(name)):
            place = position if 0 <= position <= MOST_POSITION else 0
            seen.setdefault((kind, serial), SeenPart(kind, serial, place))
    return tuple(seen.values())


def digest_of(told: Any) -> int:
    """A number that is another where what was told is another, for all that matters here."""
    text = msgspec.json.encode(told)
    return zlib.crc32(text) << 31 | zlib.adler32(text) >> 1


@lru_cache(maxsize=1_000)  # a fleet has a few kinds of firmware and tells them with every reading
def line_of(text: str) -> str:
    """A text on one line, without what cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_TEXT]
