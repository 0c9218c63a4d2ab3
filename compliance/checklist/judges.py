"""How each item is judged from data where data can judge, and from evidence where it cannot; pure."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext as _

from compliance.checklist.values import Line, Outcome, SiteFacts, State
from compliance.workforce.facts import Judgement

Judge = Callable[[SiteFacts], Outcome]
EVIDENCE_HOLDS_DAYS = 365
LARGEST_SHARE_BPS = 5_000
REPAIR = "repair"


def judge_work_authorisation(facts: SiteFacts) -> Outcome:
    """Everybody whose recorded authorisation has an end date is looked at by that date alone."""
    lines, missing = [], []
    dated = {
        row.number
        for row in facts.workers
        if row.contractor_id is None and row.facts.work_authorised_until_on
    }
    past = _of_own(facts, "reverification", "review")
    unknown = _of_own(facts, "reverification", "unknown")
    if dated:
        lines.append(
            _line(
                _("own workers with an end date on record, in date"),
                len(dated) - len(past),
                len(dated),
                "review",
            )
        )
        missing += [
            _("reverification of %(worker)s, due %(day)s") % {"worker": name, "day": row.due_on}
            for name, row in past.items()
        ]
    if unknown:
        lines.append(
            _line(
                _("own workers with an end date or its absence on record"),
                _own(facts) - len(unknown),
                _own(facts),
                "unknown",
            )
        )
        missing.append(
            _("an end date, or that there is none, for %(count)d workers") % {"count": len(unknown)}
        )
    late = _of_own(facts, "i9_section_1", "review") | _of_own(facts, "i9_section_2", "review")
    if _own(facts):
        lines.append(
            _line(
                _("own workers with Form I-9 completed in time or not yet due"),
                _own(facts) - len(late),
                _own(facts),
                "review",
            )
        )
        missing += [_("Form I-9 of %(worker)s") % {"worker": name} for name in late]
    _add_contractors(facts, lines, missing)
    return Outcome(tuple(lines), tuple(missing))


def _add_contractors(facts: SiteFacts, lines: list[Line], missing: list[str]) -> None:
    firms = facts.contractors
    if not firms:
        return
    lapsed = [row for row in firms if row.judgement.standing == "review"]
    lines.append(
        _line(_("contractors' attestations in date"), len(firms) - len(lapsed), len(firms), "review")
    )
    missing += [
        _("attestation of %(firm)s: %(why)s") % {"firm": row.party_name, "why": row.judgement.sentence}
        for row in lapsed
    ]
    people, past = sum(row.workers for row in firms), sum(row.workers_past for row in firms)
    if people:
        lines.append(
            _line(_("contractors' people within the attested date"), people - past, people, "review")
        )
    if past:
        missing.append(
            _("the contractor's word on %(count)d of its people whose attested date has passed")
            % {"count": past}
        )


def judge_equipment_origin(facts: SiteFacts) -> Outcome:
    """Boards and hash chips: how many are known, and how many come from a listed group."""
    lines, missing = [], []
    for kind, text in (
        ("control_board", _("control boards of known origin")),
        ("hashboard", _("hashboards of known origin")),
    ):
        groups = [row for row in facts.origin if row.kind == kind]
        whole = sum(row.parts for row in groups)
        if not whole:
            continue
        unknown = [row for row in groups if row.judgement.standing == "unknown"]
        open_parts = sum(row.parts for row in unknown)
        lines.append(_line(text, whole - open_parts, whole, "unknown"))
        listed = sum(row.parts for row in groups if row.judgement.standing == "review")
        if listed:
            state: State = "review"
            lines.append(
                Line(
                    _("of them from a group on a list (%(kind)s)") % {"kind": kind.replace("_", " ")},
                    listed,
                    whole,
                    state,
                    counts_open=True,
                )
            )
        by_model = Counter({row.miner_model: 0 for row in unknown})
        for row in unknown:
            by_model[row.miner_model] += row.parts
        missing += [
            _("evidence of %(count)d %(kind)s in %(model)s")
            % {"count": count, "kind": kind.replace("_", " "), "model": model}
            for model, count in by_model.most_common()
        ]
        if listed:
            missing.append(
                _("a review of dealings with %(count)d parts of a listed group") % {"count": listed}
            )
    return Outcome(tuple(lines), tuple(missing))


def judge_supply_channels(facts: SiteFacts) -> Outcome:
    """Each thing supplied can be got from more than one country, and repairs do not hang on one bench."""
    countries: dict[str, set[str]] = defaultdict(set)
    for channel in facts.channels:
        # A channel of unknown country is no second country.
        countries[channel.supplies] |= {channel.country} - {""}
    if not countries:
        return Outcome((), (_("any supply channel on record"),))
    single = sorted(supplies for supplies, found in countries.items() if len(found) < 2)
    lines = [
        _line(
            _("things supplied from two countries or more"),
            len(countries) - len(single),
            len(countries),
            "watch",
        )
    ]
    own = [row for row in facts.channels if row.is_in_house and REPAIR in row.supplies.lower()]
    lines.append(_line(_("repair bench of our own"), min(len(own), 1), 1, "watch"))
    missing = [_("a second country for %(supplies)s") % {"supplies": name} for name in single]
    missing += [] if own else [_("a repair bench of our own")]
    return Outcome(tuple(lines), tuple(missing))


def judge_compliance_management(facts: SiteFacts) -> Outcome:
    """People and practice: lists are fresh, matches decided, findings seen, and somebody is named."""
    lines, missing = [], []
    if facts.lists:
        lines.append(
            _line(_("lists with a fresh edition"), facts.lists - len(facts.stale_lists), facts.lists, "watch")
        )
        missing += [_("a newer edition of %(name)s") % {"name": name} for name in facts.stale_lists]
    else:
        lines.append(Line(_("lists loaded"), 0, 1, "review"))
        missing.append(_("any list of restricted parties"))
    if facts.matches:
        decided = facts.matches - facts.open_matches
        lines.append(_line(_("matches decided by a person"), decided, facts.matches, "review"))
    if facts.open_matches:
        missing.append(_("a decision on %(count)d matches") % {"count": facts.open_matches})
    if facts.findings:
        lines.append(
            _line(
                _("findings at the site acknowledged"), facts.findings_acknowledged, facts.findings, "watch"
            )
        )
    named = by_person("management")(facts)
    return Outcome((*lines, *named.lines), (*missing, *named.missing))


def judge_alternative_suppliers(facts: SiteFacts) -> Outcome:
    """Makers in several countries supply us."""
    countries = {row.country for row in facts.channels if row.country}
    lines = (_line(_("countries we can buy from, of two"), min(len(countries), 2), 2, "watch"),)
    return Outcome(lines, () if len(countries) > 1 else (_("a supplier in a second country"),))


def judge_own_repair(facts: SiteFacts) -> Outcome:
    """Repairs do not depend on the makers' repair centres."""
    own = any(row.is_in_house and REPAIR in row.supplies.lower() for row in facts.channels)
    lines = (_line(_("repair bench of our own"), int(own), 1, "watch"),)
    return Outcome(lines, () if own else (_("a repair bench of our own"),))


