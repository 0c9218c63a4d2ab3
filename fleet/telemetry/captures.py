"""Recorded answers on disk: a folder of files named after what was asked is one miner, and so is a bundle."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from fleet.telemetry.parsers import parse
from fleet.telemetry.snapshots import Snapshot
from kit.errors import Refusal

MOST_BYTES = 8 << 20
PREFIXES = ("rpc_", "web_")  # as pyasic bundles the answers of one miner in a file


@dataclass(frozen=True)
class Capture:
    """One miner's recorded answers, read or refused with a reason; nothing was taken of `unread`."""

    path: Path
    snapshot: Snapshot | None = None
    refusal: str = ""
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)


def read_captures(path: Path) -> Iterator[Capture]:
    """Every miner recorded at a file or anywhere below a folder, in order of their paths.

    Raises: Refusal if there is no such path.
    """
    if not path.exists():
        raise Refusal(gettext("There is nothing at {path}.").format(path=path))
    if path.is_file():
        yield from _read_files(path, [path])
        return
    for folder in sorted({file.parent for file in path.rglob("*.json")}):
        yield from _read_files(folder, sorted(folder.glob("*.json")))


def _read_files(folder: Path, files: list[Path]) -> Iterator[Capture]:
    answers: dict[str, Any] = {}
    broken: dict[str, str] = {}
    for file in files:
        try:
            told = _load(file)
        except Refusal as refusal:
            broken[file.name] = refusal.message
            continue
        if _is_bundle(told):
            yield _capture(file, split_bundle(told), {})
        else:
            answers[file.stem] = told
    if answers or broken:
        yield _capture(folder, answers, broken)


def _capture(path: Path, answers: dict[str, Any], broken: dict[str, str]) -> Capture:
    try:
        snapshot, looked_at = parse(answers)
    except Refusal as refusal:
        why = next(iter(broken.values())) if broken and not answers else refusal.message
        return Capture(path, refusal=why, unread=tuple(sorted(answers)), broken=broken)
    return Capture(
        path,
        snapshot,
        read=tuple(sorted(looked_at.read)),
        unread=tuple(sorted(set(answers) - looked_at.read)),
        broken=broken,
    )


def _load(file: Path) -> Any:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Refusal(gettext("{name} has more than 8 MB.").format(name=file.name))
        return json.loads(file.read_bytes())
    except OSError as error:
        raise Refusal(
            gettext("{name} cannot be read: {why}.").format(name=file.name, why=error.strerror)
        ) from None
    except (ValueError, RecursionError):
        raise Refusal(gettext("{name} is not JSON in UTF-8.").format(name=file.name)) from None


def _is_bundle(told: Any) -> bool:
    return isinstance(told, dict) and bool(told) and all(str(name).startswith(PREFIXES) for name in told)


def split_bundle(told: dict[str, Any]) -> dict[str, Any]:
    """The answers of a bundle without their prefixes; where both ways were asked, the web's keeps its own."""
    plain = {name.removeprefix("rpc_"): answer for name, answer in told.items() if name.startswith("rpc_")}
    for name, answer in told.items():
        if name.startswith("web_"):
            short = name.removeprefix("web_")
            plain[name if short in plain else short] = answer
    return plain
