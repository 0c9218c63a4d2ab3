from typing import Any

from django.core.management.base import BaseCommand

from compliance.territory.verbs import load_laws, load_regimes


class Command(BaseCommand):
    help = "Write the dated tables of regimes and laws that are missing; rows that are there are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, entered in (("regimes", load_regimes()), ("laws", load_laws())):
            self.stdout.write(f"{name}: {entered.created} written, {entered.kept} left as they were.")
