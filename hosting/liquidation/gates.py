"""How a gate is passed: lock the case, ask the table, do the work, move on, and write it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hosting.liquidation.models import Gate, Liquidation
from hosting.liquidation.steps import BY_VERB, PREPARE, GateStep
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.steps import take
from kit.trail.verbs import record
from kit.units import format_date


@dataclass
class Passage:
    """A gate being passed: what the verb adds to the case and to the record of the gate."""

    case: Liquidation
    changes: dict[str, Any] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


@contextmanager
def passing(
    case: Liquidation, verb: str, *, on_day: date, by: User | None, evidence: str = ""
) -> Iterator[Passage]:
    """Pass one gate in one transaction; the body does the gate's work on the locked case.

    Raises: Refusal out of order, without the evidence, act or second person it takes, before the day of the
        gate before it, or after the authority has ended.
    """
    gate = BY_VERB[verb]
    with transaction.atomic():
        locked = lock(case)
        may_pass(locked, gate, on_day=on_day, by=by, evidence=evidence)
        passage = Passage(locked)
        yield passage
        take(locked, gate.step, **passage.changes)
        Gate.objects.create(
            case=locked,
            verb=verb,
            passed_on=on_day,
            passed_by=by,
            evidence=evidence.strip(),
            detail=passage.detail,
        )
        detail = {"on_day": on_day, "evidence": evidence.strip()} | passage.detail
        record(f"liquidation.{verb}", locked, by=by, detail=detail)
    case.refresh_from_db()


def lock(case: Liquidation) -> Liquidation:
    """The case's row, held until the transaction ends."""
    return Liquidation.objects.select_for_update(of=("self",)).select_related("site").get(pk=case.pk)


def may_pass(case: Liquidation, gate: GateStep, *, on_day: date, by: User | None, evidence: str) -> None:
    """Refuse, with the reason, unless the gate may be passed now by this person."""
    if case.status not in gate.step.from_status:
        raise Refusal(_out_of_order(case, gate), where=case.number)
    if by is not None:
        require(by, gate.step.act)
    if gate.step.second_person:
        check_second_person(case, by)
    if gate.step.needs_evidence and not evidence.strip():
        raise Refusal(
            _("The gate “%(gate)s” needs evidence: %(evidence)s.")
            % {"gate": gate.title, "evidence": gate.evidence},
            where=case.number,
        )
    check_day(case, on_day)
    _check_order(case, on_day)


def _check_order(case: Liquidation, on_day: date) -> None:
    last = Gate.objects.filter(case=case).order_by("-id").first()
    if last is not None and on_day < last.passed_on:
        raise Refusal(
            _("The gate before was passed on %(last)s; %(day)s is earlier.")
            % {"last": format_date(last.passed_on), "day": format_date(on_day)},
            where=case.number,
        )


def check_day(case: Liquidation, on_day: date) -> None:
    """Refuse a day that is still to come, or on which the authority has ended."""
    if on_day > timezone.now().date():
        raise Refusal(_("%(day)s is still to come.") % {"day": format_date(on_day)}, where=case.number)
    ends = case.authority_ends_on
    if ends is not None and on_day >= ends:
        raise Refusal(
            _("The authority “%(authority)s” ended on %(day)s. The case waits for another one; ask counsel.")
            % {"authority": case.authority, "day": format_date(ends)},
            where=case.number,
        )


def preparers(case: Liquidation) -> set[int]:
    """Who prepared something in a case, by user id."""
    verbs = [gate.verb for gate in BY_VERB.values() if gate.step.act == PREPARE]
    found = Gate.objects.filter(case=case, verb__in=verbs, passed_by__isnull=False)
    people = {user_id for user_id in found.values_list("passed_by_id", flat=True) if user_id is not None}
    return people | ({case.prepared_by_id} if case.prepared_by_id is not None else set())


def check_second_person(case: Liquidation, by: User | None) -> None:
    """Refuse the system and everybody who prepared something in the case."""
    if by is None:
        raise Refusal(_("This takes a second person; the system cannot approve."), where=case.number)
    if by.pk in preparers(case):
        raise Refusal(
            _("This takes a second person: %(user)s prepared this case and cannot approve it.")
            % {"user": by},
            where=case.number,
        )


def _out_of_order(case: Liquidation, gate: GateStep) -> str:
    awaited = next((g for g in BY_VERB.values() if case.status in g.step.from_status), None)
    if awaited is None:
        return _("The case is closed; “%(gate)s” was not done.") % {"gate": gate.title}
    if awaited.number > gate.number:
        return _("The gate “%(gate)s” was passed already; the case waits for “%(awaited)s”.") % {
            "gate": gate.title,
            "awaited": awaited.title,
        }
    return _(
        "The case waits for gate %(number)d, “%(awaited)s”; “%(gate)s” comes later. Nothing was changed."
    ) % {
        "number": awaited.number,
        "awaited": awaited.title,
        "gate": gate.title,
    }
