from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kit.trail.reads import check_trail


class Command(BaseCommand):
    help = "Recompute the hash chain of every recorded act and say whether it holds."

    def handle(self, *args: Any, **options: Any) -> None:
        check = check_trail()
        if not check.holds:
            raise CommandError(f"THE TRAIL IS BROKEN at entry {check.broken_at}: {check.reason}.")
        self.stdout.write(f"The trail holds: {check.length:,} entries, last hash {check.head}.")
