"""Where a case stands among its gates on a day, whom it waits for, and what each passed gate left."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hosting.liquidation.models import Gate, Liquidation
from hosting.liquidation.steps import GATES, PREPARE, GateStep
from kit.accounts.models import User
from kit.accounts.roles import ROLES
from kit.jobs.models import Job, JobStatus
from kit.look.values import Gate as GateShown
from kit.units import format_count, format_date, format_money, money_millions

BY_A_WORKER = ("allocate", "issue_statements")
PREPARED = frozenset(row.verb for row in GATES if row.step.act == PREPARE)


@dataclass(frozen=True)
class Course:
    """The gates of a case as of a day; `current` is the first that is not passed, none once all are."""

    passed: dict[str, Gate]
    current: GateStep | None
    shown: tuple[GateShown, ...]
    waits_for: str
    why_not: str

    @property
    def number(self) -> int:
        """The number of the gate the case stands before, the last one once all are passed."""
        return self.current.number if self.current else len(GATES)

    @property
    def rows(self) -> list[tuple[GateStep, Gate]]:
        """The gates that were passed, in order."""
        return [(row, self.passed[row.verb]) for row in GATES if row.verb in self.passed]

    @property
    def last_on(self) -> date | None:
        """The day of the gate passed last."""
        return max((gate.passed_on for gate in self.passed.values()), default=None)

    def has_passed(self, verb: str) -> bool:
        """Whether a gate was passed by the day."""
        return verb in self.passed


def is_live(job: Job | None) -> bool:
    """Whether a job waits or runs."""
    return job is not None and job.status in (JobStatus.QUEUED, JobStatus.RUNNING)


def course_at(case: Liquidation, reader: User, day: date) -> Course:
    """The course of a case up to a day, in two queries."""
    found = Gate.objects.filter(case=case, passed_on__lte=day).select_related("passed_by")
    passed = {gate.verb: gate for gate in found}
    current = next((row for row in GATES if row.verb not in passed), None)
    people = preparers(case, passed)
    return Course(
        passed=passed,
        current=current,
        shown=tuple(_shown(row, passed.get(row.verb), current, case) for row in GATES),
        waits_for=_waits_for(current, people, is_working=is_live(case.job)),
        why_not=why_not(current.step.act, reader, people, current) if current else "",
    )


def preparers(case: Liquidation, passed: dict[str, Gate]) -> dict[int, str]:
    """Who prepared something in a case, by user id."""
    people = {
        gate.passed_by.pk: str(gate.passed_by)
        for verb, gate in passed.items()
        if verb in PREPARED and gate.passed_by is not None
    }
    if case.prepared_by is not None:
        people.setdefault(case.prepared_by.pk, str(case.prepared_by))
    return people


def why_not(act: str, reader: User, people: dict[int, str], gate: GateStep | None = None) -> str:
    """Why this person may not do an act in a case; nothing if they may."""
    needs_second = gate is not None and gate.step.second_person
    if needs_second and reader.pk in people:
        return _("waits for a second person; %(user)s prepared this case and cannot approve") % {
            "user": reader
        }
    if not reader.may(act):
        awaits = gate.awaits if gate else _("finance")
        return _("waits for %(who)s; your role, %(role)s, lacks this act") % {
            "who": awaits,
            "role": reader.get_role_display(),
        }
    return ""


def _waits_for(current: GateStep | None, people: dict[int, str], *, is_working: bool) -> str:
    """Whom the case waits for, by name where somebody has the role."""
    if current is None:
        return ""
    if is_working and current.verb in BY_A_WORKER:
        return _("a worker is at it; nobody has to do anything")
    roles = [role for role, acts in ROLES.items() if current.step.act in acts]
    able = User.objects.filter(role__in=roles, is_active=True).order_by("last_name", "username")
    if current.step.second_person:
        able = able.exclude(pk__in=people)
    names = [str(user) for user in able[:3]]
    who = _("%(who)s (%(names)s)") if names else _("%(who)s; nobody has that role yet")
    said = _("waits for %(who)s") % {
        "who": who
        % {
            "who": _("finance") if current.verb in BY_A_WORKER else current.awaits,
            "names": _(" or ").join(names),
        },
    }
    if current.step.second_person and people:
        said += "; " + ngettext("%(people)s cannot approve", "%(people)s cannot approve", len(people)) % {
            "people": ", ".join(sorted(people.values()))
        }
    return said


def _shown(row: GateStep, gate: Gate | None, current: GateStep | None, case: Liquidation) -> GateShown:
    title, url = str(row.title), f"#gate-{row.number}"
    if gate is not None:
        return GateShown(title, "done", gate.passed_on, left_by(gate, case), url)
    if row is current:
        return GateShown(title, "now", _("now"), str(row.awaits), "#step")
    return GateShown(title, "later", None, str(row.awaits))


def left_by(gate: Gate, case: Liquidation) -> str:
    """What a passed gate left, in two or three words; who passed it where there is no figure."""
    detail: dict[str, Any] = gate.detail
    found = {
        "freeze_scope": lambda: _("%(n)s serials") % {"n": format_count(detail["machines"])},
        "hold_site": lambda: _("moves, owners"),
        "record_authority": lambda: (
            _("ends %(day)s") % {"day": format_date(date.fromisoformat(detail["ends_on"]))}
            if detail.get("ends_on")
            else _("no end")
        ),
        "close_elections": lambda: (
            _("%(answered)s of %(owners)s")
            % {
                "answered": _("unknown")
                if detail.get("answered") is None
                else format_count(detail["answered"]),
                "owners": format_count(detail["owners"]),
            }
        ),
        "appraise": lambda: _("%(n)s quotes") % {"n": len(detail["quotes"])},
        "approve_sale": lambda: _("two persons"),
        "confirm_proceeds": lambda: money_millions(detail["received_cents"], case.currency, 2).text,
        "allocate": lambda: _("%(n)s shares") % {"n": format_count(detail["owners"])},
        "issue_statements": lambda: _("%(n)s issued") % {"n": format_count(detail["statements"])},
        "pay_out": lambda: _("%(n)s paid") % {"n": format_count(detail["shares"])},
        "close_case": lambda: _("difference 0"),
    }.get(gate.verb)
    return found() if found else str(gate.passed_by or _("the system"))


def details_of(gate: Gate, case: Liquidation) -> list[tuple[str, str]]:
    """What was recorded with a gate besides its evidence, as pairs of label and words."""
    labels = {
        "machines": _("machines"),
        "owners": _("owners"),
        "exportable": _("may leave the country"),
        "authority": _("authority"),
        "ends_on": _("ends on"),
        "counsel": _("counsel"),
        "answered": _("answers"),
        "buyer": _("buyer"),
        "country": _("country"),
        "appraised_cents": _("appraised"),
        "amount_cents": _("amount"),
        "received_cents": _("received"),
        "net_cents": _("net"),
        "set_aside": _("set aside"),
        "set_aside_cents": _("set aside"),
        "given_by_rank_cents": _("given by rank"),
        "statements": _("statements"),
        "shares": _("shares"),
        "method": _("method"),
        "difference_cents": _("difference"),
    }
    pairs = [
        (label, _words(name, gate.detail[name], case))
        for name, label in labels.items()
        if gate.detail.get(name) not in (None, "")
    ]
    return pairs + [
        (quote["valuer"], f"{format_money(quote['total_cents'], case.currency)}, {quote['evidence']}")
        for quote in gate.detail.get("quotes", ())
    ]


def _words(name: str, value: Any, case: Liquidation) -> str:
    if name.endswith("_cents"):
        return format_money(value, case.currency)
    if name == "ends_on":
        return format_date(date.fromisoformat(value))
    return format_count(value) if isinstance(value, int) else str(value)