def judge_spread(facts: SiteFacts) -> Outcome:
    """No country holds more than half of the installed megawatts."""
    groups, whole = facts.exposure.by("country").groups, facts.exposure.total.installed_w
    if not whole:
        return Outcome((), (_("any machine on record"),))
    largest = max(groups, key=lambda row: row.figures.installed_w)
    share_bps = 10_000 * largest.figures.installed_w // whole
    state: State = "watch" if share_bps > LARGEST_SHARE_BPS else "none"
    line = Line(
        _("share of %(country)s, basis points") % {"country": largest.label},
        share_bps,
        10_000,
        state,
        counts_open=True,
    )
    return Outcome((line,), (_("machines in other countries"),) if state == "watch" else ())


def by_person(item: str) -> Judge:
    """An item that data cannot judge: what a person put down within a year counts."""

    def judge(facts: SiteFacts) -> Outcome:
        since = facts.day - timedelta(days=EVIDENCE_HOLDS_DAYS)
        fresh = [row for row in facts.evidence.get(item, ()) if since < row.on_day <= facts.day]
        if not fresh:
            return Outcome(
                (Line(_("evidence of the last year"), 0, 1, "unknown", "person"),),
                (_("evidence put down by a person within a year"),),
            )
        newest = max(fresh, key=lambda row: row.on_day)
        text = _("%(text)s (%(day)s)") % {"text": newest.text[:200], "day": newest.on_day}
        return Outcome((Line(text, 1, 1, "none", "person"),), ())

    return judge


def both(first: Judge, second: Judge) -> Judge:
    """An item that data judge in part and a person in part."""

    def judge(facts: SiteFacts) -> Outcome:
        one, two = first(facts), second(facts)
        return Outcome((*one.lines, *two.lines), (*one.missing, *two.missing))

    return judge


def _line(text: str, done: int, whole: int, short: State) -> Line:
    """A count that asks for nothing when it is whole, and stands at `short` when it is not."""
    return Line(text, done, whole, "none" if done >= whole else short)


def _own(facts: SiteFacts) -> int:
    return sum(row.contractor_id is None for row in facts.workers)


def _of_own(facts: SiteFacts, code: str, standing: str) -> dict[str, Judgement]:
    """Our own workers with a judgement of this kind, by number."""
    return {
        row.number: row.judgement
        for row in facts.judgements
        if row.is_own_employee and row.judgement.code == code and row.judgement.standing == standing
    }
