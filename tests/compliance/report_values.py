"""A report's value made by hand for tests of its pages: small, every section filled, figures that re-add."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from compliance.reports import parts as v
from compliance.reports.value import FORMAT, ComplianceReport

MW = 1_000_000
DAY = date(2022, 4, 20)


def _course() -> v.Course:
    ends = (*(date(2020 + n // 4, n % 4 * 3 + 3, 30) for n in range(4, 9)), DAY)
    return v.Course(
        ends,
        (
            v.CourseRow(
                "RU",
                "Russia",
                "t4",
                (0, 4 * MW, 8 * MW, 12 * MW, 12 * MW, 12 * MW),
                (0, 4 * MW, 8 * MW, 12 * MW, 12 * MW, 12 * MW),
            ),
            v.CourseRow(
                "CN", "China", "t5", (30 * MW, 24 * MW, 6 * MW, 0, 0, 0), (30 * MW, 24 * MW, 6 * MW, 0, 0, 0)
            ),
            v.CourseRow(
                "KZ",
                "Kazakhstan",
                "t2",
                (10 * MW, 14 * MW, 26 * MW, 40 * MW, 44 * MW, 46 * MW),
                (10 * MW, 14 * MW, 26 * MW, 40 * MW, 44 * MW, 48 * MW),
            ),
            v.CourseRow(
                "US",
                "United States",
                "t1",
                (12 * MW, 14 * MW, 18 * MW, 22 * MW, 26 * MW, 30 * MW),
                (12 * MW, 14 * MW, 18 * MW, 22 * MW, 26 * MW, 32 * MW),
            ),
        ),
        (v.Event(date(2021, 5, 21), "China vows a crackdown"), v.Event(DAY, "BITRIVER AG listed")),
    )


def _measure(machines: int, mw: int, owners: int, cents: int | None = None) -> v.Measure:
    return v.Measure(machines, mw * MW, mw * MW, machines * 95_000, cents, 0 if cents else machines, owners)


RUSSIA = _measure(3_692, 12, 2_000, 29_999_300_00)
KAZAKHSTAN = _measure(14_000, 46, 300, 90_000_000_00)
AMERICA = _measure(9_000, 30, 41)
FLEET = v.Measure(26_692, 88 * MW, 92 * MW, 26_692 * 95_000, 119_999_300_00, 9_000, 2_341)


def _exposure() -> tuple[v.ExposureTable, ...]:
    countries = (
        v.ExposureRow("RU", "Russia", RUSSIA, "blocked"),
        v.ExposureRow("KZ", "Kazakhstan", KAZAKHSTAN, "review"),
        v.ExposureRow("US", "United States", AMERICA),
    )
    programme = (v.ExposureRow("RUSSIA-EO14024", "RUSSIA-EO14024", RUSSIA, "blocked"),)
    hosts = (
        v.ExposureRow("P-1", "BitRiver", RUSSIA, "blocked"),
        v.ExposureRow("P-2", "Hive Mining", KAZAKHSTAN, "review"),
    )
    return (
        v.ExposureTable("country", "By country", countries, True),
        v.ExposureTable("region", "By region", countries, True),
        v.ExposureTable("programme", "By programme", programme, False),
        v.ExposureTable("host", "By host", hosts, False),
    )


def _findings() -> tuple[v.FindingRow, ...]:
    blocked = v.FindingRow(
        "F-1",
        "listed-site-party",
        "A party at a site is on a list",
        "blocked",
        "Bratsk",
        "The host BitRiver is the listed party BITRIVER AG (same registration number). "
        "Payments, moves and sales are held.",
        "E.O. 14024",
        "OFAC SDN list, no. 36456, US Treasury, OFAC",
        "high",
        RUSSIA,
        DAY,
        date(2022, 5, 4),
        True,
    )
    review = replace(
        blocked,
        number="F-2",
        rule="origin-unknown",
        standing="review",
        about="S19j Pro",
        sentence="The origin of 2,100 control boards is unknown. Unknown is counted, not guessed.",
        authority="House rule",
        source="",
        confidence="medium",
        measure=v.Measure(machines=2_100),
        due_on=None,
        is_synthetic=False,
    )
    watch = replace(
        review, number="F-3", standing="watch", sentence="Three authorisation dates come within 90 days."
    )
    return (blocked, review, watch, replace(watch, number="F-4", standing="unknown", since=None))


def _checklists() -> tuple[v.Checklist, ...]:
    titles = (
        "Check work authorisation",
        "Assess equipment origin",
        "Build backup supply channels",
        "Strengthen compliance management",
    )
    items = tuple(
        v.ChecklistItem(
            f"item-{n}",
            title,
            standing,
            ("25 dates read from records", "13 dates have passed"),
            missing,
            "S3-30",
        )
        for n, (title, standing, missing) in enumerate(
            zip(
                titles,
                ("review", "unknown", "watch", "none"),
                (
                    ("No attestation of the repair contractor is on record.",),
                    ("Papers for 410 boards",),
                    (),
                    (),
                ),
                strict=True,
            )
        )
    )
    return (v.Checklist("pecos", "Lonestar Dream", items),)


def _staff() -> v.Staff:
    first = v.Lane(
        "work_authorisation",
        "Work authorisation",
        (
            v.DateCount(DAY - timedelta(9), 13),
            v.DateCount(DAY + timedelta(20), 2),
            v.DateCount(DAY + timedelta(60), 4),
        ),
    )
    second = v.Lane("attestation", "Contractor attestation", (v.DateCount(DAY + timedelta(200), 1),))
    return v.Staff(25, 1, (first, second), 13, 2, 4, 1, 2)


def _origin() -> v.Origin:
    rows = (
        v.OriginRow(
            "Antminer S19j Pro",
            3_692,
            (v.OriginCell(80, 10, 10, "MY"), v.OriginCell(30, 20, 50, "CN", True), None),
        ),
        v.OriginRow(
            "Whatsminer M50S",
            14_000,
            (v.OriginCell(0, 0, 200), v.OriginCell(0, 0, 150), v.OriginCell(5, 0, 45, "TW")),
        ),
    )
    return v.Origin(
        ("Hashboard", "Control board", "Power supply"),
        rows,
        200,
        250,
        (v.SupplyChannel("Second maker", "power supplies", "TW", False),),
    )


def _sale() -> v.Sale:
    steps = (
        v.MoneyStep("Sale proceeds", 21_587_500_00, "start"),
        v.MoneyStep("Dismantling", -742_180_00, "cost", "invoice 17"),
        v.MoneyStep("Reserve for tax", -1_200_000_00, "cost"),
        v.MoneyStep("Distributable", 19_645_320_00, "subtotal"),
        v.MoneyStep("Set aside: owners held", -1_501_068_24, "aside", "171 owners", "blocked"),
        v.MoneyStep("Still to be paid", -2_000_000_00, "aside", "", "review"),
        v.MoneyStep("Paid out", 16_144_251_76, "end"),
    )
    classes = (
        v.OwnerClass("paid", "Paid", 1_700, 3_000, 16_144_251_76),
        v.OwnerClass("due", "To be paid", 129, 345, 2_000_000_00),
        v.OwnerClass("set_aside", "Set aside, owner held", 171, 347, 1_501_068_24),
    )
    names = (
        "Scope",
        "Hold",
        "Legal review",
        "Authorisation",
        "Elections",
        "Buyer",
        "Valuation",
        "Sale",
        "Proceeds",
        "Distribution",
        "Statements",
        "Payouts and records",
        "Close",
    )
    gates = tuple(
        v.GateRow(name, date(2022, 5, 1) + timedelta(7 * n) if n < 11 else None)
        for n, name in enumerate(names)
    )
    return v.Sale(
        "LQ-2022-01",
        "Sale of the Siberian machines",
        "Siberian site",
        "statements issued",
        "USD",
        3_692,
        12 * MW,
        2_000,
        steps,
        classes,
        gates,
        "ab" * 32,
        True,
    )


def _sources() -> v.Sources:
    law = v.LawRow(
        "ead-extension",
        "Automatic extension of employment authorisation by a timely renewal",
        "US Homeland Security",
        "8 CFR 274a.13(d): up to 540 days",
        date(2022, 5, 4),
        None,
        "high",
        date(2026, 11, 22),
    )
    regime = replace(
        law,
        code="RU-EO14024",
        title="RU · Russia · sector",
        authority="US Treasury, OFAC",
        citation="E.O. 14024",
        from_on=date(2021, 4, 15),
    )
    return v.Sources(
        (v.SourceRow("S0-9 to 12", 4_000, ("machines", "sites")),),
        (v.ListEdition("OFAC SDN list", "US Treasury, OFAC", DAY, 11, True, "c1" * 32),),
        (v.RuleRow("listed-site-party", "Is a party at the site on a list in force on the day?"),),
        "d2" * 32,
        (law,),
        (regime,),
        "e3" * 32,
        41,
        "f4" * 32,
    )


def sample_report(**changes: Any) -> ComplianceReport:
    """The value, with some of its fields replaced."""
    figures = tuple(
        v.KeyFigure(code, label, figure, unit, change, tone)
        for code, label, figure, unit, change, tone in (
            ("contracted", "Contracted power", "92.0", "MW", "+8.0 MW since 20 Mar 2022", ""),
            ("blocked", "Blocked pending counsel", "12.0", "MW", "none on 20 Mar 2022", "blocked"),
            ("findings", "Open findings", "4", "", "1 blocked, 1 for review", ""),
            ("boards", "Control boards of unknown origin", "200", "", "of 250 on record", ""),
            ("papers", "Papers ending within 90 days", "19", "", "13 of them overdue", ""),
            ("aside", "Set aside for held owners", "1.50", "USD m", "171 owners", ""),
        )
    )
    standings = (
        v.StandingPart("blocked", "Blocked pending counsel", 12 * MW),
        v.StandingPart("review", "Review", 46 * MW),
        v.StandingPart("none", "No open finding", 30 * MW),
    )
    executive = v.Executive(
        "Twelve megawatts in Russia are blocked pending counsel since the host was listed.",
        figures,
        standings,
        (
            v.Change(
                DAY,
                "OFAC listed BITRIVER AG, with ten companies linked to it; one of our hosts is among them.",
            ),
            v.Change(date(2022, 4, 1), "Kazakhstan: 2.0 MW more than before."),
        ),
        ("Instruct counsel on the 12 MW at Bratsk.", "Name who looks at 2,100 boards."),
    )
    report = ComplianceReport(
        format=FORMAT,
        kind="compliance",
        language="en",
        operator="Northfield Hosting",
        as_of=DAY,
        compared_on=date(2022, 3, 20),
        data_time=datetime(2026, 11, 22, 4, 12, 37, tzinfo=UTC),
        scope=(),
        currency="USD",
        is_synthetic=True,
        fleet=FLEET,
        before=FLEET,
        sites=3,
        executive=executive,
        course=_course(),
        world=v.WorldShares(
            date(2021, 8, 1),
            "CCAF",
            (
                v.ShareRow("United States", "t1", 3_400, 3_540),
                v.ShareRow("Kazakhstan", "t2", 5_200, 1_810),
                v.ShareRow("Russia", "t4", 1_400, 1_123),
            ),
        ),
        exposure=_exposure(),
        findings=_findings(),
        checklists=_checklists(),
        staff=_staff(),
        origin=_origin(),
        sales=(_sale(),),
        capacity=v.Capacity(
            (
                v.SiteRow(
                    "bratsk",
                    "Siberian site",
                    "RU",
                    14 * MW,
                    12 * MW,
                    12 * MW,
                    12 * MW,
                    None,
                    "unknown",
                    0,
                    True,
                    True,
                ),
                v.SiteRow(
                    "kz", "Hive", "KZ", None, None, 48 * MW, 46 * MW, None, "unknown", None, False, False
                ),
                v.SiteRow(
                    "pecos",
                    "Lonestar Dream",
                    "US",
                    60 * MW,
                    50 * MW,
                    32 * MW,
                    30 * MW,
                    29 * MW,
                    "metered",
                    18 * MW,
                    False,
                    False,
                ),
            )
        ),
        sources=_sources(),
    )
    return replace(report, **changes)
