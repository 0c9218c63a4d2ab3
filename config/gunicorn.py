"""What gunicorn is told beside its command line: workers share what was loaded before they were forked."""

import gc
from typing import Any


def when_ready(_server: Any) -> None:
    """Load what the first requests would, then take everything out of the collector's rounds.

    What is loaded here is shared by the workers; what is frozen here is neither copied nor looked through.
    """
    import redis  # noqa: F401 - by the cache

    import config.urls  # noqa: F401 - by the first request

    gc.collect()
    gc.freeze()
