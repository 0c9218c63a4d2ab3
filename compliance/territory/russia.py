"""Measures on Russia, Belarus and regions of Ukraine, and Russia's own bans on mining, as dated rows."""

from datetime import date

from compliance.territory.facts import RegimeRow

OFAC = "US Treasury, OFAC"
_KNOWN = "background knowledge, not verified again"
_RUSHAR = "opensanctions, US-RUSHAR programme"
_FAQ = "FAQ 1049; sanctionsnews.bakermckenzie.com"
_SERVICES = "tradecomplianceresourcehub.com, 2024-06-12; hoganlovells.com"
_BANS = "tut-news.org; icma.az; tass.com 1965583"
_PART = "Covers a part of the region: settle the exact place."
_EU = "Restricted by the EU, and by the UK; not under an OFAC embargo as far as known. " + _PART

MEASURES: tuple[RegimeRow, ...] = (
    RegimeRow(
        "US-UA-43",
        "UA-43",
        "Crimea",
        "EMBARGO",
        OFAC,
        "EO 13685; 31 CFR 589",
        date(2014, 12, 19),
        None,
        "high",
        _KNOWN,
    ),
    RegimeRow(
        "US-UA-40",
        "UA-40",
        "Sevastopol",
        "EMBARGO",
        OFAC,
        "EO 13685; 31 CFR 589",
        date(2014, 12, 19),
        None,
        "high",
        _KNOWN,
    ),
    RegimeRow(
        "US-UA-14",
        "UA-14",
        "so-called Donetsk People's Republic",
        "EMBARGO",
        OFAC,
        "EO 14065; 31 CFR 590",
        date(2022, 2, 21),
        None,
        "high",
        _KNOWN,
        note=_PART,
    ),
    RegimeRow(
        "US-UA-09",
        "UA-09",
        "so-called Luhansk People's Republic",
        "EMBARGO",
        OFAC,
        "EO 14065; 31 CFR 590",
        date(2022, 2, 21),
        None,
        "high",
        _KNOWN,
        note=_PART,
    ),
    RegimeRow(
        "EU-UA-23",
        "UA-23",
        "occupied Zaporizhzhia",
        "SECTOR",
        "European Union",
        "Reg. (EU) 2022/263 as amended 2022-10-06",
        date(2022, 10, 6),
        None,
        "medium",
        _KNOWN,
        note=_EU,
    ),
    RegimeRow(
        "EU-UA-65",
        "UA-65",
        "occupied Kherson",
        "SECTOR",
        "European Union",
        "Reg. (EU) 2022/263 as amended 2022-10-06",
        date(2022, 10, 6),
        None,
        "medium",
        _KNOWN,
        note=_EU,
    ),
    RegimeRow(
        "US-RU-13660",
        "RU",
        "Russia",
        "LIST",
        OFAC,
        "EO 13660, 13661, 13662; 31 CFR 589",
        date(2014, 3, 6),
        None,
        "high",
        _RUSHAR,
        note="With the sectoral directives under EO 13662.",
    ),
    RegimeRow(
        "US-RU-14024",
        "RU",
        "Russia",
        "LIST",
        OFAC,
        "EO 14024, as amended by EO 14114; 31 CFR 587",
        date(2021, 4, 15),
        None,
        "high",
        _RUSHAR,
    ),
    RegimeRow(
        "US-RU-14024",
        "RU",
        "Russia",
        "SECTOR",
        OFAC,
        "EO 14024 s.1(a)(i); 31 CFR 587",
        date(2021, 4, 15),
        None,
        "high",
        _RUSHAR,
        note=(
            "Sectors are named by determination; the technology sector is the basis of the BitRiver "
            "designation of 2022-04-20."
        ),
    ),
    RegimeRow(
        "US-RU-14066",
        "RU",
        "Russia",
        "INVEST",
        OFAC,
        "EO 14066",
        date(2022, 3, 8),
        None,
        "high",
        _FAQ,
        note="With import bans. Upkeep of earlier investment is not new investment (FAQ 1049, 1050).",
    ),
    RegimeRow(
        "US-RU-14068",
        "RU",
        "Russia",
        "INVEST",
        OFAC,
        "EO 14068",
        date(2022, 3, 11),
        None,
        "high",
        _FAQ,
        note="With import and export bans.",
    ),
    RegimeRow(
        "US-RU-14071",
        "RU",
        "Russia",
        "INVEST",
        OFAC,
        "EO 14071 s.1(a)(i)",
        date(2022, 4, 6),
        None,
        "high",
        _FAQ,
        note=(
            "Selling a holding from before is not barred; a US person may assist the seller only (FAQ 1053)."
        ),
    ),
    RegimeRow(
        "US-RU-14071-ACCOUNTING",
        "RU",
        "Russia",
        "SERVICE",
        OFAC,
        "EO 14071 s.1(a)(ii)",
        date(2022, 6, 7),
        None,
        "high",
        _SERVICES,
        note="Accounting, trust and corporate formation, management consulting.",
    ),
    RegimeRow(
        "US-RU-14071-QUANTUM",
        "RU",
        "Russia",
        "SERVICE",
        OFAC,
        "EO 14071 s.1(a)(ii)",
        date(2022, 10, 15),
        None,
        "high",
        _SERVICES,
        note="Quantum computing.",
    ),
    RegimeRow(
        "US-RU-14071-ENGINEERING",
        "RU",
        "Russia",
        "SERVICE",
        OFAC,
        "EO 14071 s.1(a)(ii)",
        date(2023, 6, 18),
        None,
        "high",
        _SERVICES,
        note="Architecture and engineering.",
    ),
    RegimeRow(
        "US-RU-14071-IT",
        "RU",
        "Russia",
        "SERVICE",
        OFAC,
        "EO 14071 s.1(a)(ii)",
        date(2024, 9, 12),
        None,
        "high",
        _SERVICES,
        note=(
            "IT consultancy and design; support and cloud services for enterprise-management software, "
            "maintenance management included. Winding down an entity not owned by a Russian person is "
            "carved out."
        ),
    ),
    RegimeRow(
        "US-RU-14071-PETROLEUM",
        "RU",
        "Russia",
        "SERVICE",
        OFAC,
        "EO 14071 s.1(a)(ii)",
        date(2025, 2, 27),
        None,
        "medium",
        _KNOWN,
        note="Petroleum services.",
    ),
    RegimeRow(
        "US-BY-13405",
        "BY",
        "Belarus",
        "LIST",
        OFAC,
        "EO 13405; 31 CFR 548",
        date(2006, 6, 16),
        None,
        "medium",
        _KNOWN,
        note="Partial relief in 2025 and 2026: verify.",
    ),
    RegimeRow(
        "US-BY-14038",
        "BY",
        "Belarus",
        "SECTOR",
        OFAC,
        "EO 14038; 31 CFR 548",
        date(2021, 8, 9),
        None,
        "medium",
        _KNOWN,
        note="Partial relief in 2025 and 2026: verify.",
    ),
)

