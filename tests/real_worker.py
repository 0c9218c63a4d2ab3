"""A real Celery worker on the database of a test, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis
from celery import current_app
from django.db import connection

from config import runtime
from kit.jobs.models import Job
from kit.jobs.tasks import run_job

PATIENCE_S = 90
# A database of the broker that nothing else uses, each process of the suite its own.
TESTS_REDIS = 15 - int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 10
RESTORE_AFTER_S = 4
PROJECT = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """The address of the database this test runs in, for another process."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    user = quote(str(found["USER"])) + (f":{quote(str(found['PASSWORD']))}" if found["PASSWORD"] else "")
    return f"postgresql://{user}@/{found['NAME']}?host={host}" + (
        f"&port={found['PORT']}" if found["PORT"] else ""
    )


def redis_url() -> str:
    url = runtime.redis_url()
    if url.startswith("unix://"):
        return url.partition("?")[0] + f"?db={TESTS_REDIS}"
    return (
        url.rstrip("/").rpartition("/")[0] + f"/{TESTS_REDIS}"
        if url.count("/") > 2
        else f"{url}/{TESTS_REDIS}"
    )


def broker_url() -> str:
    url = redis_url()
    return (
        f"redis+socket://{url[7:].partition('?')[0]}?virtual_host={TESTS_REDIS}"
        if url.startswith("unix")
        else url
    )


@contextmanager
def worker(log: Path, *, at_once: int = 1) -> Iterator["subprocess.Popen[bytes]"]:
    """A real Celery worker on this test's database and broker, killed at the latest when the test leaves."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url(),
        "CELERY_VISIBILITY_TIMEOUT": str(RESTORE_AFTER_S),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", str(at_once)]
    command += ["--loglevel", "INFO", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    with log.open("ab") as out:
        started = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=out)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGKILL)
        started.wait(20)


def comes_true(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()[-3_000:]
        time.sleep(0.02)


def forget_rings() -> None:
    """Empty the broker's database of tests."""
    redis.Redis.from_url(redis_url()).flushdb()


def ring(job: Job) -> None:
    """Ring for a job where only a worker of this module listens."""
    with current_app.connection_for_write(broker_url()) as ringing:
        run_job.apply_async(args=[job.pk], connection=ringing)
