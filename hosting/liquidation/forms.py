"""The forms of a case: one per gate, and those that record what happens between gates."""

from typing import Any

from hosting.liquidation.fields import ActForm
from hosting.liquidation.open_form import OpenForm
from hosting.liquidation.page import CasePage
from hosting.liquidation.record_forms import RECORD_FORMS
from hosting.liquidation.sale_forms import Appraise, ApproveSale, ClearBuyer, ConfirmProceeds
from hosting.liquidation.scope_forms import (
    CloseElections,
    FreezeScope,
    HoldSite,
    RecordAuthority,
    RecordReview,
)
from hosting.liquidation.share_forms import CloseCase, Distribute, PayOut
from kit.accounts.models import User

GATE_FORMS: tuple[type[ActForm], ...] = (
    FreezeScope,
    HoldSite,
    RecordReview,
    RecordAuthority,
    CloseElections,
    ClearBuyer,
    Appraise,
    ApproveSale,
    ConfirmProceeds,
    Distribute,
    PayOut,
    CloseCase,
)
FORMS: dict[str, type[ActForm]] = {form.verb: form for form in (*GATE_FORMS, *RECORD_FORMS)}

__all__ = ["FORMS", "OpenForm", "record_forms", "step_form"]


def step_form(page: CasePage, bound: ActForm | None = None) -> ActForm | None:
    """The form of the gate the case stands before; none while a worker is at it or once it is closed."""
    kind = next((form for form in GATE_FORMS if page.case.status in form.statuses), None)
    if kind is None or page.is_working or not page.is_now:
        return None
    return bound if bound is not None and bound.verb == kind.verb else kind(page)


def record_forms(page: CasePage, reader: User, bound: ActForm | None = None) -> list[ActForm]:
    """The forms that may be used besides the gate's, by somebody whose role has their act."""
    if not page.is_now:
        return []
    found: list[Any] = []
    for kind in RECORD_FORMS:
        if page.case.status not in kind.statuses or not reader.may(kind.needs_act):
            continue
        form = bound if bound is not None and bound.verb == kind.verb else kind(page)
        if not form.why_not():
            found.append(form)
    return found
