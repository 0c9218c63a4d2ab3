"""Sample values for the style guide: invented, marked synthetic there, and never shown anywhere else."""

import hashlib
from datetime import date, timedelta
from typing import Any

from kit import charts, units
from kit.look import values
from kit.look.states import TABLE

TODAY = date(2022, 6, 17)
MW = 1_000_000

SITES = (
    # label, place, nameplate, energized, contracted, installed, drawn, basis, asked, state; tenths of MW
    ("Pyote", "Ward County, Texas", 1000, 750, 712, 664, 589, "metered", 0, "watch"),
    ("Ekibastuz", "Pavlodar, Kazakhstan", 600, 420, 415, 411, 330, "metered", 60, "review"),
    ("Corsicana", "Navarro County, Texas", 400, 250, 275, 241, 236, "reported", 0, "review"),
    ("Blönduós", "Northwest, Iceland", 200, 180, 174, 169, 166, "nameplate", 0, "fine"),
    ("Bratsk", "Irkutsk oblast, Russia", 150, 125, 120, 120, None, "unknown", 0, "blocked"),
)


def site_lines() -> list[values.SiteLine]:
    """Five sites: one over-committed, one asked for, one with its drawn power unknown."""
    lines = []
    for label, place, nameplate, energized, contracted, installed, drawn, basis, asked, state in SITES:
        tenth = MW // 10
        bullet = charts.Bullet(
            label=label,
            nameplate_w=nameplate * tenth,
            energized_w=energized * tenth,
            contracted_w=contracted * tenth,
            installed_w=installed * tenth,
            drawn_w=None if drawn is None else drawn * tenth,
            basis=basis,  # type: ignore[arg-type]
            is_held=state == "blocked",
            asked_w=asked * tenth,
            url="#",
        )
        note = "since 21 Apr" if drawn is None else ""
        lines.append(
            values.SiteLine(bullet, place, state, drawn_note=note, headroom_note="held" if note else "")
        )
    return lines


