import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from compliance.checklist.templates import TEMPLATES
from compliance.checklist.verbs import run_checklist
from compliance.exposure.show import standing_name
from fleet.sites.models import Site
from kit.asof import parse_day
from kit.errors import Refusal


class Command(BaseCommand):
    help = "Judge a checklist at a site as of a day and keep the result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("site", metavar="CODE")
        parser.add_argument("--template", choices=[row.code for row in TEMPLATES], default="post-raid")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="today if not given")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(code=options["site"]).first()
        if site is None:
            raise CommandError(f"There is no site with the code {options['site']}.")
        try:
            day = parse_day(options["as_of"]) if options["as_of"] else timezone.now().date()
            run = run_checklist(options["template"], site, day, by=None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps(run.result, indent=2, ensure_ascii=False))
            return
        self.stdout.write(str(run))
        for item in run.result["items"]:
            self.stdout.write(f"{item['title']}: {standing_name(item['state'])}")
            for line in item["lines"]:
                self.stdout.write(f"  {line['done']} of {line['whole']}  {line['text']}")
            for missing in item["missing"]:
                self.stdout.write(f"  missing: {missing}")
