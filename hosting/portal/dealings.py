"""What a customer reads about sales: the case as far as it concerns owners, their line, what is next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hosting.liquidation.models import CaseStatus, Liquidation, Share, ShareStatus
from hosting.liquidation.steps import BY_VERB, next_gate
from hosting.portal.scope import Customer
from kit.look.values import Gate, GateStanding
from kit.units import format_date

# The gates that concern an owner, in the words of an owner; the others are the operator's work.
STEPS: tuple[tuple[str, Promise], ...] = (
    ("hold_site", _("Site on hold")),
    ("close_elections", _("Choices")),
    ("approve_sale", _("Sale")),
    ("confirm_proceeds", _("Money received")),
    ("issue_statements", _("Statement")),
)
SOLD_FROM = BY_VERB["approve_sale"].number


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One line of a distribution as its owner sees it.

    Units: cents.
    """

    pk: int
    number: str
    party: str
    machines: int
    amount_cents: int
    currency: str
    status: str
    told: str
    statement: int | None
    paper: str
    size: int
    issued_on: date | None

    @property
    def is_set_aside(self) -> bool:
        """Whether it waits for more than its turn."""
        return self.status == ShareStatus.SET_ASIDE

    @property
    def download_url(self) -> str:
        """The statement's bytes; empty until it is issued."""
        return reverse("portal:paper", args=[self.statement]) if self.statement else ""

    @property
    def check_url(self) -> str:
        """The page that recomputes the line's proof; empty until the statement is issued."""
        return reverse("portal:check", args=[self.pk]) if self.statement else ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case with the customer's machines in it, its timeline and the customer's shares."""

    pk: int
    number: str
    title: str
    site: str
    status: str
    machines: int
    is_sold: bool
    sold_on: date | None
    timeline: tuple[Gate, ...]
    shares: tuple[ShareLine, ...]
    is_synthetic: bool

    @property
    def url(self) -> str:
        """The case's own page."""
        return reverse("portal:case", args=[self.number])


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, what is next and whom to ask."""

    happened: str
    following: str
    kind: str = "going"


def ask(reference: str = "") -> str:
    """Whom to ask, with the reference to give."""
    address = str(getattr(settings, "OPERATOR_CONTACT", ""))
    if address and reference:
        return gettext("Contact {address} and give the number {reference}.").format(
            address=address, reference=reference
        )
    if address:
        return gettext("Contact {address}.").format(address=address)
    if reference:
        return gettext("Contact your host and give the number {reference}.").format(reference=reference)
    return gettext("Contact your host.")


def cases_of(customer: Customer, **wanted: object) -> tuple[CaseLine, ...]:
    """The customer's cases, newest first, in three queries however many there are."""
    cases = list(
        customer.cases()
        .filter(items__party_id__in=customer.party_ids, **wanted)
        .annotate(machines=Count("items"))
        .select_related("site")
        .order_by("-opened_at", "-pk")
    )
    if not cases:
        return ()
    passed: dict[int, dict[str, date]] = defaultdict(dict)
    for gate in customer.gates().filter(case__in=cases):
        passed[gate.case_id][gate.verb] = gate.passed_on
    shares: dict[int, list[Share]] = defaultdict(list)
    for share in shares_of(customer, cases):
        shares[share.case_id].append(share)
    return tuple(_case(case, passed[case.pk], shares[case.pk]) for case in cases)


def shares_of(customer: Customer, cases: Sequence[Liquidation]) -> list[Share]:
    """The customer's lines in cases with their papers, the papers' bytes left where they are."""
    found = (
        customer.shares()
        .filter(case__in=cases)
        .select_related("case", "party", "statement__document", "payout")
    )
    return list(
        found.defer("statement__document__content", "statement__document__sources").order_by("case", "line")
    )


def _case(case: Liquidation, passed: dict[str, date], shares: Sequence[Share]) -> CaseLine:
    lines = tuple(_share(share) for share in shares)
    # Annotated above; the type of a row cannot know it.
    machines: int = case.machines  # type: ignore[attr-defined]
    awaited = next_gate(case.status)
    return CaseLine(
        pk=case.pk,
        number=case.number,
        title=case.title,
        site=case.site.name,
        status=case.status,
        machines=machines,
        is_sold=awaited is None or awaited.number > SOLD_FROM,
        sold_on=passed.get("approve_sale"),
        timeline=_timeline(passed, shares),
        shares=lines,
        is_synthetic=case.is_synthetic,
    )


