from typing import Any

from django.core.management.base import BaseCommand

from fleet.telemetry.verbs import keep_partitions


class Command(BaseCommand):
    help = "Make the daily partitions of readings ahead of time and drop those past READINGS_RETENTION_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        made, dropped = keep_partitions()
        self.stdout.write(
            f"{made} made, {len(dropped)} dropped{': ' + ', '.join(dropped) if dropped else '.'}"
        )
