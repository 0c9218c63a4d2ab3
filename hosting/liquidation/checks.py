"""Every figure of the cases re-added from the ledger's lines, owner by owner."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from hosting.ledger.chart import code
from hosting.ledger.checks import Fault, Reading, check_entries
from hosting.liquidation.distribution import leaf_of, planned_again
from hosting.liquidation.models import Cost, Liquidation, Receipt, Reserve, Share
from hosting.liquidation.proof import root_of, tree
from hosting.parties.models import Party
from kit.units import format_money


@dataclass(frozen=True)
class LedgerReport:
    """The outcome of re-adding the books: what was read and every fault found."""

    entries: int
    postings: int
    cases: int
    debit_cents: dict[str, int]
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether everything adds up."""
        return not self.faults


def check_ledger() -> LedgerReport:
    """Re-add every entry and every case."""
    reading: Reading = check_entries()
    cases = list(Liquidation.objects.order_by("id"))
    for case in cases:
        reading.faults += faults_of(case)
    return LedgerReport(
        reading.entries, reading.postings, len(cases), reading.debit_cents, tuple(reading.faults)
    )


def faults_of(case: Liquidation) -> list[Fault]:
    """What does not add up in one case, cent by cent."""
    return [*_money(case), *_net(case), *_shares(case), *_balances(case), *_payouts(case), *_root(case)]


# The side of each kind's entry that has to carry its amount: place of the chart and sign.
SIDES: tuple[tuple[type[Receipt | Cost | Reserve], str, int], ...] = (
    (Receipt, "bank", 1),
    (Cost, "bank", -1),
    (Reserve, "reserves", -1),
)


def _money(case: Liquidation) -> Iterator[Fault]:
    """Receipts, costs and reserves against their entries."""
    for kind, place, sign in SIDES:
        query = f"""select r.id, r.entry_id, r.amount_cents, coalesce(sum(p.amount_cents), 0)
            from {kind._meta.db_table} r
            left join hosting_posting p on p.entry_id = r.entry_id
                and p.account_id in (select id from hosting_account where code = %s)
            where r.case_id = %s group by r.id
            having coalesce(sum(p.amount_cents), 0) <> %s * r.amount_cents"""
        for row_id, entry_id, amount, booked in _rows(query, [code(place, case.currency), case.pk, sign]):
            noun = kind._meta.verbose_name
            what = _("%(noun)s %(id)d") % {"noun": noun, "id": row_id}
            yield _fault(case, what, amount, sign * int(booked), entry_id)


def _net(case: Liquidation) -> Iterator[Fault]:
    """The net kept with the case against receipts less costs and reserves, and against the shares."""
    if case.net_cents is None:
        return
    sums = [
        kind._default_manager.filter(case=case).aggregate(s=Sum("amount_cents"))["s"] or 0
        for kind, *_x in SIDES
    ]
    net = sums[0] - sums[1] - sums[2]
    if net != case.net_cents:
        yield _fault(case, _("the net"), case.net_cents, net, None)
    shares = Share.objects.filter(case=case).aggregate(s=Sum("amount_cents"))["s"] or 0
    if shares != case.net_cents:
        yield _fault(case, _("the sum of the shares"), shares, case.net_cents, None)


def _shares(case: Liquidation) -> Iterator[Fault]:
    """Every share against the postings of its owner in the distribution, and postings without a share."""
    query = """
        with booked as (
            select p.entry_id, p.party_id, -sum(p.amount_cents) cents from hosting_posting p
            where p.entry_id in (select entry_id from hosting_share where case_id = %(case)s)
                and p.account_id in (select id from hosting_account where code = any(%(codes)s))
            group by 1, 2),
        share as (select entry_id, party_id, amount_cents cents from hosting_share where case_id = %(case)s)
        select coalesce(s.entry_id, b.entry_id), coalesce(s.party_id, b.party_id),
            coalesce(s.cents, 0), coalesce(b.cents, 0)
        from share s full join booked b using (entry_id, party_id)
        where coalesce(s.cents, 0) <> coalesce(b.cents, 0) order by 2"""
    codes = [code("owners", case.currency), code("set_aside", case.currency)]
    for entry_id, party_id, amount, booked in _rows(query, {"case": case.pk, "codes": codes}):
        yield _fault(
            case, _("the share of %(party)s") % {"party": _name(party_id)}, amount, booked, entry_id, party_id
        )


