import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.exposure.reads import measure
from compliance.exposure.show import exposure_json, exposure_lines
from compliance.exposure.values import DIMENSIONS
from kit.asof import parse_day
from kit.errors import Refusal


class Command(BaseCommand):
    help = "What our machines touch on a day: machines, MW, TH/s, value and owners, with the reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--known-on", metavar="YYYY-MM-DD", help="judge by the lists of another day")
        parser.add_argument("--by", choices=DIMENSIONS, default="")
        parser.add_argument(
            "--site", action="append", metavar="CODE", help="only this site; may be given again"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known_on = parse_day(options["known_on"]) if options["known_on"] else None
            exposure = measure(parse_day(options["as_of"]), options["site"], known_on=known_on)
            if options["json"]:
                value = exposure_json(exposure, options["by"])
                self.stdout.write(json.dumps(value, indent=2, ensure_ascii=False))
            else:
                self.stdout.write("\n".join(exposure_lines(exposure, options["by"])))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
