"""Advisory locks on files: the kernel releases them when their holder dies, however it dies."""

import fcntl
import time
from pathlib import Path
from typing import IO

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX


def opened(path: Path) -> IO[str]:
    """Return the lock file, open and not locked."""
    return path.open("a+")


def locked(lock: IO[str], kind: int) -> bool:
    """Tell whether the lock could be taken at once."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def locked_within(lock: IO[str], kind: int, *, seconds: float) -> bool:
    """Tell whether the lock could be taken before the time was up."""
    deadline = time.monotonic() + seconds
    while not locked(lock, kind):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def released(lock: IO[str]) -> None:
    """Give the lock back and keep the file open."""
    fcntl.flock(lock, fcntl.LOCK_UN)
