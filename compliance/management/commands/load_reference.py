from typing import Any

from django.core.management.base import BaseCommand

from compliance.scenarios.ground import REFERENCE


class Command(BaseCommand):
    help = (
        "Write the rows of the catalogue, the regimes and the laws that are missing; leave the others alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, load in REFERENCE:
            entered = load()
            self.stdout.write(f"{name}: {entered.created} written, {entered.kept} left as they were.")
