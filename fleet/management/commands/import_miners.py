from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.imports import verbs
from fleet.imports.models import BatchStatus, ImportBatch
from fleet.imports.reads import refused_lines
from fleet.imports.tasks import outcome_of
from kit.errors import Refusal

CHUNK = 1 << 20


class Command(BaseCommand):
    help = "Say per line what a CSV or XLSX file of miners would do; with --apply, do exactly that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="carry the plan out")
        parser.add_argument(
            "--accept-overcommitment",
            metavar="REASON",
            default="",
            help="apply although more would be installed than is energized, for this reason",
        )
        parser.add_argument("--lines", type=int, default=20, help="how many lines to print of each kind")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = self._planned(options["file"])
            if batch.status == BatchStatus.REFUSED:
                raise CommandError(f"{batch.refusal} Nothing was imported.")
            self._print(batch, options["lines"])
            if options["apply"]:
                reason = options["accept_overcommitment"]
                verbs.apply(
                    batch,
                    token=batch.token,
                    by=None,
                    accept_overcommitment=bool(reason),
                    reason=reason,
                )
                self.stdout.write(f"Applied: {batch.creates:,} new, {batch.updates:,} changed.")
            else:
                verbs.discard(batch, by=None)
                self.stdout.write("Nothing was changed. Add --apply to do this.")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None

    def _planned(self, path: Path) -> ImportBatch:
        try:
            with path.open("rb") as file:
                batch = verbs.receive(path.name, iter(lambda: file.read(CHUNK), b""), by=None)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        return verbs.plan(batch, by=None)

    def _print(self, batch: ImportBatch, most: int) -> None:
        for difference in batch.differences[:most]:
            words = ", ".join(
                f"{change['column']} {change['before'] or '–'} → {change['after'] or '–'}"
                for change in difference["changes"]
            )
            verb = "create" if difference["is_new"] else "update"
            self.stdout.write(f"line {difference['line']:>7}  {verb:<7} {difference['serial']}  {words}")
        for refused in refused_lines(batch, most=most):
            for problem in refused.problems:
                at = f", column {problem.column}" if problem.column else ""
                value = f" “{problem.value}”:" if problem.value else ""
                self.stdout.write(f"line {problem.line:>7}  refused{at}:{value} {problem.reason}")
        for warning in batch.warnings:
            self.stdout.write(f"warning: {warning}")
        self.stdout.write(f"{batch.lines:,} lines: {outcome_of(batch)}")
