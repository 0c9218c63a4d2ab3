"""Gates 3 to 5: what counsel said, what authority the sale stands on, what the owners want."""

from datetime import date

from django.utils.translation import gettext as _

from hosting.liquidation.gates import passing
from hosting.liquidation.models import Liquidation, ScopeItem
from kit.accounts.models import User
from kit.errors import Refusal


def record_review(
    case: Liquidation, *, by: User | None, on_day: date, evidence: str, counsel: str = ""
) -> None:
    """Note that counsel has reviewed the case, with the memo as evidence."""
    with passing(case, "record_review", on_day=on_day, by=by, evidence=evidence) as passage:
        passage.detail = {"counsel": counsel}


def record_authority(
    case: Liquidation,
    *,
    by: User | None,
    on_day: date,
    evidence: str,
    authority: str,
    ends_on: date | None = None,
) -> None:
    """Note on what authority the sale stands and the day from which it no longer does; no day is no end.

    Raises: Refusal for an authority without a name, or one that has ended already.
    """
    with passing(case, "record_authority", on_day=on_day, by=by, evidence=evidence) as passage:
        if not authority.strip():
            raise Refusal(
                _(
                    "Name the authority: a licence with its number, an exemption, or “none needed” as "
                    "counsel wrote."
                ),
                where=case.number,
            )
        if ends_on is not None and ends_on <= on_day:
            raise Refusal(
                _("The authority ended on %(day)s already.") % {"day": ends_on.isoformat()}, where=case.number
            )
        passage.changes = {"authority": authority.strip(), "authority_ends_on": ends_on}
        passage.detail = {"authority": authority.strip(), "ends_on": ends_on.isoformat() if ends_on else None}


def close_elections(
    case: Liquidation, *, by: User | None, on_day: date, evidence: str, answered: int | None = None
) -> None:
    """End the time in which owners choose; without a number of answers it stays unknown.

    Raises: Refusal for more answers than owners.
    """
    with passing(case, "close_elections", on_day=on_day, by=by, evidence=evidence) as passage:
        owners = ScopeItem.objects.filter(case=case).values("party_id").distinct().count()
        if answered is not None and not 0 <= answered <= owners:
            raise Refusal(
                _("%(answered)d answers of %(owners)d owners cannot be.")
                % {"answered": answered, "owners": owners},
                where=case.number,
            )
        passage.detail = {"owners": owners, "answered": answered}
