"""The Celery application: workers, beat and everybody who rings for a task use this one."""

import gc
import os
import signal
import sys
from typing import Any

from celery import Celery, signals

from config.runtime.children import die_with_parent
from config.runtime.clients import ensure
from config.runtime.faults import Fault

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pithead")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.import_modules.connect
def _have_servers(**_arguments: Any) -> None:
    """Workers and beat start the embedded servers before they look at the database."""
    try:
        ensure()
    except Fault as fault:
        sys.exit(str(fault))


@signals.worker_before_create_process.connect
def _share_what_is_loaded(**_arguments: Any) -> None:
    """A pool process shares what is loaded before it is forked; see config.gunicorn."""
    gc.collect()
    gc.freeze()


@signals.worker_process_init.connect
def _end_with_the_worker(**_arguments: Any) -> None:
    """A pool process whose worker was killed ends at once; its task goes back to the queue."""
    die_with_parent(signal.SIGKILL)
