"""One of Django's commands, with the servers it needs and with plain words when they cannot be reached."""

import os
import sys
from collections.abc import Callable

from config.runtime.clients import ensure
from config.runtime.explain import explained

# These neither read nor write the database.
WITHOUT_SERVERS = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "startapp",
    "version",
}
INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    """Run a command of Django's from its command line and return its exit status."""

    def command() -> None:
        from django.core.management import execute_from_command_line

        import config.celery  # noqa: F401 - commands ring for tasks

        execute_from_command_line(arguments)

    return run_plainly(command, with_servers=needs_servers(arguments))


def run_plainly(act: Callable[[], None], *, with_servers: bool = True) -> int:
    """Run a function and return an exit status; what is wrong outside is one sentence and status 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if with_servers:
            ensure()
        act()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        sentence = explained(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 1
    return 0


def needs_servers(arguments: list[str]) -> bool:
    """Tell whether a command line needs the database or the broker."""
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    return len(arguments) > 1 and not asks_for_help and arguments[1] not in WITHOUT_SERVERS
