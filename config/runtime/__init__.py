"""What Pithead needs under its feet: a database, a broker and keys, its own where none are given.

`DATABASE_URL` and `REDIS_URL` name servers of yours. Without them the project runs a PostgreSQL and a
Redis of its own on unix sockets below `var/`. Everything here but `ensure` and `reach` only computes:
importing the settings starts nothing.
"""

from config.runtime.clients import ensure
from config.runtime.explain import reach
from config.runtime.faults import Fault
from config.runtime.keys import field_keys, secret_key
from config.runtime.places import var_folder
from config.runtime.urls import broker_url, database_url, django_database, redis_url

__all__ = [
    "Fault",
    "broker_url",
    "database_url",
    "django_database",
    "ensure",
    "field_keys",
    "reach",
    "redis_url",
    "secret_key",
    "var_folder",
]
