#!/usr/bin/env python3
"""Pithead's commands, from any shell: this uses the project's environment and starts its servers."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
ENVIRONMENT = PROJECT / ".venv"


def use_project_environment() -> None:
    """Start again with the project's Python when another one runs this file."""
    python = ENVIRONMENT / "bin" / "python"
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve():
        return
    if not python.exists():
        sys.exit("The project's environment is missing: run make env.")
    os.execv(str(python), [str(python), *sys.argv])


if __name__ == "__main__":
    use_project_environment()
    from config.runtime.command import run

    sys.exit(run(sys.argv))
