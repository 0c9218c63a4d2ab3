from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.lists.sources import LISTS
from compliance.lists.verbs import load_version
from compliance.screening.verbs import screen_parties
from kit.asof import parse_day
from kit.errors import Refusal
from kit.jobs.verbs import enqueue


class Command(BaseCommand):
    help = "Load one edition of a published list and screen every party against it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("list", choices=[row.code for row in LISTS])
        parser.add_argument("published_on", metavar="YYYY-MM-DD")
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--excerpt", action="store_true", help="the files name only some of the parties")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_version(
                options["list"],
                parse_day(options["published_on"]),
                {path.name: self._content(path) for path in options["files"]},
                is_excerpt=options["excerpt"],
                by=None,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        matches = screen_parties()
        said = "was loaded before" if not loaded.is_new else f"{loaded.opened} listed, {loaded.ended} ended"
        self.stdout.write(
            f"{loaded.version}: {loaded.version.entries} entries, {said}; {len(matches)} new matches."
        )
        if loaded.is_new or matches:
            enqueue("compliance.run_findings", "Findings after a list was loaded", by=None)

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
