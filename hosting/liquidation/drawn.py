"""What the page of a case draws: five figures, the waterfall and the tasks."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hosting.liquidation.course import Course
from hosting.liquidation.models import Basis, CaseStatus, Liquidation, ShareStatus
from hosting.liquidation.reads import MoneyLine, Scope, StandingSum
from kit.charts import Step, Waterfall
from kit.jobs.models import JobStatus
from kit.look.doors import door
from kit.look.values import JobLine, Kpi
from kit.units import (
    NOTHING,
    Figure,
    count,
    format_count,
    format_date,
    format_power,
    format_share,
    money_millions,
    share,
)

ENDED = (CaseStatus.STATED, CaseStatus.PAID, CaseStatus.CLOSED)


def kpis_of(
    case: Liquidation,
    course: Course,
    scope: Scope,
    money: Sequence[MoneyLine],
    sums: Sequence[StandingSum],
    day: date,
) -> tuple[Kpi, ...]:
    """Machines, owners, what was recovered, what is left for the owners, how long the authority lasts."""
    frozen = course.has_passed("freeze_scope")
    gross = _total(money, "receipt")
    net = gross - _total(money, "cost") - _total(money, "reserve")
    basis = {
        Basis.APPRAISED: _("by appraised value"),
        Basis.HASHRATE: _("by hashrate"),
        Basis.UNIT: _("by machine"),
    }[Basis(case.basis)]
    return (
        Kpi(
            _("Machines, frozen") if frozen else _("Machines at the site"),
            count(scope.machines),
            f"{format_power(scope.power_w)} · {_may_leave(scope)}",
            door("admin:fleet_miner_changelist", site__id__exact=case.site_id),
        ),
        Kpi(_("Owners"), count(scope.owners), _answers(course, sums), "#allocation"),
        Kpi(_("Recovered"), *_recovered(gross, scope, case), "#waterfall"),
        Kpi(
            _("Net to owners"),
            money_millions(net, case.currency, 2) if gross else Figure(NOTHING),
            basis if gross else _("nothing received yet"),
            "#waterfall",
        ),
        _authority(case, course, day),
    )


def _total(money: Sequence[MoneyLine], kind: str) -> int:
    return sum(row.amount_cents for row in money if row.kind == kind)


def _may_leave(scope: Scope) -> str:
    if scope.exportable == scope.machines:
        return _("may leave the country")
    if not scope.exportable:
        return _("none known to be free to leave")
    return _("%(n)s may leave the country") % {"n": format_count(scope.exportable)}


def _answers(course: Course, sums: Sequence[StandingSum]) -> str:
    gate = course.passed.get("close_elections")
    said = []
    if gate is None:
        said.append(_("elections open"))
    elif gate.detail.get("answered") is None:
        said.append(_("answers unknown"))
    else:
        said.append(_("%(n)s answered") % {"n": format_count(gate.detail["answered"])})
    aside = sum(row.owners for row in sums if row.status == ShareStatus.SET_ASIDE)
    if sums:
        said.append(_("%(n)s held") % {"n": format_count(aside)})
    return " · ".join(said)


def _recovered(gross: int, scope: Scope, case: Liquidation) -> tuple[Figure, str]:
    if not gross:
        return Figure(NOTHING), _("nothing received yet")
    worth = money_millions(scope.appraised_cents, case.currency)
    return share(gross, scope.appraised_cents, 1), _("of %(worth)s appraised") % {"worth": worth.text}


def _authority(case: Liquidation, course: Course, day: date) -> Kpi:
    label = _("Authority ends")
    if not course.has_passed("record_authority"):
        return Kpi(label, Figure(NOTHING), _("no authority recorded yet"), "#gates")
    ends = case.authority_ends_on
    if ends is None:
        return Kpi(label, _("no end"), case.authority, "#gates")
    days = (ends - day).days
    if days <= 0:
        state = "" if case.status == CaseStatus.CLOSED else "review"
        return Kpi(label, _("ended"), format_date(ends), "#gates", state)
    return Kpi(label, Figure(f"{days:,}", _("d")), format_date(ends), "#gates")


def waterfall_of(case: Liquidation, money: Sequence[MoneyLine], sums: Sequence[StandingSum]) -> Waterfall:
    """From the proceeds through costs and reserves to the net, and on to set aside, to be paid and paid."""
    title = _("From proceeds to owners")
    gross = _total(money, "receipt")
    if not gross:
        return Waterfall(title, case.currency, ())
    entries = [row.entry_id for row in money if row.kind == "receipt"]
    one = entries[0] if len(entries) == 1 else None
    said = _("%(n)s receipts") % {"n": len(entries)} if one is None else ""
    steps = [Step(_("Sale proceeds"), gross, "start", said, url=postings(case, "receipt/", one))]
    for row in money:
        if row.kind != "receipt":
            is_cost = row.kind == "cost"
            steps.append(
                Step(
                    row.label,
                    -row.amount_cents,
                    "cost" if is_cost else "aside",
                    "" if is_cost else _("set aside"),
                    url=postings(case, "", row.entry_id),
                )
            )
    net = gross + sum(step.amount_cents for step in steps[1:])
    of_gross = _("%(share)s of proceeds") % {"share": format_share(net, gross, 1)}
    booked = postings(case, "distribution", sums[0].entry_id if sums else None) if sums else "#gates"
    steps.append(Step(_("Net to owners"), net, "subtotal", of_gross, url=booked))
    return Waterfall(title, case.currency, (*steps, *_to_owners(case, sums, booked)))


def _to_owners(case: Liquidation, sums: Sequence[StandingSum], booked: str) -> list[Step]:
    """The net split by what became of the shares; the last step states the level that is left."""
    by_status = {row.status: row for row in sums}
    aside, due = by_status.get(ShareStatus.SET_ASIDE), by_status.get(ShareStatus.DUE)
    paid = by_status.get(ShareStatus.PAID)
    steps = []
    if aside:
        steps.append(Step(_("Blocked account"), -aside.cents, "aside", _owners(aside), "blocked", booked))
    if due and paid:
        steps.append(Step(_("To be paid"), -due.cents, "aside", _owners(due), url=booked))
    if paid:
        url = postings(case, "payout/")
        steps.append(Step(_("Paid"), paid.cents, "end", _owners(paid), url=url))
    elif due:
        steps.append(Step(_("To be paid"), due.cents, "end", _owners(due), url=booked))
    return steps


def _owners(row: StandingSum) -> str:
    words = ngettext("%(n)s owner", "%(n)s owners", row.owners)
    return words % {"n": format_count(row.owners)}


def postings(case: Liquidation, key: str, entry_id: int | None = None) -> str:
    """The page of an entry with its postings, or of all entries of a case under a key."""
    if entry_id is not None:
        return door("admin:hosting_entry_change", entry_id)
    address = door("admin:hosting_entry_changelist")
    return f"{address}?{urlencode({'q': f'{case.number}/{key}'})}" if address else ""


def tasks_of(case: Liquidation, sums: Sequence[StandingSum], *, is_now: bool) -> tuple[JobLine, ...]:
    """What a worker does in a case, each part with how far it is."""
    job = case.job if is_now else None
    standing = str(job.status) if job else "queued"
    url = door("operator:job", job.pk) if job else ""
    owners, statements = sum(row.owners for row in sums), sum(row.statements for row in sums)
    paid = sum(row.owners for row in sums if row.status == ShareStatus.PAID)
    payable = paid + sum(row.owners for row in sums if row.status == ShareStatus.DUE)
    is_stated = bool(owners) and statements == owners and (case.status in ENDED or not is_now)
    said = _said(case, is_stated) if is_now else ""
    root = case.proof_root if owners else ""
    allocated = _("%(n)s shares, one entry") % {"n": format_count(owners)}
    proof = _("root %(first)s…%(last)s") % {"first": root[:12], "last": root[-6:]}
    waiting = _("not started")
    going = standing if standing in (JobStatus.RUNNING, JobStatus.FAILED) else "queued"
    return (
        JobLine(
            _("Allocate and post"),
            "done" if owners else going,
            owners,
            owners,
            allocated if owners else said or waiting,
            url,
        ),
        JobLine(
            _("Proof of distribution"), "done" if root else "queued", 0, 0, proof if root else waiting, url
        ),
        JobLine(
            _("Statements"),
            "done" if is_stated else going if owners else "queued",
            statements,
            owners,
            "" if is_stated else (said if owners else waiting),
            url,
        ),
        JobLine(
            _("Payouts"),
            "done" if payable and paid == payable else "queued",
            paid,
            payable,
            "" if paid else _("waits for a second person") if is_stated else waiting,
        ),
    )


def _said(case: Liquidation, is_stated: bool) -> str:
    """What the job says of itself: its outcome once it has ended."""
    job = case.job
    if job is None or is_stated:
        return ""
    again = _("started %(n)d times") % {"n": job.attempts} if job.attempts > 1 else ""
    said = job.outcome or job.message or (_("waits for a worker") if job.status == JobStatus.QUEUED else "")
    return " · ".join(part for part in (said, again) if part)