# What an owner's accounts should stand at after all entries of the case, by the state of the share.
STANDING = """
with owed as (
    select party_id, sum(amount_cents) filter (where status = 'due') due,
        sum(amount_cents) filter (where status = 'set_aside') aside
    from hosting_share where case_id = %(case)s group by 1),
booked as (
    select p.party_id, -sum(p.amount_cents) filter (where a.code = %(owners)s) due,
        -sum(p.amount_cents) filter (where a.code = %(set_aside)s) aside
    from hosting_posting p join hosting_entry e on e.id = p.entry_id
    join hosting_account a on a.id = p.account_id
    where e.subject_kind = 'hosting.liquidation' and e.subject_id = %(case)s
        and a.code in (%(owners)s, %(set_aside)s) group by 1)
select party_id, coalesce(o.due, 0), coalesce(b.due, 0), coalesce(o.aside, 0), coalesce(b.aside, 0)
from owed o full join booked b using (party_id)
where coalesce(o.due, 0) <> coalesce(b.due, 0) or coalesce(o.aside, 0) <> coalesce(b.aside, 0) order by 1
"""
TOTALS = """
select a.code, sum(p.amount_cents)::bigint from hosting_posting p
join hosting_entry e on e.id = p.entry_id join hosting_account a on a.id = p.account_id
where e.subject_kind = 'hosting.liquidation' and e.subject_id = %s group by 1
"""


def _balances(case: Liquidation) -> Iterator[Fault]:
    """What each owner is owed and has set aside, and what the two bank accounts hold for it."""
    named = {place: code(place, case.currency) for place in ("owners", "set_aside")}
    for party_id, due, due_booked, aside, aside_booked in _rows(STANDING, {"case": case.pk, **named}):
        party = _name(party_id)
        if due != due_booked:
            yield _fault(
                case, _("what is due to %(party)s") % {"party": party}, due, due_booked, None, party_id
            )
        if aside != aside_booked:
            yield _fault(
                case,
                _("what is set aside for %(party)s") % {"party": party},
                aside,
                aside_booked,
                None,
                party_id,
            )
    at: dict[str, int] = dict(_rows(TOTALS, [case.pk]))
    stand = {
        place: at.get(code(place, case.currency), 0)
        for place in ("bank", "blocked", "proceeds", "owners", "set_aside", "reserves")
    }
    if stand["blocked"] != -stand["set_aside"]:
        yield _fault(case, _("the blocked account"), stand["blocked"], -stand["set_aside"], None)
    if case.net_cents is not None and stand["proceeds"]:
        yield _fault(case, _("the proceeds left after the distribution"), -stand["proceeds"], 0, None)
    owed = -(stand["proceeds"] + stand["owners"] + stand["reserves"])
    if stand["bank"] != owed:
        yield _fault(case, _("the bank account"), stand["bank"], owed, None)


def _payouts(case: Liquidation) -> Iterator[Fault]:
    """Every paid share against the postings of its owner in the payment, and states without a payment."""
    query = """
        select s.party_id, po.entry_id, s.amount_cents, coalesce(sum(p.amount_cents), 0), s.status, po.id
        from hosting_share s left join hosting_payout po on po.share_id = s.id
        left join hosting_posting p on p.entry_id = po.entry_id and p.party_id = s.party_id
            and p.amount_cents > 0 and p.account_id in (select id from hosting_account where code = %s)
        where s.case_id = %s group by s.id, po.id
        having (s.status = 'paid') <> (po.id is not null)
            or (po.id is not null and coalesce(sum(p.amount_cents), 0) <> s.amount_cents) order by 1"""
    for party_id, entry_id, amount, booked, status, payout in _rows(
        query, [code("owners", case.currency), case.pk]
    ):
        if (status == "paid") != (payout is not None):
            sentence = _("%(case)s: the share of %(party)s is “%(status)s”, but a payment says otherwise.")
            named = {"case": case.number, "party": _name(party_id), "status": status}
            yield Fault(sentence % named, entry_id, party_id)
        else:
            what = _("the payment to %(party)s") % {"party": _name(party_id)}
            yield _fault(case, what, amount, booked, entry_id, party_id)


def _root(case: Liquidation) -> Iterator[Fault]:
    """The shares against the root that was published when they were allocated."""
    if case.net_cents is None:
        return
    leaves = [leaf_of(case, one, case.proof_secret).digest for one in planned_again(case)]
    if root_of(tree(leaves)) != case.proof_root:
        yield Fault(_("%(case)s: the shares no longer give the root of the proof.") % {"case": case.number})


def _fault(
    case: Liquidation, what: str, said: int, booked: int, entry_id: int | None, party_id: int | None = None
) -> Fault:
    difference = int(said) - int(booked)
    sentence = _(
        "%(case)s: %(what)s is %(said)s, the ledger says %(booked)s, %(cents)d cents apart%(entry)s."
    ) % {
        "case": case.number,
        "what": what,
        "said": format_money(int(said), case.currency),
        "booked": format_money(int(booked), case.currency),
        "cents": difference,
        "entry": _(" (entry %(id)d)") % {"id": entry_id} if entry_id else "",
    }
    return Fault(sentence, entry_id, party_id, difference)


def _name(party_id: int | None) -> str:
    party = Party.objects.filter(pk=party_id).first() if party_id is not None else None
    return f"{party.number} {party.name}" if party else _("nobody")


def _rows(query: str, arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()  # type: ignore[no-any-return]
