from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.scenarios.verbs import SCENARIOS, Loaded, load_seeds
from kit.errors import Refusal


class Command(BaseCommand):
    help = "Load the founding incidents; what is there stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        names = ", ".join(scenario.name for scenario in SCENARIOS)
        parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"all if none is named: {names}")
        parser.add_argument("--scale", type=int, help="machines of china-exodus-2021 in all, up to 2,000,000")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_seeds(
                options["scenarios"], scale=options["scale"], tell=self._tell(options["verbosity"])
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{'':24}{'facts':>7}{'unknown':>9}{'rows from':>12}{'synthetic':>12}{'new':>12}")
        self.stdout.write(f"{'scenario':24}{'':7}{'':9}{'sources':>12}{'rows':>12}{'rows':>12}")
        for row in loaded.rows:
            self.stdout.write(_line(row))
        self.stdout.write(f"{loaded.new_matches:,} new matches with listed parties.")

    def _tell(self, verbosity: int) -> Callable[[str], None]:
        def tell(line: str) -> None:
            # The name of a scenario alone is told only when asked for; progress is told always.
            if verbosity > 1 or ":" in line:
                self.stderr.write(line)

        return tell


def _line(row: Loaded) -> str:
    counts = f"{row.from_sources:12,}{row.synthetic:12,}{row.new:12,}"
    return f"{row.name:24}{row.facts:7,}{row.facts_unknown:9,}{counts}"
