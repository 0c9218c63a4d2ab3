"""Liquidations: where the money went, to whom in classes, and which steps are done."""

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper
from compliance.reports.parts import Sale
from kit import charts as c
from kit.pdf import palette as p
from kit.pdf.blocks import Gate, draw_footnote, draw_gates, draw_heading
from kit.pdf.charts import draw_waterfall
from kit.pdf.faces import Style
from kit.pdf.sheet import Sheet
from kit.pdf.table import Column, Table
from kit.units import format_money, format_power, money, share

GATES_A_LINE = 7


def draw_sales(sheet: Sheet, paper: Paper) -> None:
    """One page or more per case."""
    for number, sale in enumerate(paper.report.sales):
        y = sheet.turn() if number else p.FIRST_LINE
        _draw_sale(sheet, paper, sale, y)


def _draw_sale(sheet: Sheet, paper: Paper, sale: Sale, y: float) -> None:
    ink = sheet.ink
    y = draw_heading(ink, paper.section, f"{sale.number}: {sale.site}", _lead(sale), y)
    if sale.steps:
        chart = c.Waterfall(
            _("From value to money paid"),
            sale.currency,
            tuple(c.Step(s.label, s.amount_cents, s.kind, s.note, s.tone) for s in sale.steps),  # type: ignore[arg-type]
        )
        y = draw_waterfall(ink, chart, p.LEFT, y - 6) - 26
    if sale.classes:
        if y < p.LAST_LINE + 100:
            y = sheet.turn()
        y = _classes(sheet, sale, y) - 20
    if y < p.LAST_LINE + 104:
        y = sheet.turn()
    ink.text(p.LEFT, y, _("Where the case stands"), 9, Style.BOLD, p.INK)
    y -= 22
    for start in range(0, len(sale.gates), GATES_A_LINE):
        row = sale.gates[start : start + GATES_A_LINE]
        gates = [
            Gate(gate.label, gate.passed_on.isoformat() if gate.passed_on else "", gate.passed_on is not None)
            for gate in row
        ]
        wide = p.WIDTH * len(row) / min(GATES_A_LINE, len(sale.gates))
        y = draw_gates(ink, gates, y, width=wide) - 12
    _footnote(sheet, sale)


def _footnote(sheet: Sheet, sale: Sale) -> None:
    """How the shares can be checked, and what was invented."""
    notes = []
    if sale.proof_root:
        text = _(
            "The sum of all shares equals the distributable amount to the cent; every owner’s statement "
            "carries a proof that its line is among them. Merkle root (SHA-256): %(root)s."
        )
        notes.append(text % {"root": sale.proof_root})
    if sale.is_synthetic:
        notes.append(_("The machines, owners and amounts of this case contain generated rows."))
    draw_footnote(sheet.ink, " ".join(notes))


def _lead(sale: Sale) -> str:
    words = {
        "machines": f"{sale.machines:,}",
        "power": format_power(sale.power_w, 1),
        "owners": f"{sale.owners:,}",
        "status": sale.status,
    }
    if not sale.machines:
        return _("The case is open; its scope is not frozen yet. State: %(status)s.") % words
    text = (
        _("%(machines)s machines with %(power)s of %(owners)s owners are sold in one lot. State: %(status)s.")
        % words
    )
    last = sale.steps[-1] if sale.steps else None
    if last is not None and last.kind == "end":
        paid = format_money(last.amount_cents, sale.currency)
        text += " " + _("%(amount)s has been paid to owners.") % {"amount": paid}
    return text


def _classes(sheet: Sheet, sale: Sale, y: float) -> float:
    """Owners by state of payment with the total to the cent."""
    total_cents = sum(row.amount_cents for row in sale.classes)
    table = Table(
        (
            Column(_("Class of owner"), 0.4, style=Style.NARROW_BOLD, color=p.INK),
            Column(_("Owners"), 0.13, "figures"),
            Column(_("Machines"), 0.13, "figures"),
            Column(_("Amount, %(currency)s") % {"currency": sale.currency}, 0.2, "figures"),
            Column(_("Share"), 0.14, "figures"),
        ),
        size=7.9,
    )
    rows = [
        (
            row.label,
            f"{row.owners:,}",
            f"{row.machines:,}",
            money(row.amount_cents, sale.currency).bare.text,
            share(row.amount_cents, total_cents).text if total_cents else "–",
        )
        for row in sale.classes
    ]
    total = (
        _("Total"),
        f"{sum(row.owners for row in sale.classes):,}",
        f"{sum(row.machines for row in sale.classes):,}",
        money(total_cents, sale.currency).bare.text,
        share(total_cents, total_cents).text if total_cents else "–",
    )
    return table.draw(sheet, rows, y, total=total)
