"""The executive page: its sentence, figures, changes and decisions, all computed from the sections."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.exposure.values import Exposure, Figures
from compliance.reports.parts import (
    Change,
    Course,
    Executive,
    FindingRow,
    KeyFigure,
    Origin,
    Sale,
    Sources,
    Staff,
    StandingPart,
)
from compliance.reports.sections.scope import Scope
from compliance.reports.sections.words import SEVERITY, country_words, listed_words, standing_words
from kit.units import (
    W_PER_MW,
    format_count,
    format_date,
    format_power,
    megawatts,
    money_millions,
    money_short,
    power,
    share,
)

NOTICED_W = 50_000  # a smaller change does not show in a figure with one decimal of a megawatt


@dataclass(frozen=True, slots=True)
class Parts:
    """The sections the executive page is computed from."""

    scope: Scope
    course: Course
    findings: tuple[FindingRow, ...]
    staff: Staff
    origin: Origin
    sales: tuple[Sale, ...]
    sources: Sources
    currency: str

    @property
    def blocked(self) -> Figures:
        """What stands as blocked pending counsel."""
        return self.scope.exposure.by_standing.get("blocked", Figures())

    @property
    def blocked_before(self) -> Figures:
        """The same on the day compared with."""
        before = self.scope.before
        return before.by_standing.get("blocked", Figures()) if before else Figures()


def build_executive(parts: Parts) -> Executive:
    """Everything on the page, from one set of sections."""
    return Executive(
        headline=headline(parts),
        figures=_figures(parts),
        standings=tuple(
            StandingPart(standing, standing_words(standing), figures.installed_w)
            for standing, figures in sorted(
                parts.scope.exposure.by_standing.items(), key=lambda pair: SEVERITY.index(pair[0])
            )
        ),
        changes=tuple(sorted(_changes(parts), key=lambda change: change.on, reverse=True)),
        decisions=_decisions(parts),
    )


def headline(parts: Parts) -> str:
    """What a reader must know, as sentences with a verb."""
    sentences = [_standing_sentence(parts)]
    if parts.staff.overdue:
        text = ngettext(
            "One paper of staff has passed its date.",
            "%(count)s papers of staff have passed their dates.",
            parts.staff.overdue,
        )
        sentences.append(text % {"count": format_count(parts.staff.overdue)})
    elif parts.origin.unknown_boards:
        text = _("The origin of %(count)s control boards is unknown.")
        sentences.append(text % {"count": format_count(parts.origin.unknown_boards)})
    return " ".join(sentences)


def _standing_sentence(parts: Parts) -> str:
    exposure, blocked = parts.scope.exposure, parts.blocked
    words = {
        "power": format_power(blocked.installed_w, 1),
        "owners": format_count(blocked.owners),
        "place": _place(exposure),
        "day": format_date(parts.scope.compared_on),
    }
    if blocked.machines and not parts.blocked_before.machines:
        return (
            _(
                "%(power)s at %(place)s became blocked pending counsel, with the machines of %(owners)s "
                "owners."
            )
            % words
        )
    if blocked.machines:
        return (
            _("%(power)s at %(place)s stay blocked pending counsel, with the machines of %(owners)s owners.")
            % words
        )
    review = exposure.by_standing.get("review", Figures())
    if review.machines:
        return _("%(power)s ask for review; nothing is blocked.") % {
            "power": format_power(review.installed_w, 1)
        }
    if parts.findings:
        text = ngettext(
            "One finding waits; no machine is blocked.",
            "%(count)s findings wait; no machine is blocked.",
            len(parts.findings),
        )
        return text % {"count": len(parts.findings)}
    if not exposure.total.machines:
        return _("No machine stands at a site in scope.")
    return _("No finding is open over %(power)s.") % {"power": format_power(exposure.total.installed_w, 1)}


def _place(exposure: Exposure) -> str:
    """The one site that is blocked, or how many there are."""
    names = [row.name for row in exposure.rows if "blocked" in row.split and row.split["blocked"].machines]
    if len(names) == 1:
        return names[0]
    return ngettext("%(count)d site", "%(count)d sites", len(names)) % {"count": len(names)}


def _figures(parts: Parts) -> tuple[KeyFigure, ...]:
    return (
        _contracted(parts),
        _blocked(parts),
        _open_findings(parts),
        _boards(parts),
        _papers(parts),
        _aside(parts),
    )


def _contracted(parts: Parts) -> KeyFigure:
    total = parts.scope.exposure.total
    before = parts.scope.before
    watts = total.contracted_w
    is_installed = watts is None
    watts = total.installed_w if watts is None else watts
    earlier = None
    if before is not None:
        earlier = before.total.installed_w if is_installed else before.total.contracted_w
    label = _("Installed power") if is_installed else _("Contracted power")
    figure = power(watts, 1)
    ends = parts.course.ends
    trend = tuple(sum(row.contracted_w[n] for row in parts.course.rows) for n in range(len(ends)))
    return KeyFigure(
        "contracted", label, figure.number, figure.unit, _since(parts, watts, earlier), trend=trend
    )


def _since(parts: Parts, now: int, before: int | None) -> str:
    day = format_date(parts.scope.compared_on)
    if before is None:
        return _("nothing recorded on %(day)s") % {"day": day}
    if abs(now - before) < NOTICED_W:
        return _("unchanged since %(day)s") % {"day": day}
    sign = "+" if now > before else ""
    return _("%(change)s since %(day)s") % {"change": f"{sign}{megawatts(now - before).text}", "day": day}


def _blocked(parts: Parts) -> KeyFigure:
    watts = parts.blocked.installed_w
    figure = power(watts, 1)
    before = parts.blocked_before.installed_w if parts.scope.before else None
    tone = "blocked" if parts.blocked.machines else ""
    return KeyFigure(
        "blocked",
        _("Blocked pending counsel"),
        figure.number,
        figure.unit,
        _since(parts, watts, before),
        tone,
    )


def _open_findings(parts: Parts) -> KeyFigure:
    counts = {
        "blocked": sum(row.standing == "blocked" for row in parts.findings),
        "review": sum(row.standing == "review" for row in parts.findings),
    }
    words = _("%(blocked)s blocked, %(review)s for review") % counts
    return KeyFigure("findings", _("Open findings"), format_count(len(parts.findings)), "", words)


def _boards(parts: Parts) -> KeyFigure:
    origin = parts.origin
    change = _("of %(count)s on record") % {"count": format_count(origin.boards)}
    if origin.boards:
        change += f", {share(origin.unknown_boards, origin.boards, 0).text}"
    label = _("Control boards of unknown origin")
    return KeyFigure("boards", label, format_count(origin.unknown_boards), "", change)


def _papers(parts: Parts) -> KeyFigure:
    staff = parts.staff
    near = staff.overdue + staff.within_30 + staff.within_90
    change = _("%(count)s of them overdue") % {"count": format_count(staff.overdue)}
    return KeyFigure("papers", _("Papers over or ending within 90 days"), format_count(near), "", change)


def _aside(parts: Parts) -> KeyFigure:
    """Money set aside for held owners; before any distribution the value of what is blocked."""
    classes = [row for sale in parts.sales for row in sale.classes]
    if classes:
        held = [row for row in classes if row.status == "set_aside"]
        figure = money_short(sum(row.amount_cents for row in held), parts.currency)
        owners, all_owners = sum(row.owners for row in held), sum(row.owners for row in classes)
        words = _("%(held)s of %(owners)s owners") % {
            "held": format_count(owners),
            "owners": format_count(all_owners),
        }
        return KeyFigure(
            "aside", _("Set aside for held owners"), f"{figure.number}{figure.tail}", figure.unit, words
        )
    blocked = parts.blocked
    value = blocked.value_cents if blocked.machines else 0
    figure = money_millions(value, parts.currency, 1)
    words = _("%(count)s machines") % {"count": format_count(blocked.machines)}
    if blocked.unpriced:
        words += ", " + _("%(count)s without a price") % {"count": format_count(blocked.unpriced)}
    return KeyFigure("value", _("Value blocked pending counsel"), figure.number, figure.unit, words)


def _changes(parts: Parts) -> Iterator[Change]:
    """What is different from the day compared with, each on its own day."""
    scope = parts.scope
    yield from _listings(scope)
    before = scope.before
    if before is not None:
        grown = parts.blocked.installed_w - parts.blocked_before.installed_w
        if grown >= NOTICED_W:
            text = _("%(power)s stand as blocked pending counsel that did not on %(day)s.")
            yield Change(
                scope.day, text % {"power": format_power(grown, 1), "day": format_date(scope.compared_on)}
            )
        yield from _moves(scope, before)
    for edition in parts.sources.lists:
        if scope.compared_on < edition.published_on <= scope.day:
            yield Change(
                edition.published_on, _("A new edition of %(list)s was published.") % {"list": edition.name}
            )
    for law in parts.sources.regimes:
        if scope.compared_on < law.from_on <= scope.day:
            text = _("%(title)s (%(citation)s) came into force.")
            yield Change(law.from_on, text % {"title": law.title, "citation": law.citation})
    for sale in parts.sales:
        for gate in sale.gates:
            if gate.passed_on is not None and gate.passed_on > scope.compared_on:
                text = _("%(case)s: the gate “%(gate)s” was passed.")
                yield Change(gate.passed_on, text % {"case": sale.number, "gate": gate.label})


def _listings(scope: Scope) -> Iterator[Change]:
    by_day: dict[date, list[str]] = defaultdict(list)
    for listed in scope.designated:
        if scope.compared_on < listed.listed_on <= scope.day:
            by_day[listed.listed_on].append(listed.name)
    for on, names in by_day.items():
        yield Change(
            on,
            _("%(who)s; they stand behind findings of this report.") % {"who": listed_words(sorted(names))},
        )


def _moves(scope: Scope, before: Exposure) -> Iterator[Change]:
    """Countries whose installed power grew or shrank."""
    watts: dict[str, int] = defaultdict(int)
    for row in scope.exposure.rows:
        watts[row.country] += row.figures.installed_w
    for row in before.rows:
        watts[row.country] -= row.figures.installed_w
    for country, change in sorted(watts.items(), key=lambda pair: -abs(pair[1])):
        if abs(change) >= NOTICED_W:
            words = {"country": country_words(country), "power": format_power(abs(change), 1)}
            more, less = (
                _("%(country)s: %(power)s more than before."),
                _("%(country)s: %(power)s less than before."),
            )
            yield Change(scope.day, (more if change > 0 else less) % words)


def _decisions(parts: Parts) -> tuple[str, ...]:
    """What blocked and review findings ask of the board, largest first; same questions are asked once."""
    asked: list[str] = []
    waiting = [row for row in parts.findings if row.standing in ("blocked", "review")]
    for row in sorted(waiting, key=lambda row: (row.standing != "blocked", -row.measure.installed_w)):
        words = {"about": row.about, "authority": row.authority or row.source}
        if row.measure.installed_w >= W_PER_MW // 10:
            words["about"] += f" ({format_power(row.measure.installed_w, 1)})"
        if row.standing == "blocked":
            sentence = _("Instruct counsel on %(about)s: %(authority)s.") % words
        else:
            sentence = _("Name who looks at %(about)s.") % words
        if sentence not in asked:
            asked.append(sentence)
    return tuple(asked)
