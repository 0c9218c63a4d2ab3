import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hosting.liquidation.checks import check_ledger
from kit.units import format_money

SHOWN = 20


class Command(BaseCommand):
    help = "Re-add the ledger and every case from their lines; status 1 if a cent is off."

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_ledger()
        counted = _("%(entries)d entries, %(postings)d postings, %(cases)d cases re-added.") % vars(report)
        self.stdout.write(counted)
        for currency, cents in sorted(report.debit_cents.items()):
            self.stdout.write(
                _("Debits in %(currency)s: %(sum)s.")
                % {"currency": currency, "sum": format_money(cents, currency)}
            )
        if report.holds:
            self.stdout.write(self.style.SUCCESS(_("The books add up: no difference found.")))
            return
        self.stderr.write(
            self.style.ERROR(_("THE BOOKS DO NOT ADD UP: %(count)d faults.") % {"count": len(report.faults)})
        )
        for fault in report.faults[:SHOWN]:
            self.stderr.write(self.style.ERROR(f"  {fault.sentence}"))
        if len(report.faults) > SHOWN:
            self.stderr.write(_("  and %(count)d more.") % {"count": len(report.faults) - SHOWN})
        sys.exit(1)
