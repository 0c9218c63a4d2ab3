"""The statement on paper: what an owner gets, how it was worked out, and the proof."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from hosting.liquidation.models import Basis
from hosting.liquidation.report import CaseFacts, Machine, StatementValue, Sum
from kit.pdf import code
from kit.pdf import palette as p
from kit.pdf.blocks import draw_facts, draw_hash
from kit.pdf.faces import Style
from kit.pdf.furniture import Furniture
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table
from kit.pdf.words import Words
from kit.units import format_date, format_power, hashrate, money, share

BAND = 132  # height of the dark ground at the top
BAND_TEXT, BAND_RULE = "#D9E0EA", "#4A5B75"
ROWS_ON_FIRST_PAGE = 7
LINE = 14.5


def statement_pdf(value: StatementValue, language: str = "en") -> bytes:
    """Draw a statement; the same value gives the same bytes."""
    facts = value.facts
    about = Furniture(
        title=_("Statement %(number)s") % {"number": value.document},
        owner=facts.operator,
        as_of=format_date(facts.as_of),
        document=value.document,
        at=facts.at,
        is_synthetic=facts.is_synthetic,
        words=Words(page=_("Page {page} of {pages}"), synthetic=_("CONTAINS SYNTHETIC DATA")),
    )
    sheet = Sheet(about, language)
    sheet.add(
        lambda page: _first_page(page, value), title=_("Statement"), key="statement", has_furniture=False
    )
    if len(value.machines) > ROWS_ON_FIRST_PAGE:
        sheet.add(lambda page: _serials(page, value), title=_("Machines"), key="machines")
    sheet.add(lambda page: _proof_page(page, value), title=_("Proof"), key="proof")
    return sheet.write()


def _first_page(sheet: Sheet, value: StatementValue) -> None:
    ink = sheet.ink
    _band(ink, value)
    y = _amount(ink, value, p.PAGE_HEIGHT - 162)
    y = _about(ink, value, y)
    y = _machines(ink, value, y)
    y = _arithmetic(ink, value, y)
    _from_proceeds(ink, value.facts, y)
    _foot(sheet, value)


def _band(ink: Ink, value: StatementValue) -> None:
    facts = value.facts
    top = p.PAGE_HEIGHT
    ink.rect(0, top - BAND, p.PAGE_WIDTH, BAND, fill=p.INK)
    ink.text(p.LEFT, top - 44, facts.operator, 8.4, Style.BOLD, p.WHITE)
    ink.text(p.RIGHT, top - 44, f"{value.document} · {value.owner_number}", 8.4, color=p.MIST, align="end")
    ink.rule(p.LEFT, top - 53, p.RIGHT, top - 53, BAND_RULE, 0.6)
    ink.text(p.LEFT, top - 86, _("Your statement"), 27, Style.SERIF, p.WHITE)
    below = _(
        "Liquidation of equipment at %(site)s, %(power)s. Machines as of %(as_of)s; statement of %(issued)s."
    ) % {
        "site": facts.site,
        "power": format_power(facts.power_w),
        "as_of": format_date(facts.as_of),
        "issued": format_date(value.issued_on),
    }
    ink.text(p.LEFT, top - 106, below, 8.6, color=BAND_TEXT, room=p.WIDTH)


def _amount(ink: Ink, value: StatementValue, y: float) -> float:
    ink.text(p.LEFT, y, _("Your share"), 8.4, Style.BOLD, p.MUTE)
    amount = money(value.amount_cents, value.facts.currency)
    wide = ink.text(p.LEFT, y - 36, amount.bare.text, 34, Style.LIGHT, p.INK)
    ink.text(p.LEFT + wide + 7, y - 36, amount.unit, 11, color=p.MUTE)
    if value.is_set_aside:
        word, color = _("Set aside"), p.BLOCKED
        text = _(
            "This amount is kept apart in your name and does not shrink. "
            "Ask us in writing about it at any time, with the numbers above."
        )
    else:
        word, color = _("To be paid"), p.LATER
        text = _("It is paid to the account you named once a second person has approved the payment order.")
    left = p.column_left(7) + 8
    ink.rule(left, y + 8, p.RIGHT, y + 8, color, 1.6)
    ink.text(left, y - 5, word, 9.4, Style.BOLD, color)
    ink.paragraph(left, y - 19, text, p.RIGHT - left, 8.2, 11.4)
    return y - 72


def _about(ink: Ink, value: StatementValue, y: float) -> float:
    facts = value.facts
    dividend = share(facts.net_cents, facts.gross_cents).text
    rows = (
        (_("Owner"), f"{value.owner_number}, {value.owner_name}"),
        (
            _("Sale"),
            _("%(day)s, all %(machines)s machines in one lot; the buyer is withheld.")
            % {"day": format_date(facts.sold_on), "machines": f"{facts.machines:,}"},
        ),
        (_("Basis of shares"), str(Basis(facts.basis).label)),
        (_("Dividend"), _("%(share)s of the proceeds; no earlier distribution.") % {"share": dividend}),
    )
    return draw_facts(ink, rows, y) - 8


def weight_text(facts: CaseFacts, weight: int) -> str:
    """A weight as people read it, without its unit."""
    if facts.basis == Basis.APPRAISED:
        return money(weight, facts.currency).bare.text
    if facts.basis == Basis.HASHRATE:
        return hashrate(weight, "TH/s").bare.text
    return f"{weight:,}"


def weight_unit(facts: CaseFacts) -> str:
    """What a weight is counted in."""
    units = {Basis.APPRAISED: facts.currency, Basis.HASHRATE: "TH/s"}
    return units.get(Basis(facts.basis), _("machines"))


def _rows(machines: Sequence[Machine]) -> list[tuple[str, str, int]]:
    """Machine by machine, or by model where they are too many for the page."""
    if len(machines) <= ROWS_ON_FIRST_PAGE:
        return [(one.model, one.serial, one.weight) for one in machines]
    grouped: dict[str, list[Machine]] = {}
    for one in machines:
        grouped.setdefault(one.model, []).append(one)
    rows = [
        (
            model,
            _("%(count)d machines, serials overleaf") % {"count": len(group)},
            sum(one.weight for one in group),
        )
        for model, group in grouped.items()
    ]
    if len(rows) <= ROWS_ON_FIRST_PAGE:
        return rows
    rest = rows[ROWS_ON_FIRST_PAGE - 1 :]
    others = (
        _("%(count)d other models") % {"count": len(rest)},
        _("serials overleaf"),
        sum(row[2] for row in rest),
    )
    return [*rows[: ROWS_ON_FIRST_PAGE - 1], others]


def _machines(ink: Ink, value: StatementValue, y: float) -> float:
    facts = value.facts
    serial, weight = p.LEFT + 170, p.LEFT + 372
    ink.text(p.LEFT, y, _("How it was worked out"), 9.4, Style.BOLD, p.INK)
    y -= 18
    ink.rule(p.LEFT, y + 11, p.RIGHT, y + 11, p.INK, 1)
    ink.text(p.LEFT, y, _("Machine"), 7.4, Style.BOLD, p.INK)
    ink.text(serial, y, _("Serial number"), 7.4, Style.BOLD, p.INK)
    ink.text(weight, y, _("Weight, %(unit)s") % {"unit": weight_unit(facts)}, 7.4, Style.BOLD, p.INK, "end")
    ink.text(p.RIGHT, y, _("Share of the case"), 7.4, Style.BOLD, p.INK, "end")
    ink.rule(p.LEFT, y - 5, p.RIGHT, y - 5, p.INK, 0.5)
    y -= 18
    for model, number, amount in _rows(value.machines):
        ink.text(p.LEFT, y, model, 8.4, room=165)
        ink.text(serial, y, number, 8.2, Style.NARROW, room=130)
        ink.text(weight, y, weight_text(facts, amount), 8.4, align="end")
        ink.text(p.RIGHT, y, share(amount, facts.total_weight, 6).text, 8.4, align="end")
        ink.rule(p.LEFT, y - 4.9, p.RIGHT, y - 4.9, weight=0.4)
        y -= LINE
    ink.text(p.LEFT, y - 1, _("Together"), 8.4, Style.BOLD, p.INK)
    ink.text(weight, y - 1, weight_text(facts, value.weight), 8.4, Style.BOLD, p.INK, "end")
    ink.text(p.RIGHT, y - 1, share(value.weight, facts.total_weight, 6).text, 8.4, Style.BOLD, p.INK, "end")
    return y - 24


def _arithmetic(ink: Ink, value: StatementValue, y: float) -> float:
    """Net times weight over all weight, in one line."""
    facts, unit = value.facts, weight_unit(value.facts)
    parts = (
        (
            money(facts.net_cents, facts.currency).bare.text,
            _("net to owners, %(unit)s") % {"unit": facts.currency},
        ),
        ("×", ""),
        (weight_text(facts, value.weight), _("your weight, %(unit)s") % {"unit": unit}),
        ("÷", ""),
        (weight_text(facts, facts.total_weight), _("all weight, %(unit)s") % {"unit": unit}),
        ("=", ""),
        (
            money(value.amount_cents, facts.currency).bare.text,
            _("your share, %(unit)s") % {"unit": facts.currency},
        ),
    )
    ink.rect(p.LEFT, y - 24, p.WIDTH, 34, fill=p.PAPER)
    x = p.LEFT + 12
    for figure, label in parts:
        wide = ink.text(x, y - 4, figure, 10, Style.BOLD, p.INK)
        ink.text(x, y - 15, label, 6.8, color=p.MUTE)
        x += max(wide, ink.width(label, 6.8)) + 14
    given = (
        _(
            "Rounding: your exact share lies between two cents; its remainder ranked high enough for the "
            "upper one."
        )
        if value.rounding_cents
        else _(
            "Rounding: your exact share was cut to whole cents; its remainder ranked too low for another one."
        )
    )
    ink.text(p.LEFT, y - 38, given, 7.2, color=p.MUTE, room=p.WIDTH)
    return y - 62


def _from_proceeds(ink: Ink, facts: CaseFacts, y: float) -> None:
    """What the buyer paid, what was taken from it, what is left; beside it what is still to come."""
    width = p.columns_wide(6)
    ink.text(
        p.LEFT, y, _("From proceeds to the net, %(unit)s") % {"unit": facts.currency}, 9.4, Style.BOLD, p.INK
    )
    ink.rule(p.LEFT, y - 7, p.LEFT + width, y - 7, p.INK, 1)
    lines = _fitting(
        (
            Sum(_("Sale proceeds"), facts.gross_cents),
            *(replace(cost, amount_cents=-cost.amount_cents) for cost in facts.costs),
            *(
                Sum(_("Set aside: %(reason)s") % {"reason": one.label}, -one.amount_cents)
                for one in facts.reserves
            ),
            Sum(_("Net to owners"), facts.net_cents),
        ),
        room=int((y - 24 - 70) / 12.6),
    )
    at = y - 18
    for number, line in enumerate(lines):
        style = Style.BOLD if number in (0, len(lines) - 1) else Style.TEXT
        amount = money(line.amount_cents, facts.currency).bare.text
        ink.text(p.LEFT + width, at, amount, 8, style, align="end")
        at = ink.paragraph(p.LEFT, at, line.label, width - 80, 8, 9.6, style) - 3
    left = p.column_left(7) - 6
    ink.text(left, y, _("What is still to come"), 9.4, Style.BOLD, p.INK)
    kept = sum(one.amount_cents for one in facts.reserves)
    coming = _(
        "What is left of the amounts set aside (%(kept)s %(unit)s) is shared out in the same way when their "
        "reasons have ended. Cents that do not divide go to the largest remainders, ties to the smaller "
        "owner "
        "number; in this case %(given)s cents went by rank."
    ) % {
        "kept": money(kept, facts.currency).bare.text,
        "unit": facts.currency,
        "given": f"{facts.given_by_rank_cents:,}",
    }
    below = ink.paragraph(left, y - 16, coming, p.RIGHT - left, 8, 11.2)
    signed = _("Prepared by %(prepared)s, sale approved by %(approved)s.") % {
        "prepared": facts.prepared_by or _("the system"),
        "approved": facts.approved_by or _("unknown"),
    }
    ink.paragraph(left, below - 4, signed, p.RIGHT - left, 8, 11.2, color=p.MUTE)


def _fitting(lines: Sequence[Sum], room: int) -> list[Sum]:
    """As many lines as there is room for; the smallest in the middle become one, so that the sum stays."""
    if len(lines) <= room:
        return list(lines)
    kept, rest = lines[1 : room - 2], lines[room - 2 : -1]
    others = Sum(_("%(count)d other items") % {"count": len(rest)}, sum(one.amount_cents for one in rest))
    return [lines[0], *kept, others, lines[-1]]


def _foot(sheet: Sheet, value: StatementValue) -> None:
    ink = sheet.ink
    ink.rule(p.LEFT, p.FOOTER_RULE, p.RIGHT, p.FOOTER_RULE)
    x = p.LEFT
    if value.facts.is_synthetic:
        x += ink.pill(x, 28.5, sheet.furniture.words.synthetic, p.COPPER, 5.8) + 8
    ask = _(
        "Questions or objections by %(day)s: write to the address in your contract and give the numbers "
        "above."
    ) % {"day": format_date(value.dispute_until)}
    ink.text(x, 28.5, ask, 6.6, color=p.MUTE, room=p.RIGHT - 60 - x)
    sheet.later(
        p.RIGHT,
        28.5,
        lambda: sheet.furniture.words.page.format(page=1, pages=sheet.page_number),
        7.2,
        Style.BOLD,
        p.INK,
        "end",
    )


def _serials(sheet: Sheet, value: StatementValue) -> None:
    facts = value.facts
    table = Table(
        (
            Column(_("Machine"), 4),
            Column(_("Serial number"), 4),
            Column(_("Weight, %(unit)s") % {"unit": weight_unit(facts)}, 2, "figures"),
            Column(_("Share of the case"), 2, "figures"),
        )
    )
    rows = (
        (one.model, one.serial, weight_text(facts, one.weight), share(one.weight, facts.total_weight, 6).text)
        for one in value.machines
    )
    whole = (
        _("Together"),
        "",
        weight_text(facts, value.weight),
        share(value.weight, facts.total_weight, 6).text,
    )
    table.draw(sheet, rows, total=whole)


def _proof_page(sheet: Sheet, value: StatementValue) -> None:
    ink, facts = sheet.ink, value.facts
    y = p.FIRST_LINE
    ink.text(p.LEFT, y, _("Proof that this line is part of the whole"), 14, Style.SERIF_BOLD, p.INK)
    how = _(
        "Hash your line (SHA-256 of a zero byte and the line), then join it with each hash below in "
        "order, on the "
        "side shown (SHA-256 of a one byte, the left hash and the right hash). The result is the root of all "
        "%(owners)s lines, which together make %(net)s %(unit)s; every owner’s statement shows the same root."
    ) % {
        "owners": f"{facts.owners:,}",
        "net": money(facts.net_cents, facts.currency).bare.text,
        "unit": facts.currency,
    }
    ink.paragraph(p.LEFT, y - 18, how, p.columns_wide(8), 8, 11.2)
    # Capitals and colons only: a code of these letters is a quarter smaller and quicker to make.
    content = ":".join(("PITHEAD1", facts.number, value.owner_number, value.leaf_digest, facts.root)).upper()
    code.draw(ink, content, p.RIGHT - 84, y - 78, 84)
    ink.text(p.RIGHT, y - 88, _("leaf and root"), 6.8, color=p.MUTE, align="end")
    y = draw_hash(ink, _("Leaf"), value.leaf_digest, p.LEFT, y - 108, p.INK, is_bold=True)
    for number, neighbour in enumerate(value.path, 1):
        side = _("left") if neighbour.side == "L" else _("right")
        y = draw_hash(ink, f"{number:>2}  {side}", neighbour.digest, p.LEFT, y)
    ink.rule(p.LEFT, y + 7.4, p.LEFT + 44 + 8 * 39.5 - 4, y + 7.4)
    y = draw_hash(ink, _("Root"), facts.root, p.LEFT, y - 2.5, p.COPPER, is_bold=True)
    line = _("Your line: %(leaf)s") % {"leaf": value.leaf}
    ink.paragraph(p.LEFT, y - 8, line, p.columns_wide(10), 6.8, 8.8, Style.NARROW, p.MUTE)
