"""Rules of law that are not about a territory, and the deadlines that follow from them."""

from datetime import date

from compliance.territory.facts import LawRow
from compliance.territory.sanctions_law import SANCTIONS_LAW
from compliance.territory.trade_law import TRADE_LAW
from compliance.territory.work_law import WORK_LAW
from kit.calendar import business_days_after

LAWS: tuple[LawRow, ...] = SANCTIONS_LAW + WORK_LAW + TRADE_LAW


def law_on(code: str, as_of: date) -> LawRow | None:
    """What is recorded of a rule on a day; none before its first row."""
    return next((row for row in LAWS if row.code == code and row.is_current(as_of)), None)


def blocking_report_due_on(blocked_on: date) -> date:
    """The last day to report blocked property: ten business days.

    Source: 31 CFR 501.603(b)(1).
    """
    return business_days_after(blocked_on, 10)


def annual_report_due_on(held_on: date) -> date | None:
    """When property held on 30 June is reported, by 30 September; none for any other day.

    Source: 31 CFR 501.603(b)(2).
    """
    return date(held_on.year, 9, 30) if (held_on.month, held_on.day) == (6, 30) else None