def territory() -> charts.StackedBars:
    """Eighteen months with a territory left, a gap in the source, and one that became blocked."""
    months = ("Jan 2021", *[""] * 5, "Jul", *[""] * 5, "Jan 2022", *[""] * 4, "Jun")

    def series(label: str, tone: str, tenths: str, note: str = "") -> charts.Series:
        read = tuple(None if word == "?" else int(word) * MW // 10 for word in tenths.split())
        return charts.Series(label, tone, read, note)

    return charts.StackedBars(
        title="Installed power by territory",
        unit="MW",
        labels=months,
        series=(
            series("Russia", "blocked", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 120 120 120", "blocked since 20 Apr"),
            series("Russia before", "t5", "20 25 30 35 45 55 65 80 90 96 108 116 120 120 120 0 0 0"),
            series("China", "t4", "460 455 450 440 420 360 220 80 0 0 0 0 0 0 0 0 0 0"),
            series(
                "Kazakhstan",
                "t2",
                "30 35 40 55 70 90 160 240 290 340 380 410 460 450 ? 420 413 411",
                "review: quota",
            ),
            series("Iceland", "t3", "80 80 80 85 90 95 100 120 140 145 150 155 160 165 168 169 169 169"),
            series(
                "United States",
                "t1",
                "140 145 150 160 170 180 220 270 330 380 450 500 600 680 760 840 840 905",
            ),
        ),
        events=(
            charts.Event(4.7, "China: State Council, 21 May"),
            charts.Event(15, "BitRiver designated, 20 Apr"),
        ),
        per_unit=MW,
        decimals=1,
        is_synthetic=True,
    )


def money_steps() -> charts.Waterfall:
    """From proceeds to owners, with amounts set aside and a net that the steps add up to."""
    step = charts.Step
    return charts.Waterfall(
        "From proceeds to owners",
        "USD",
        (
            step("Sale proceeds", 2_641_250_000, "start", "3,777 machines, in-country buyer", url="#"),
            step("Counsel", -18_432_000, "cost", url="#"),
            step("Dismantling and carriage", -9_641_055, "cost"),
            step("Host's claimed fees", -41_200_000, "aside", "set aside while the host is designated"),
            step("Taxes", -52_825_000, "aside", "set aside"),
            step("Net to owners", 2_519_151_945, "subtotal", "95.4 % of proceeds"),
            step("Blocked account", -7_651_692, "aside", "7 owners held", "blocked"),
            step("Unclaimed", -28_884_433, "aside", "25 owners, no answer yet", "unknown"),
            step("To be paid", 2_482_615_820, "end", "1,968 owners"),
        ),
    )


def gates() -> list[values.Gate]:
    """Thirteen gates, ten done."""
    names = [
        "Scope",
        "Hold",
        "Legal_review",
        "Authorisation",
        "Elections",
        "Buyer",
        "Valuation",
        "Sale",
        "Proceeds",
        "Distribution",
        "Statements",
        "Records",
        "Close",
    ]
    evidence = (
        "3,777 serials",
        "moves, pay",
        "memo, 14 p.",
        "ends 31 Jul",
        "1,975 of 2,000",
        "screened",
        "two quotes",
    )
    steps = []
    for number, name in enumerate(names):
        label = name.replace("_", " ")
        if number < 10:
            on = date(2022, 4, 21) + timedelta(days=6 * number)
            told = evidence[number] if number < len(evidence) else "two persons"
            steps.append(values.Gate(label, "done", on, told, "#"))
        elif number == 10:
            steps.append(values.Gate(label, "now", "now", "1,284 of 2,000", "#"))
        else:
            steps.append(values.Gate(label, "later", None, "two persons"))
    return steps


def jobs() -> list[values.JobLine]:
    """One job of each status."""
    line = values.JobLine
    return [
        line(
            "LQ-2022-001 statements",
            "running",
            1284,
            2000,
            "worker 2 restarted 12:01, went on at 1,102",
            "#",
            "",
            "#",
        ),
        line("Import pyote-june.csv", "queued", 0, 0, "waits for a person to apply the plan"),
        line("Rescreen after list of 16 Jun", "failed", 41, 62, "source did not answer; nothing was changed"),
        line("Capacity summary", "done", 55_345, 55_345, "finished 11:58"),
        line("Payouts", "cancelled", 0, 2000, "stopped by F. Marin, 12:20"),
    ]


def origin() -> values.Heat:
    """Boards by country of assembly, with a flag and a column that is not known."""

    def cell(count: int, flag: str = "") -> values.HeatCell | None:
        return values.HeatCell(count, f"{units.megawatts(count * 3245).text}", "#", flag) if count else None

    def row(label: str, note: str, counts: tuple[int, ...], state: str = "") -> values.HeatRow:
        cells = tuple(cell(count, "review" if state == "review" else "") for count in counts)
        return values.HeatRow(label, cells, note, state, url="#", total=cell(sum(counts)))

    boards = (
        row("AMD Xilinx Zynq", "US maker, fab TW", (3120, 11240, 0)),
        row("CVITEK CV1835", "Sophgo group, Entity List since 16 Jan 2025", (3311, 2801, 0), "review"),
        row("not known", "no telemetry, no evidence", (0, 0, 12167), "unknown"),
    )
    chips = (row("Bitmain, TSMC 5 nm", "fab TW", (640, 33240, 0)),)
    groups = (
        values.HeatGroup("Control board", boards, "63 % known"),
        values.HeatGroup("Hash chip", chips, "all known"),
    )
    return values.Heat("Part and maker", ("China", "Malaysia", "Not known"), groups, 2, "Machines")


def evidence() -> charts.Matrix:
    """Evidence of origin by model and part, as in the report."""
    return charts.Matrix(
        "Model",
        ("Antminer S19j Pro", "WhatsMiner M30S+"),
        ("Control board", "Hash chip", "Power supply"),
        (
            (charts.Cell(1800, 200, 100, "8543.70"), charts.Cell(2100, 0, 0), None),
            (charts.Cell(300, 97, 300, is_listed=True), charts.Cell(0, 697, 0), charts.Cell(0, 0, 697)),
        ),
        ("2,100 machines", "697 machines"),
    )


def racks() -> values.SlotMap:
    """Six racks with every state of a slot."""
    full: tuple[values.SlotState, ...] = ("mining",) * 72
    mixed: tuple[values.SlotState, ...] = ("mining", "low", "offline", "repair", "review", "free") * 12
    half: tuple[values.SlotState, ...] = ("mining",) * 24 + ("free",) * 48
    plan = (full, mixed, full, half, full, full)
    named = tuple(values.Rack(f"B2-{number:02d}", slots, "#") for number, slots in enumerate(plan, 1))
    return values.SlotMap("Building B2", named)


def tracks() -> list[tuple[values.Track, str]]:
    """Lanes with each kind of date and the state of the nearest."""
    day, mark, span = timedelta(days=1), values.Mark, values.Span
    return [
        (
            values.Track(
                "W-0182",
                (
                    mark(TODAY - 9 * day, "authorisation", "review", "8 Jun"),
                    mark(TODAY + 46 * day, "passport"),
                ),
                (span(None, TODAY - 9 * day),),
            ),
            "review",
        ),
        (
            values.Track("W-0207", (mark(TODAY + 2 * day, "i9", "watch", "I-9 section 2 due 19 Jun"),)),
            "watch",
        ),
        (
            values.Track(
                "W-0098",
                (
                    mark(TODAY + 33 * day, "receipt", label="20 Jul"),
                    mark(TODAY + 118 * day, "stay", "watch", "13 Oct"),
                ),
                (span(None, TODAY + 33 * day, "t3"),),
            ),
            "watch",
        ),
        (
            values.Track(
                "Permian Board Works",
                (mark(TODAY - 29 * day, "attestation", "review"),),
                (span(None, TODAY - 29 * day), span(TODAY - 29 * day, TODAY, "over")),
            ),
            "review",
        ),
        (values.Track("Ward County Guard", (), (span(None, None, "unknown"),)), "unknown"),
    ]


def papers() -> charts.Lanes:
    """Papers by kind, as in the report."""
    day = timedelta(days=1)
    first = tuple(charts.Dot(TODAY + gap * day, 1 + gap % 3) for gap in (-4, 18, 47, 96, 170, 266, 331))
    second = tuple(charts.Dot(TODAY + gap * day) for gap in (11, 29, 88, 188))
    return charts.Lanes(
        "Papers", TODAY, (charts.Lane("Admit-until date", first), charts.Lane("Passport", second))
    )


def proof() -> values.Proof:
    """A path of six steps over hashes of plain numbers."""
    hashes = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(8)]
    steps = [values.ProofStep("L" if number % 3 else "R", hashes[number]) for number in range(1, 7)]
    address = f"https://portal.example/v/LQ-2022-001/0417#{hashes[0][:32]}"
    return values.Proof(hashes[0], steps, hashes[7], 1_937_421, "USD", address, "Published 17 Jun 2022")


def guide() -> dict[str, Any]:
    """Everything the style guide shows."""
    return {
        "is_synthetic": True,
        "today": TODAY,
        "states": TABLE,
        "kpis": [
            values.Kpi(
                "Blocked pending counsel",
                units.power(12 * MW),
                "3,777 machines, 2,000 owners",
                "#",
                "blocked",
            ),
            values.Kpi("Open findings", 38, "4 new since yesterday", "#"),
            values.Kpi("Drawn of energized", units.power(None), "no meter reports", "#", "unknown"),
            values.Kpi("Net to owners", units.money_millions(2_491_349_085, "USD", 2), "by appraised value"),
            values.Kpi("Hashrate", units.hashrate(203_600), "last 24 hours"),
        ],
        "numbers": [
            ("power", 12 * MW),
            ("power", 6_100),
            ("power", None),
            ("energy", 2_412_000),
            ("hashrate", 203_600),
            ("hashrate", 2_104_300_000),
            ("efficiency", units.joules_per_terahash(3068, 104_000)),
            ("percent", 9841),
            ("bitcoin", 1_234_567),
            ("count", 55_345),
        ],
        "lines": site_lines(),
        "territory": territory(),
        "no_readings": charts.StackedBars("Installed power", "MW", ("Jan", "", "Mar"), (), per_unit=MW),
        "findings": values.CountGrid(
            "Severity",
            ("≤ 1 d", "≤ 7 d", "≤ 30 d", "older"),
            (
                values.CountRow("blocked", (0, 0, 1, 3), (None, None, "#", "#")),
                values.CountRow("review", (2, 5, 6, 4), ("#", "#", "#", "#")),
                values.CountRow("watch", (2, 3, 5, 2)),
                values.CountRow("unknown", (0, 1, 2, 2)),
            ),
        ),
        "day_line": values.DayLine(
            "Megawatts under a finding, by day",
            date(2021, 1, 1),
            date(2026, 6, 1),
            (
                values.Level(date(2022, 4, 20), 12 * MW, 0, "12.00 MW blocked pending counsel"),
                values.Level(date(2025, 1, 16), 12 * MW, 19_800_000, "Sophgo on Entity List, 16 Jan 2025"),
            ),
            date(2022, 4, 20),
        ),
        "standing": charts.StandingBar(
            "Machines by standing",
            "MW",
            (
                charts.Part("blocked", "blocked", 12 * MW),
                charts.Part("review", "review", 41 * MW),
                charts.Part("unknown", "unknown", 20 * MW),
                charts.Part("no open finding", "t2", 90 * MW),
            ),
            MW,
        ),
        "schedule": charts.Ticks("Exposure, daily", (1,) * 9 + (None,) + (1,) * 4),
        "uptime": charts.Ticks("JYZZ7F2A", tuple(100 if day % 7 else 76 for day in range(30))),
        "columns": values.Columns(
            "Score over time",
            tuple(
                values.Column(label, score)
                for label, score in zip(
                    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "28 Sep"),
                    (41, 44, None, 52, 58, 63, 66, 64, 57),
                    strict=True,
                )
            ),
        ),
        "shares": charts.Shares(
            "Hashrate by maker",
            "Fleet",
            "Network",
            (
                charts.Share("Bitmain", 7140, 8200),
                charts.Share("MicroBT", 2010, 1500),
                charts.Share("not known", None, 300),
            ),
        ),
        "waterfall": money_steps(),
        "gates": gates(),
        "timeline": [
            values.Gate("Notice", "done", date(2022, 4, 22)),
            values.Gate("You chose: sell", "done", date(2022, 5, 9)),
            values.Gate("Sold", "done", date(2022, 5, 30)),
            values.Gate("Statement", "done", date(2022, 6, 17)),
            values.Gate("Payment", "now", "by 24 Jun"),
        ],
        "jobs": jobs(),
        "heat": origin(),
        "evidence": evidence(),
        "racks": racks(),
        "axis": values.Axis(TODAY),
        "tracks": tracks(),
        "mark_kinds": ("authorisation", "stay", "passport", "i9", "receipt", "attestation"),
        "papers": papers(),
        "proof": proof(),
    }
