"""Seeing into one long statement from outside it, and stopping it."""

import threading
from types import TracebackType
from typing import Self

from django.db import OperationalError, connection
from psycopg.errors import QueryCanceled

from kit.jobs.models import Job
from kit.jobs.verbs import Cancelled, progress

EVERY_S = 0.3


class Watch:
    """Tells a job how far its work is while a statement runs, and cancels the statement when somebody asks.

    A thread with a connection of its own does it, for this one is inside the statement and its transaction.
    Without a job there is nobody to tell and no thread; without a counter only what `count` hears is shown.

    Raises: Cancelled where the work was stopped.
    """

    def __init__(self, job: Job | None, counter: str = "") -> None:
        self._job, self._counter = job, counter
        self._said, self._total, self._counted, self._from = "", 0, 0, 0
        self._is_over = threading.Event()
        self._stop_asked = False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._job is not None:
            connection.ensure_connection()
            self._pid = connection.connection.info.backend_pid
            self._thread = threading.Thread(target=self._tell, daemon=True)
            self._thread.start()
        return self

    def say(self, message: str, *, total: int = 0) -> None:
        """Begin a stage of the work; what was counted before is no longer shown."""
        self._said, self._total, self._counted = message, total, 0
        if self._thread is not None:
            self._from = self._in_statement()

    def count(self, done: int) -> None:
        """Count work done in Python, and stop here if that was asked.

        Raises: Cancelled
        """
        self._counted += done
        if self._stop_asked:
            raise Cancelled

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()
        if (
            self._stop_asked
            and isinstance(error, OperationalError)
            and isinstance(error.__cause__, QueryCanceled)
        ):
            raise Cancelled from error

    def _tell(self) -> None:
        try:
            while not self._is_over.wait(EVERY_S):
                self._tell_once()
        finally:
            connection.close()

    def _tell_once(self) -> None:
        assert self._job is not None
        done = self._counted or max(0, self._in_statement() - self._from)
        try:
            progress(self._job, done, total=self._total, message=self._said)
        except Cancelled:
            self._stop_asked = True
            with connection.cursor() as cursor:
                cursor.execute("select pg_cancel_backend(%s)", [self._pid])

    def _in_statement(self) -> int:
        if not self._counter:
            return 0
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(pg_sequence_last_value(to_regclass(%s)), 0)", [self._counter])
            return int(cursor.fetchone()[0])