_BANNED_THROUGHOUT = (
    ("RU-DA", "Dagestan", ""),
    ("RU-IN", "Ingushetia", ""),
    ("RU-KB", "Kabardino-Balkaria", ""),
    ("RU-KC", "Karachay-Cherkessia", ""),
    ("RU-SE", "North Ossetia", ""),
    ("RU-CE", "Chechnya", ""),
    ("UA-14", "so-called Donetsk People's Republic", _PART),
    ("UA-09", "so-called Luhansk People's Republic", _PART),
    ("UA-23", "occupied Zaporizhzhia", _PART),
    ("UA-65", "occupied Kherson", _PART),
)
_BANNED_IN_WINTER = (
    ("RU-IRK", "Irkutsk"),
    ("RU-BU", "Buryatia"),
    ("RU-ZAB", "Zabaykalsky"),
)
_WINTERS = (
    (date(2025, 1, 1), date(2025, 3, 16)),
    *((date(year, 11, 15), date(year + 1, 3, 16)) for year in range(2025, 2031)),
)
_LAST_DAY_AND_ONE = date(2031, 3, 16)


def _ban(territory: str, name: str, from_on: date, to_on: date, note: str) -> RegimeRow:
    return RegimeRow(
        code=f"RU-BAN-{territory}",
        territory=territory,
        name=name,
        measure="BAN",
        authority="Government of Russia",
        citation="Regional mining bans under Law 221-FZ",
        from_on=from_on,
        to_on=to_on,
        confidence="high",
        source=_BANS,
        note=note,
    )


BANS: tuple[RegimeRow, ...] = (
    *(
        _ban(territory, name, date(2025, 1, 1), _LAST_DAY_AND_ONE, note)
        for territory, name, note in _BANNED_THROUGHOUT
    ),
    *(
        _ban(territory, name, from_on, to_on, _PART)
        for territory, name in _BANNED_IN_WINTER
        for from_on, to_on in _WINTERS
    ),
    _ban("RU-IRK", "South of Irkutsk", date(2025, 4, 7), _LAST_DAY_AND_ONE, _PART),
)

RUSSIA: tuple[RegimeRow, ...] = MEASURES + BANS
