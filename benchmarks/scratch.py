"""`python -m benchmarks.scratch NAME`: run a benchmark in a database made for it and dropped after it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from config import runtime
from config.runtime.places import PROJECT


def main() -> int:
    """Run the named benchmark with an empty, migrated database of its own; returns its status."""
    name, *arguments = sys.argv[1:]
    with scratch(f"bench_{name}_{os.getpid()}") as address:
        env = os.environ | {"DATABASE_URL": address}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=PROJECT, env=env, check=True)
        measure = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        return subprocess.run(measure, cwd=PROJECT, env=env, check=False).returncode


@contextmanager
def scratch(name: str) -> Iterator[str]:
    """The address of a new database on the server in use; dropped at the end, whoever is connected."""
    runtime.ensure()
    address = runtime.database_url()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'create database "{name}"')
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            server.execute(f'drop database if exists "{name}" with (force)')


if __name__ == "__main__":
    sys.exit(main())
