"""Ahead of which dates a reminder is due: recommended practice, not law."""

from datetime import date

AUTHORISATION_DAYS = (180, 120, 90, 60, 30, 14, 7, 1, 0)
PASSPORT_DAYS = (240, 180)
RECEIPT_DAYS = (15, 5, 0)
"""Day 75, 85 and 90 of a receipt that holds for 90."""
ATTESTATION_DAYS = (30, 14, 0)


def window_reached(due_on: date, as_of: date, windows: tuple[int, ...]) -> int | None:
    """The narrowest window that a date ahead has entered, in days; none if it is far off or past."""
    days_left = (due_on - as_of).days
    if days_left < 0:
        return None
    return min((days for days in windows if days_left <= days), default=None)
