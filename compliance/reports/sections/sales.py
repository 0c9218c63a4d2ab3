"""Liquidations as they stood at the end of the day: money, owners by class, gates."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.reports.parts import GateRow, MoneyStep, OwnerClass, Sale
from compliance.reports.sections.scope import Scope
from hosting.liquidation.models import (
    Cost,
    Gate,
    Liquidation,
    Offer,
    Receipt,
    Reserve,
    ScopeItem,
    Share,
    ShareStatus,
)
from hosting.liquidation.steps import BY_VERB, GATES
from kit.asof import end_of


def build_sales(scope: Scope) -> tuple[Sale, ...]:
    """Every case opened by the day at a site in scope."""
    cases = Liquidation.objects.filter(site__in=scope.sites, opened_at__lt=end_of(scope.day)).select_related(
        "site"
    )
    return tuple(_sale(case, scope.day) for case in cases.order_by("number"))


def _sale(case: Liquidation, day: date) -> Sale:
    gates = {gate.verb: gate.passed_on for gate in Gate.objects.filter(case=case, passed_on__lte=day)}
    items = ScopeItem.objects.filter(case=case).aggregate(
        machines=Count("pk"),
        watts=Sum("power_w"),
        owners=Count("party", distinct=True),
        value=Sum("appraised_cents"),
    )
    is_scoped = "freeze_scope" in gates
    classes = _classes(case, day) if "allocate" in gates else ()
    reached = [gate for gate in GATES if gate.verb in gates]
    return Sale(
        number=case.number,
        title=case.title,
        site=case.site.name,
        status=_state(reached[-1].verb if reached else ""),
        currency=case.currency,
        machines=items["machines"] if is_scoped else 0,
        power_w=(items["watts"] or 0) if is_scoped else 0,
        owners=items["owners"] if is_scoped else 0,
        steps=_steps(case, day, items["value"] if "appraise" in gates else None, classes),
        classes=classes,
        gates=tuple(GateRow(str(gate.title), gates.get(gate.verb)) for gate in GATES),
        proof_root=case.proof_root if "allocate" in gates else "",
        is_synthetic=case.is_synthetic,
    )


def _state(verb: str) -> str:
    return _("opened") if not verb else _("gate “%(gate)s” passed") % {"gate": BY_VERB[verb].title}


def _classes(case: Liquidation, day: date) -> tuple[OwnerClass, ...]:
    """Owners by what had become of their share by the day."""
    paid = Q(payout__paid_on__lte=day)
    labels = (
        ("paid", _("Paid"), paid),
        ("due", _("To be paid"), ~paid & ~Q(status=ShareStatus.SET_ASIDE)),
        ("set_aside", _("Set aside: owner on hold"), ~paid & Q(status=ShareStatus.SET_ASIDE)),
    )
    found = []
    for code, label, which in labels:
        sums = Share.objects.filter(which, case=case).aggregate(
            owners=Count("pk"), machines=Sum("machines"), cents=Sum("amount_cents")
        )
        if sums["owners"]:
            found.append(OwnerClass(code, label, sums["owners"], sums["machines"], sums["cents"]))
    return tuple(found)


def _steps(
    case: Liquidation, day: date, appraised_cents: int | None, classes: Iterable[OwnerClass]
) -> tuple[MoneyStep, ...]:
    """From the appraised value, where there is one, to what owners have received."""
    received = sum(Receipt.objects.filter(case=case, on_day__lte=day).values_list("amount_cents", flat=True))
    if not received:
        return ()
    steps = []
    if appraised_cents is None:
        steps.append(MoneyStep(_("Proceeds received"), received, "start"))
    else:
        steps.append(MoneyStep(_("Appraised value"), appraised_cents, "start"))
        steps.append(MoneyStep(_("Sold under its appraisal"), received - appraised_cents, "cost"))
        steps.append(MoneyStep(_("Proceeds received"), received, "subtotal", _offer(case)))
    left = received
    for kind, label in ((Cost, "%(label)s"), (Reserve, _("Reserve: %(label)s"))):
        for row in kind.objects.filter(case=case, on_day__lte=day).order_by("id"):
            steps.append(MoneyStep(label % {"label": row.label}, -row.amount_cents, "cost"))
            left -= row.amount_cents
    steps.append(MoneyStep(_("Distributable"), left, "subtotal"))
    by_code = {row.status: row for row in classes}
    for code, tone in (("set_aside", "blocked"), ("due", "review")):
        if group := by_code.get(code):
            owners = ngettext("%(count)s owner", "%(count)s owners", group.owners)
            owners %= {"count": f"{group.owners:,}"}
            steps.append(MoneyStep(group.label, -group.amount_cents, "aside", owners, tone))
    if by_code:
        paid = by_code["paid"].amount_cents if "paid" in by_code else 0
        steps.append(MoneyStep(_("Paid out"), paid, "end"))
    return tuple(steps)


def _offer(case: Liquidation) -> str:
    offer = Offer.objects.filter(case=case, accepted_on__isnull=False).first()
    return _("accepted on %(day)s") % {"day": offer.accepted_on} if offer else ""
