"""How one line of a distribution was worked out and that it is counted, from what its statement carries."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hosting.liquidation.models import Basis, Share
from hosting.liquidation.proof import LEAF, Neighbour, leads_to
from hosting.liquidation.statements import path_in
from hosting.portal.scope import Customer
from kit import units
from kit.charts import Step, Waterfall
from kit.look.values import Proof, ProofStep

TITLES = {
    Basis.APPRAISED: _("appraised value"),
    Basis.HASHRATE: _("hashrate"),
    Basis.UNIT: _("number of machines"),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole that a line is a part of.

    Units: cents; weights in the unit of the basis.
    """

    gross_cents: int
    costs_cents: int
    reserves_cents: int
    costs: tuple[str, ...]
    reserves: tuple[str, ...]
    weight: int
    lines: int


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A customer's line with its arithmetic and its way to the published root.

    Units: cents.
    """

    pk: int
    case: str
    number: str
    line: int
    lines: int
    amount_cents: int
    currency: str
    basis: str
    waterfall: Waterfall
    leaf: str
    path: tuple[Neighbour, ...]
    root: str
    issued_on: date
    download_url: str
    origin: str
    is_synthetic: bool

    @property
    def check_url(self) -> str:
        """The page that recomputes this line."""
        return reverse("portal:check", args=[self.pk])

    @property
    def digest(self) -> bytes:
        """The hash of the line, computed from its text."""
        return hashlib.sha256(LEAF + self.leaf.encode()).digest()

    @property
    def holds(self) -> bool:
        """Whether the line says what the share says, and leads to the case's root."""
        said = json.loads(self.leaf or "{}")
        is_same = (said.get("line"), said.get("amount_cents")) == (self.line, self.amount_cents)
        return is_same and leads_to(self.digest, self.path, self.root)

    @property
    def proof(self) -> Proof:
        """The same as the look draws it, with a code that opens the check on another device."""
        return Proof(
            leaf=self.digest.hex(),
            steps=[ProofStep(step.side, step.digest) for step in self.path],
            root=self.root,
            amount_cents=self.amount_cents,
            currency=self.currency,
            check_url=f"{self.origin}{self.check_url}",
            published=units.format_date(self.issued_on),
        )


def checked_lines(customer: Customer, *, origin: str, **wanted: object) -> list[CheckedLine]:
    """The customer's lines that have a statement, each with all it takes to check it, in one query."""
    found = customer.shares_with_totals().filter(statement__isnull=False, **wanted)
    found = found.select_related("case", "party", "statement__document").defer("statement__document__content")
    return [_checked(share, origin) for share in found.order_by("case", "line")]


def _checked(share: Share, origin: str) -> CheckedLine:
    case, document = share.case, share.statement.document
    totals = _totals(share)
    part = units.share(share.weight, totals.weight, 6).text
    basis = gettext("Shared by {basis}: yours is {part} of the whole.")
    return CheckedLine(
        pk=share.pk,
        case=case.number,
        number=str(share),
        line=share.line,
        lines=totals.lines,
        amount_cents=share.amount_cents,
        currency=case.currency,
        basis=basis.format(basis=TITLES[Basis(case.basis)], part=part),
        waterfall=waterfall_of(share, totals),
        leaf=str(document.sources.get("leaf", "")),
        path=tuple(path_in(document)),
        root=case.proof_root,
        issued_on=share.statement.issued_on,
        download_url=reverse("portal:paper", args=[share.statement.pk]),
        origin=origin,
        is_synthetic=case.is_synthetic or document.is_synthetic,
    )


def _totals(share: Share) -> Totals:
    found = vars(share)  # annotated by the scope, which the type of a row cannot know
    return Totals(
        gross_cents=found["gross"],
        costs_cents=found["costs"],
        reserves_cents=found["reserves"],
        costs=tuple(found["cost_labels"]),
        reserves=tuple(found["reserve_labels"]),
        weight=found["whole_weight"],
        lines=found["lines"],
    )


def part_of(cents: int, weight: int, whole: int) -> int:
    """A line's part of a sum, cut down to whole cents; what is cut is shown as rounding."""
    return cents * weight // whole if whole else 0


def waterfall_of(share: Share, totals: Totals) -> Waterfall:
    """From the line's part of the sale price to its share, to the cent."""
    gross, costs, reserves = (
        part_of(cents, share.weight, totals.weight)
        for cents in (totals.gross_cents, totals.costs_cents, totals.reserves_cents)
    )
    rounding = share.amount_cents - (gross - costs - reserves)
    sold = ngettext("one machine", "{count} machines", share.machines).format(count=share.machines)
    steps = [Step(gettext("Your part of the sale price"), gross, "start", sold)]
    if totals.costs:
        steps.append(Step(gettext("Your part of the costs"), -costs, "cost", _listed(totals.costs)))
    if totals.reserves:
        reasons = _listed(totals.reserves)
        note = gettext("{reasons}; what is left of it is shared out later").format(reasons=reasons)
        steps.append(Step(gettext("Kept back for later claims"), -reserves, "aside", note))
    if rounding:
        note = gettext("parts are cut to whole cents, left-over cents go by rank of the remainder")
        steps.append(Step(gettext("Rounding"), rounding, "cost", note))
    steps.append(Step(gettext("Your share"), share.amount_cents, "end", str(share)))
    return Waterfall(gettext("How it was worked out"), share.case.currency, tuple(steps))


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(labels))
