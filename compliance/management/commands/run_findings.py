from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.findings.reads import open_findings
from compliance.findings.verbs import run_findings
from kit.asof import parse_day
from kit.errors import Refusal


class Command(BaseCommand):
    help = "Judge the facts of today and reconcile the findings; prints what is open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", metavar="YYYY-MM-DD", help="a day not before the last run; today if not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = run_findings(parse_day(options["as_of"]) if options["as_of"] else None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        counts = f"{done.opened} opened, {done.standing} standing, {done.resolved} resolved"
        self.stdout.write(f"{counts}, {done.holds} holds placed.")
        for row in open_findings().order_by("standing", "-power_w"):
            self.stdout.write(f"{row}  {row.get_standing_display():<24} {row.rule:<24} {row.subject_name}")
