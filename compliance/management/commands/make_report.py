import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.reports.models import Report, ReportKind
from compliance.reports.verbs import make_report
from kit.asof import parse_day
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import LIVE, run

PATIENCE_SECONDS = 600


class Command(BaseCommand):
    help = "Make the compliance report of a day, keep it in the library, and write it to a file if asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--compared-with", metavar="YYYY-MM-DD", help="a month earlier if not given")
        parser.add_argument("--sites", nargs="*", default=[], metavar="CODE", help="every site if not given")
        parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the PDF as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the work here; where a worker was faster, wait for it."""
        try:
            compared = parse_day(options["compared_with"]) if options["compared_with"] else None
            job = make_report(
                ReportKind.COMPLIANCE,
                parse_day(options["as_of"]),
                tuple(options["sites"]),
                by=None,
                compared_on=compared,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        run(job.pk)
        self._wait(job)
        report = Report.objects.select_related("document").get(job=job)
        self.stdout.write(f"{report.document.number}  {report.document.size // 1024} kB")
        self.stdout.write(f"SHA-256 of the value  {report.value_sha256}")
        self.stdout.write(f"SHA-256 of the file   {report.document.sha256}")
        if options["out"]:
            self._write(options["out"], bytes(report.document.content))

    def _wait(self, job: Job) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        job.refresh_from_db()
        while job.status in LIVE:
            if time.monotonic() > deadline:
                raise CommandError(f"The job {job.pk} is still {job.status}; look at it in the admin.")
            time.sleep(0.2)
            job.refresh_from_db()
        if job.status != JobStatus.DONE:
            raise CommandError(job.outcome)

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error.strerror}. The report is in the library."
            ) from None
        self.stdout.write(f"written to {path}")
