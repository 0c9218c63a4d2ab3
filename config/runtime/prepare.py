"""Bring the database, the seeds and the static files up to date, before the supervisor starts others."""

import os
import sys

from config.runtime.command import run_plainly
from config.runtime.explain import reach


def main() -> None:
    """Reach both servers, migrate, load the seeds or (SEEDS=none) the reference, collect the static files."""
    import django
    from django.core.management import call_command

    import config.celery  # noqa: F401 - seeds may ring for tasks

    reach()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference" if os.environ.get("SEEDS") == "none" else "load_seeds")
    call_command("collectstatic", verbosity=0, interactive=False)


if __name__ == "__main__":
    sys.exit(run_plainly(main))
