from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance.scenarios.logins import demonstration_logins
from compliance.scenarios.main_job import Outcome, Stuck, do_main_job
from kit.errors import Refusal


class Command(BaseCommand):
    help = "Do an operator's whole job on the founding incidents and print what it found."

    def handle(self, *args: Any, **options: Any) -> None:
        logins = demonstration_logins()
        try:
            outcomes = do_main_job(self._tell)
        except (Refusal, Stuck) as stop:
            raise CommandError(str(stop)) from None
        self._table(outcomes)
        self.stdout.write("\nLog-ins (generated; kept for you only in logins.json below var/):")
        for login in logins:
            self.stdout.write(f"  {login.username:<12} {login.password:<20} {login.role.replace('_', ' ')}")
        self.stdout.write(
            "\nPages: /admin/  /admin/exposure/?as_of=2022-04-20  /portal/  /api/docs/\n"
            "What no source gives is synthetic and marked so on every page and paper."
        )
        failed = [outcome.step for outcome in outcomes if not outcome.holds]
        if failed:
            raise CommandError(f"These steps did not hold: {'; '.join(failed)}.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _table(self, outcomes: list[Outcome]) -> None:
        wide = max(len(outcome.step) for outcome in outcomes)
        self.stdout.write("")
        for outcome in outcomes:
            self.stdout.write(f"{'✓' if outcome.holds else '✗'} {outcome.step:<{wide}}  {outcome.found}")