def _timeline(passed: dict[str, date], shares: Sequence[Share]) -> tuple[Gate, ...]:
    """The steps an owner waits for; the first that is open is the current one."""
    paid = [share.payout.paid_on for share in shares if hasattr(share, "payout")]
    is_aside = any(share.status == ShareStatus.SET_ASIDE for share in shares)
    days: list[tuple[str, date | None]] = [(str(name), passed.get(verb)) for verb, name in STEPS]
    all_paid = bool(shares) and len(paid) == len(shares)
    days.append((gettext("Set aside") if is_aside else gettext("Payment"), max(paid) if all_paid else None))
    gates, is_awaited = [], True
    for name, on in days:
        standing: GateStanding = "done" if on else "now" if is_awaited else "later"
        is_awaited = is_awaited and on is not None
        gates.append(Gate(name, standing, on))
    return tuple(gates)


def _share(share: Share) -> ShareLine:
    statement = getattr(share, "statement", None)
    return ShareLine(
        pk=share.pk,
        number=str(share),
        party=share.party.name,
        machines=share.machines,
        amount_cents=share.amount_cents,
        currency=share.case.currency,
        status=share.status,
        told=_told(share),
        statement=statement.pk if statement else None,
        paper=statement.document.title if statement else "",
        size=statement.document.size if statement else 0,
        issued_on=statement.issued_on if statement else None,
    )


def _told(share: Share) -> str:
    """Where the money is, in a sentence; why a share is set aside is never said here."""
    if share.status == ShareStatus.SET_ASIDE:
        return gettext("Your share is set aside.") + " " + ask(str(share))
    if hasattr(share, "payout"):
        return gettext("Paid on {day}.").format(day=format_date(share.payout.paid_on))
    if hasattr(share, "statement"):
        return gettext(
            "Payment waits for the approval of a second person. The statement says how it is paid."
        )
    return gettext("Your statement is being made. Payment follows it.")


def notices_of(customer: Customer, cases: Sequence[CaseLine]) -> list[Notice]:
    """What happened to the customer's machines that is not over yet; reasons stay with the operator."""
    notices = [_case_notice(case) for case in cases if _is_news(case)]
    told = {case.site for case in cases if not case.is_sold}
    stopped: dict[str, date] = {}
    for hold in customer.move_holds().select_related("site", "miner__site").order_by("-placed_at"):
        site = hold.site or (hold.miner.site if hold.miner else None)
        stopped[site.name if site else gettext("their place")] = hold.placed_at.date()
    for name, since in sorted(stopped.items()):
        if name not in told:
            happened = gettext("Machines of yours at {site} cannot be moved since {day}.")
            following = gettext("They stay where they are until this ends; we write here when it does.")
            notices.append(
                Notice(happened.format(site=name, day=format_date(since)), f"{following} {ask()}", "watch")
            )
    return notices


def _is_news(case: CaseLine) -> bool:
    is_settled = bool(case.shares) and all(share.status == ShareStatus.PAID for share in case.shares)
    return not (case.status == CaseStatus.CLOSED and is_settled)


def _case_notice(case: CaseLine) -> Notice:
    if not case.is_sold:
        happened = ngettext(
            "Your machine at {site} cannot be moved.",
            "Your {count} machines at {site} cannot be moved.",
            case.machines,
        ).format(count=case.machines, site=case.site)
        awaited = next((gate.name for gate in case.timeline if gate.standing == "now"), "")
        following = gettext("A sale of the site’s machines is being prepared. Next: {step}.").format(
            step=awaited
        )
        return Notice(happened, f"{following} {ask(case.number)}", "watch")
    happened = ngettext(
        "Your machine at {site} was sold where it stood on {day}.",
        "Your {count} machines at {site} were sold where they stood on {day}.",
        case.machines,
    ).format(count=case.machines, site=case.site, day=format_date(case.sold_on))
    if any(share.is_set_aside for share in case.shares):
        following = gettext("Your share is set aside.") + " " + ask(case.number)
    elif case.shares and all(share.statement for share in case.shares):
        following = gettext("Your share is below, with a statement you can check yourself.")
    else:
        following = gettext("Your share and its statement follow.") + " " + ask(case.number)
    return Notice(happened, following)
