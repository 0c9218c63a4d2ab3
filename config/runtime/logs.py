"""Log files of child processes, in `var/log`."""

from pathlib import Path
from typing import IO

LARGEST_BYTES = 20 * 1024 * 1024


def opened_log(log: Path) -> IO[bytes]:
    """Return the log open for appending; one that has grown large becomes the older of two."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_BYTES:
        log.replace(log.with_suffix(".old.log"))
    return log.open("ab")


def last_words(log: Path) -> str:
    """Return the last line of a log that says anything."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
