"""Addresses of the database and the broker: yours from the environment, else the embedded servers'."""

import os
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from config.runtime.faults import DATABASE_FORM, REDIS_FORM, Fault
from config.runtime.places import socket_folder

DATABASE_NAME = "pithead"
DATABASE_USER = "pithead"


def database_url() -> str:
    """Return DATABASE_URL, or the address of the embedded PostgreSQL; starts nothing."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    return f"postgresql://{DATABASE_USER}@/{DATABASE_NAME}?host={quote(str(socket_folder()), safe='')}"


def redis_url() -> str:
    """Return REDIS_URL, or the address of the embedded Redis, as redis-py reads it; starts nothing.

    Raises: Fault when REDIS_URL is not the address of a Redis.
    """
    given = os.environ.get("REDIS_URL")
    if given and not given.startswith(("redis://", "rediss://", "unix://")):
        raise Fault(
            f"REDIS_URL is not the address of a Redis: write it as {REDIS_FORM},"
            " or unset it to use the embedded server."
        )
    return given or f"unix://{socket_folder() / 'redis.sock'}?db=0"


def broker_url() -> str:
    """Return the address of the same Redis as Celery reads it."""
    url = redis_url()
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    database = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database}"


def django_database(url: str) -> dict[str, Any]:
    """Return the entry for Django's DATABASES that stands for a PostgreSQL URL.

    Shape: query parameters other than `host` and `port` become OPTIONS (`sslmode`, `application_name`...).
    Raises: Fault when the URL is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise Fault(
            f"DATABASE_URL is not the address of a PostgreSQL database: write it as {DATABASE_FORM},"
            " or unset it to use the embedded server."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(options.pop("port", port or "")),
        "OPTIONS": options,
    }
