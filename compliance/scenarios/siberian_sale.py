"""The sale of the Siberian machines, gate by gate with the days of its file, up to the distribution."""

import json
from datetime import UTC, date, datetime
from typing import Any

from compliance.scenarios.compass_siberia import BUYER, SITE
from compliance.scenarios.seedfiles import folder
from fleet.sites.models import Site
from hosting.liquidation import verbs
from hosting.liquidation.models import CaseStatus, Liquidation, Offer
from hosting.parties.models import Party
from kit.accounts.models import User
from kit.jobs.models import Job

FILE = "stories/siberian-sale.json"


def sell(*, finance: User, approver: User) -> Liquidation:
    """Take the case from where it stands to received proceeds; a second call finds it done."""
    story = _story()
    case = Liquidation.objects.filter(number=story["number"]).first() or _open(story, finance)
    for status, gate in (
        (CaseStatus.DRAFT, _freeze),
        (CaseStatus.SCOPED, _hold),
        (CaseStatus.HELD, _review),
        (CaseStatus.REVIEWED, _authority),
        (CaseStatus.AUTHORISED, _elections),
        (CaseStatus.ELECTED, _buyer),
        (CaseStatus.BUYER_CLEARED, _value),
        (CaseStatus.VALUED, None),
        (CaseStatus.SOLD, _proceeds),
    ):
        case.refresh_from_db()
        if case.status != status:
            continue
        if gate is None:
            _approve(case, story, approver)
        else:
            gate(case, story, finance)
    case.refresh_from_db()
    return case


def distribute(case: Liquidation, *, finance: User) -> Job:
    """Ask for the distribution; a case that has it already answers with the job that did it."""
    if case.status == CaseStatus.RECEIVED:
        return verbs.distribute(case, by=finance, on_day=_day(_story(), "distribute"))
    case.refresh_from_db()
    if case.job is None:
        raise LookupError(f"{case} was distributed without a job")
    return case.job


def _story() -> dict[str, Any]:
    return dict(json.loads((folder() / FILE).read_text(encoding="utf-8")))


def _day(story: dict[str, Any], verb: str) -> date:
    return date.fromisoformat(story["days"][verb])


def _open(story: dict[str, Any], by: User) -> Liquidation:
    opened_on = date.fromisoformat(story["opened_on"])
    return verbs.open_case(
        number=story["number"],
        title=story["title"],
        site=Site.objects.get(code=SITE),
        as_of=date.fromisoformat(story["as_of"]),
        by=by,
        at=datetime(opened_on.year, opened_on.month, opened_on.day, 9, tzinfo=UTC),
        is_synthetic=story["is_synthetic"],
    )


def _freeze(case: Liquidation, story: dict[str, Any], by: User) -> None:
    verbs.freeze_scope(case, by=by, on_day=_day(story, "freeze_scope"))


def _hold(case: Liquidation, story: dict[str, Any], by: User) -> None:
    evidence = story["evidence"]["hold_site"]
    verbs.hold_site(case, by=by, on_day=_day(story, "hold_site"), evidence=evidence, authority="EO 14024")


def _review(case: Liquidation, story: dict[str, Any], by: User) -> None:
    evidence = story["evidence"]["record_review"]
    verbs.record_review(case, by=by, on_day=_day(story, "record_review"), evidence=evidence)


def _authority(case: Liquidation, story: dict[str, Any], by: User) -> None:
    verbs.record_authority(
        case,
        by=by,
        on_day=_day(story, "record_authority"),
        evidence=story["evidence"]["record_authority"],
        authority=story["authority"],
        ends_on=date.fromisoformat(story["authority_ends_on"]),
    )


def _elections(case: Liquidation, story: dict[str, Any], by: User) -> None:
    evidence, answered = story["evidence"]["close_elections"], story["answered"]
    day = _day(story, "close_elections")
    verbs.close_elections(case, by=by, on_day=day, evidence=evidence, answered=answered)


def _buyer(case: Liquidation, story: dict[str, Any], by: User) -> None:
    buyer = Party.objects.get(number=BUYER)
    if not Offer.objects.filter(case=case, buyer=buyer).exists():
        day = _day(story, "record_offer")
        verbs.record_offer(case, buyer, story["gross_cents"], offered_on=day, by=by)
    evidence = story["evidence"]["clear_buyer"]
    verbs.clear_buyer(case, buyer, by=by, on_day=_day(story, "clear_buyer"), evidence=evidence)


def _value(case: Liquidation, story: dict[str, Any], by: User) -> None:
    quotes = [verbs.Quote(**quote) for quote in story["quotes"]]
    verbs.appraise(case, quotes=quotes, by=by, on_day=_day(story, "appraise"))


def _approve(case: Liquidation, story: dict[str, Any], by: User) -> None:
    offer = Offer.objects.get(case=case, buyer__number=BUYER)
    evidence = story["evidence"]["approve_sale"]
    verbs.approve_sale(case, offer, by=by, on_day=_day(story, "approve_sale"), evidence=evidence)


def _proceeds(case: Liquidation, story: dict[str, Any], by: User) -> None:
    day = _day(story, "receipts")
    verbs.record_receipt(case, story["gross_cents"], on_day=day, reference="SYN-1", by=by)
    for cost in story["costs"]:
        verbs.record_cost(case, cost["label"], cost["cents"], on_day=day, by=by)
    for reserve in story["reserves"]:
        verbs.record_reserve(case, reserve["label"], reserve["cents"], on_day=day, by=by)
    evidence = story["evidence"]["confirm_proceeds"]
    verbs.confirm_proceeds(case, by=by, on_day=_day(story, "confirm_proceeds"), evidence=evidence)
