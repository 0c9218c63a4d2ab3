"""When a recorded work authorisation ends, with the automatic extensions of renewals as dated rows."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

_EXTENDED = "A03 A05 A07 A08 A10 A17 A18 C08 C09 C10 C16 C20 C22 C24 C26 C31"
EXTENDED_CATEGORIES = frozenset(_EXTENDED.split())
"""Categories whose timely renewals were extended. Source: 8 CFR 274a.13(d)."""

CAPPED_BY_ADMISSION = frozenset({"A17", "A18", "C26"})
"""Spouses whose extension ends with the admit-until date at the latest."""

BY_NOTICE = frozenset({"A12", "C19"})
"""Temporary protected status: extended by notice in the Federal Register only."""

STEM_OPT = "C03C"
BEFORE_STEM_OPT = frozenset({"C03B", "C03C"})
"""What a holder of post-completion training may hold when filing for the STEM extension."""


@dataclass(frozen=True)
class ExtensionRow:
    """By how many days a renewal filed in a period extends the authorisation.

    Shape: `filed_to` is the last day of filing, or none while the row stands.
    """

    filed_from: date | None
    filed_to: date | None
    days: int
    authority: str
    confidence: str


EXTENSIONS: tuple[ExtensionRow, ...] = (
    ExtensionRow(date(2017, 1, 17), date(2022, 5, 3), 180, "8 CFR 274a.13(d) as of 2017-01-17", "medium"),
    ExtensionRow(date(2022, 5, 4), date(2023, 10, 26), 540, "Temporary final rule of 2022-05-04", "high"),
    ExtensionRow(date(2023, 10, 27), date(2025, 1, 12), 540, "Temporary final rule of 2024-04-08", "high"),
    ExtensionRow(date(2025, 1, 13), date(2025, 10, 29), 540, "Final rule of 2025-01-13", "medium"),
    ExtensionRow(date(2025, 10, 30), None, 0, "FR Doc 2025-19702, 8 CFR 274a.13(e)", "high"),
)
STEM_OPT_EXTENSION = ExtensionRow(None, None, 180, "8 CFR 274a.12(b)(6)(iv)", "high")


@dataclass(frozen=True)
class AuthorisationEnd:
    """The last day of a recorded authorisation and the authority it rests on.

    Shape: `is_certain` is false where something not recorded here could still extend it.
    """

    ends_on: date
    basis: str
    source: str
    confidence: str
    is_certain: bool = True


def ead_category(text: str) -> str:
    """The category code of a card in one spelling: `(c)(8)`, `C8` and `c08` are all `C08`."""
    found = re.fullmatch(r"([ACac])0*(\d{1,2})([A-Za-z]?)", re.sub(r"[()\s-]", "", text))
    if found is None:
        return text.strip().upper()
    return f"{found[1].upper()}{int(found[2]):02}{found[3].upper()}"


def authorisation_end(
    card_ends_on: date,
    *,
    category: str = "",
    renewal_filed_on: date | None = None,
    renewal_category: str = "",
    renewal_decided_on: date | None = None,
    admit_until_on: date | None = None,
) -> AuthorisationEnd:
    """A renewal filed in time and in the same category extended the card, if filed before 2025-10-30.

    Source: 8 CFR 274a.13(d) and (e); the rows of EXTENSIONS.
    """
    plain = AuthorisationEnd(card_ends_on, _("the recorded end date"), "8 CFR 274a.2(b)(1)", "high")
    if renewal_filed_on is None or renewal_filed_on > card_ends_on:
        return plain
    held, renewed = ead_category(category), ead_category(renewal_category)
    if held in BY_NOTICE:
        basis = _("the recorded end date; a notice in the Federal Register may extend it")
        return AuthorisationEnd(card_ends_on, basis, "8 CFR 244.12", "medium", is_certain=False)
    row = extension_row(held, renewed or held, renewal_filed_on)
    if row is None or row.days == 0:
        return plain
    if not renewed:
        basis = _("the recorded end date; the category of the renewal is not recorded")
        return AuthorisationEnd(card_ends_on, basis, row.authority, "low", is_certain=False)
    if held in CAPPED_BY_ADMISSION and admit_until_on is None:
        basis = _("the recorded end date; the admit-until date that limits the extension is not recorded")
        return AuthorisationEnd(card_ends_on, basis, row.authority, "low", is_certain=False)
    ends_on = card_ends_on + timedelta(days=row.days)
    if held in CAPPED_BY_ADMISSION and admit_until_on is not None:
        ends_on = min(ends_on, admit_until_on)
    # The extension lasts "up to" so many days: a decision on the renewal ends it.
    if renewal_decided_on is not None:
        ends_on = min(ends_on, renewal_decided_on)
    basis = _("the recorded end date with the renewal's automatic extension of up to %(days)d days")
    return AuthorisationEnd(
        max(ends_on, card_ends_on), basis % {"days": row.days}, row.authority, row.confidence
    )


def extension_row(held: str, renewed: str, filed_on: date) -> ExtensionRow | None:
    """The row that governs a renewal from one category to another filed on this day, if any does."""
    if renewed == STEM_OPT and held in BEFORE_STEM_OPT:
        return STEM_OPT_EXTENSION
    if renewed != held or held not in EXTENDED_CATEGORIES:
        return None
    in_force = (
        row for row in EXTENSIONS if (row.filed_from or date.min) <= filed_on <= (row.filed_to or date.max)
    )
    return next(in_force, None)
