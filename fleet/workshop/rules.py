"""Which readings open a ticket, and which days a detention counts; pure functions over frozen facts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fleet.miners.steps import LOW_BPS
from fleet.workshop.faults import Severity
from kit.calendar import business_days_after


@dataclass(frozen=True)
class FaultFacts:
    """What one miner's readings say.

    Shape: each figure is the best of the last `sustained_minutes`, so what holds of it held all that time.
    None was not told and asks for nothing.

    Units: `hashrate_bps_of_nameplate` in hundredths of a percent, temperature in °C.
    """

    miner_id: int
    sustained_minutes: int = 0
    minutes_offline: int | None = None
    hashrate_bps_of_nameplate: int | None = None
    boards_missing: int | None = None
    fans_stopped: int | None = None
    hottest_c: int | None = None


@dataclass(frozen=True)
class FaultRule:
    """One rule: what must hold for how long, which ticket it opens, and how long it rests after that."""

    code: str
    fault: str
    severity: str
    for_minutes: int
    rests_minutes: int
    says: Promise
    is_met: Callable[[FaultFacts], bool]


HOUR, DAY = 60, 24 * 60
LOST_BOARD_BPS = 500
HOT_C = 85

RULES: tuple[FaultRule, ...] = (
    FaultRule(
        "offline",
        "offline",
        Severity.HIGH,
        30,
        DAY,
        _("not heard of for 30 minutes"),
        lambda facts: (facts.minutes_offline or 0) >= 30,
    ),
    FaultRule(
        "not-hashing",
        "not_hashing",
        Severity.HIGH,
        30,
        DAY,
        _("answers, and has made under 5 % of its nameplate for 30 minutes"),
        lambda facts: _is_under(facts.hashrate_bps_of_nameplate, LOST_BOARD_BPS),
    ),
    FaultRule(
        "board-missing",
        "board_missing",
        Severity.HIGH,
        30,
        DAY,
        _("has lacked a hashboard for 30 minutes"),
        lambda facts: (facts.boards_missing or 0) > 0,
    ),
    FaultRule(
        "low-hashrate",
        "low_hashrate",
        Severity.NORMAL,
        HOUR,
        DAY,
        _("has made under 80 % of its nameplate for 60 minutes"),
        lambda facts: _is_under(facts.hashrate_bps_of_nameplate, LOW_BPS),
    ),
    FaultRule(
        "fan-stopped",
        "fan",
        Severity.HIGH,
        10,
        DAY,
        _("a fan has stood still for 10 minutes"),
        lambda facts: (facts.fans_stopped or 0) > 0,
    ),
    FaultRule(
        "hot",
        "hot",
        Severity.CRITICAL,
        10,
        6 * HOUR,
        _("has been over 85 °C for 10 minutes"),
        lambda facts: facts.hottest_c is not None and facts.hottest_c > HOT_C,
    ),
)
# Who finds the cause need not be told the effect as well.
SAID_BY: Mapping[str, tuple[str, ...]] = {
    "low-hashrate": ("offline", "not-hashing", "board-missing"),
    "board-missing": ("offline", "not-hashing"),
    "not-hashing": ("offline",),
}
WINDOWS: tuple[int, ...] = tuple(sorted({rule.for_minutes for rule in RULES}))
"""The lengths of time, in minutes, over which the rules want their facts."""
RULE_OF_CODE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Past:
    """What was opened for a miner before: faults with a ticket that stands, and when others were closed."""

    standing: frozenset[str] = frozenset()
    closed_at: Mapping[str, datetime] = field(default_factory=dict)


def met_by(windows: Collection[FaultFacts]) -> tuple[FaultRule, ...]:
    """The rules that hold of a miner, without those whose cause another one names.

    Shape: one miner's facts, over one or several lengths of time.
    """
    held = {
        rule.code for rule in RULES for facts in windows if _is_sustained(rule, facts) and rule.is_met(facts)
    }
    return tuple(
        rule for rule in RULES if rule.code in held and not held.intersection(SAID_BY.get(rule.code, ()))
    )


def judge_faults(windows: Collection[FaultFacts], past: Past, at: datetime) -> tuple[FaultRule, ...]:
    """The rules that open a ticket at an instant: they hold, have no standing ticket and do not rest."""
    return tuple(rule for rule in met_by(windows) if not _is_quiet(rule, past, at))


def _is_sustained(rule: FaultRule, facts: FaultFacts) -> bool:
    # How long it was not heard of is a length of time itself.
    return rule.code == "offline" or facts.sustained_minutes >= rule.for_minutes


def _is_quiet(rule: FaultRule, past: Past, at: datetime) -> bool:
    causes = {RULE_OF_CODE[code].fault for code in SAID_BY.get(rule.code, ())}
    if past.standing & {rule.fault, *causes}:
        return True
    closed_at = past.closed_at.get(rule.fault)
    return closed_at is not None and at < closed_at + timedelta(minutes=rule.rests_minutes)


def _is_under(figure: int | None, limit: int) -> bool:
    return figure is not None and figure < limit


@dataclass(frozen=True)
class DetentionClock:
    """The days a detention counts; None where the regulation counts none."""

    decide_by: date | None = None
    notice_by: date | None = None
    deemed_excluded_on: date | None = None


DECIDE_DAYS, NOTICE_DAYS, EXCLUDED_AFTER = 5, 5, 30


def detention_clock(presented_on: date, detained_on: date | None = None) -> DetentionClock:
    """By when goods are released or detained, the notice is due, and they count as excluded.

    Shape: without a day of the decision the last day for it counts; goods not released by then are detained.

    Source: 19 CFR 151.16(b), (c), (e): five business days to decide, five for the notice, thirty days from
    presentation to deemed exclusion.
    """
    decide_by = business_days_after(presented_on, DECIDE_DAYS)
    return DetentionClock(
        decide_by=decide_by,
        notice_by=business_days_after(detained_on or decide_by, NOTICE_DAYS),
        deemed_excluded_on=presented_on + timedelta(days=EXCLUDED_AFTER),
    )
