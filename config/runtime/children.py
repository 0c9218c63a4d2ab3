"""Child processes that do not outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psutil

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int, parent: int | None = None) -> None:
    """Have the kernel send this process a signal when its parent dies (on Linux; elsewhere nothing)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def tied(number: int) -> Callable[[], None]:
    """Return what a child runs before its program, so that this process's death signals it."""
    parent = os.getpid()
    return lambda: die_with_parent(number, parent)


def stop(process: "subprocess.Popen[bytes]", *steps: tuple[signal.Signals, float]) -> None:
    """Send a child one signal after the other until it ends, each with its seconds of patience."""
    for number, patience_s in (*steps, (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            continue


def end_stranger(pid: int, *words: str, number: signal.Signals) -> None:
    """Signal a process that is not our child, if its command line still shows these words."""
    try:
        process = psutil.Process(pid)
        line = " ".join(process.cmdline())
        if all(word in line for word in words):
            process.send_signal(number)
    except psutil.Error:
        return


def is_running(pid: int, *words: str) -> bool:
    """Tell whether the process is there and its command line shows these words (process ids are reused)."""
    try:
        line = " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return False
    return all(word in line for word in words)
