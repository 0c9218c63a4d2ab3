"""What libraries say when the outside fails, in one sentence that names the way out."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from config.runtime.faults import DATABASE_FORM, REDIS_FORM, Fault
from config.runtime.places import unwritable, var_folder
from config.runtime.urls import database_url, redis_url

# SQLSTATE classes that mean "no connection": 08 connection, 28 password, 3D no such database, 57P restart.
NO_CONNECTION = ("08", "28", "3D", "57P")
NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)
BROKER_FAULTS = {"ConnectionError", "TimeoutError", "AuthenticationError", "OperationalError"}
LONGEST_REACH_S = 10


def reach() -> None:
    """Connect to the database and the broker once.

    Raises: Fault when one of them cannot be reached.
    """
    import psycopg
    import redis

    try:
        psycopg.connect(database_url(), connect_timeout=LONGEST_REACH_S).close()
        with redis.Redis.from_url(redis_url(), socket_connect_timeout=LONGEST_REACH_S) as broker:
            broker.ping()
    except (psycopg.Error, redis.RedisError) as error:
        raise Fault(explained(error) or str(error)) from error


def explained(error: BaseException) -> str | None:
    """Return the sentence for an error that comes from outside, or None for one of the program's own."""
    for cause in _causes(error):
        if isinstance(cause, Fault):
            return str(cause)
        if isinstance(cause, OSError) and cause.errno in NOT_WRITABLE and _is_ours(cause.filename):
            return str(unwritable(cause.filename, cause))
        origin = type(cause).__module__.split(".")[0]
        if origin == "psycopg" and _is_no_connection(cause):
            return _unreachable("PostgreSQL", "DATABASE_URL", DATABASE_FORM, cause)
        if origin in ("redis", "kombu") and _is_broker_fault(cause):
            return _unreachable("Redis", "REDIS_URL", REDIS_FORM, cause)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _is_ours(filename: object) -> bool:
    """Tell whether a file is below `var/`; what a person named on the command line is another matter."""
    return isinstance(filename, str) and Path(filename).is_relative_to(var_folder())


def _is_no_connection(error: BaseException) -> bool:
    """Tell whether psycopg never got a connection, or lost it; a query's own error has another SQLSTATE."""
    if type(error).__name__ == "ConnectionTimeout":
        return True
    state = getattr(error, "sqlstate", None)
    if state is None:
        return type(error).__name__ == "OperationalError"
    return str(state).startswith(NO_CONNECTION)


def _is_broker_fault(error: BaseException) -> bool:
    return any(kind.__name__ in BROKER_FAULTS for kind in type(error).__mro__)


def _unreachable(server: str, variable: str, form: str, error: BaseException) -> str:
    """Return where the server was looked for (never its password), what it said, and what to do."""
    said = " ".join(str(error).split()) or type(error).__name__
    given = os.environ.get(variable)
    if not given:
        return f"The embedded {server} cannot be reached ({said}): look into var/log, then start again."
    return (
        f"{server} at {_address(given)} cannot be reached ({said}): start it or correct"
        f" {variable}={form}, or unset {variable} to use the embedded server."
    )


def _address(url: str) -> str:
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2] or parts.path
    return f"{where}{parts.path if parts.netloc else ''}"
