import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.telemetry.collecting import Collector, bodies, checked_url, send, sleep_until_next, with_pyasic
from kit.errors import Refusal


class Command(BaseCommand):
    help = "Ask the miners of a subnet with pyasic and send what they answer to a Pithead."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("subnet", help="for example 10.0.1.0/24")
        parser.add_argument("--url", required=True, help="address of Pithead")
        parser.add_argument("--token", help="API token of a user who may write readings; or PITHEAD_TOKEN")
        parser.add_argument("--every", type=float, default=0, help="seconds between rounds; 0 asks once")
        parser.add_argument("--batch", type=int, default=500, help="readings a batch")

    def handle(self, *args: Any, **options: Any) -> None:
        token = options["token"] or os.environ.get("PITHEAD_TOKEN", "")
        if not token:
            raise CommandError("Give a token by --token or PITHEAD_TOKEN.")
        try:
            url = checked_url(options["url"])
            collector = Collector(options["subnet"], with_pyasic())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        while True:
            started = time.monotonic()
            self._round(collector, url, token, max(1, options["batch"]), stops=not options["every"])
            if not options["every"]:
                return
            sleep_until_next(started, options["every"])

    def _round(self, collector: Collector, url: str, token: str, size: int, *, stops: bool) -> None:
        one = collector.ask()
        self.stdout.write(f"{len(one.answers)} answered, {len(one.silent)} silent.")
        for body in bodies(one, size, time.time()):
            try:
                counts = send(url, token, body)
            except Refusal as refusal:
                if stops:
                    raise CommandError(str(refusal)) from None
                self.stderr.write(str(refusal))  # the next round sends the next readings
                continue
            names = ("accepted", "known", "refused", "unknown")
            self.stdout.write(", ".join(f"{counts.get(name)} {name}" for name in names))
