"""Measures of the United States on territories other than Russia, Belarus and Ukraine, as dated rows."""

from datetime import date

from compliance.territory.facts import RegimeRow

OFAC = "US Treasury, OFAC"
_KNOWN = "background knowledge, not verified again"
_VENEZUELA = "steptoe.com weekly update, 2026-02-02"
_PROGRAMMES = "programme: opensanctions, US programmes; date: background knowledge, not verified again"

WORLD: tuple[RegimeRow, ...] = (
    RegimeRow(
        "US-CU",
        "CU",
        "Cuba",
        "EMBARGO",
        OFAC,
        "Proc. 3447; 31 CFR 515",
        date(1962, 2, 7),
        None,
        "high",
        _KNOWN,
    ),
    RegimeRow(
        "US-IR",
        "IR",
        "Iran",
        "EMBARGO",
        OFAC,
        "EO 12957, 12959, 13059; 31 CFR 560",
        date(1995, 5, 7),
        None,
        "high",
        _KNOWN,
    ),
    RegimeRow(
        "US-KP",
        "KP",
        "North Korea",
        "EMBARGO",
        OFAC,
        "EO 13722; 31 CFR 510",
        date(2016, 3, 16),
        None,
        "high",
        _KNOWN,
        note="Earlier measures of 1950 to 2008 and from 2008 on are not entered.",
    ),
    RegimeRow(
        "US-SD",
        "SD",
        "Sudan",
        "EMBARGO",
        OFAC,
        "EO 13067",
        date(1997, 11, 3),
        date(2017, 10, 12),
        "high",
        _KNOWN,
    ),
    RegimeRow(
        "US-SD",
        "SD",
        "Sudan",
        "LIST",
        OFAC,
        "Darfur measures",
        date(2017, 10, 12),
        None,
        "medium",
        _KNOWN,
        note="Entered from the end of the embargo; the list measures themselves are older.",
    ),
    RegimeRow(
        "US-SY",
        "SY",
        "Syria",
        "EMBARGO",
        OFAC,
        "EO 13582; 31 CFR 542",
        date(2011, 8, 18),
        date(2025, 7, 1),
        "high",
        "ofac.treasury.gov, Syria-related sanctions",
        note=(
            "Ended by EO 14312 of 2025-06-30; general licence 25 on 2025-05-23; part 542 removed 2025-08-26."
        ),
    ),
    RegimeRow(
        "US-SY",
        "SY",
        "Syria",
        "LIST",
        OFAC,
        "EO 13894 as amended (PAARSS)",
        date(2025, 7, 1),
        None,
        "high",
        "ofac.treasury.gov, Syria-related sanctions",
    ),
    RegimeRow(
        "US-VE-13692",
        "VE",
        "Venezuela",
        "LIST",
        OFAC,
        "EO 13692, 13850; 31 CFR 591",
        date(2015, 3, 8),
        None,
        "high",
        _VENEZUELA,
    ),
    RegimeRow(
        "US-VE-13827",
        "VE",
        "Venezuela",
        "SECTOR",
        OFAC,
        "EO 13827",
        date(2018, 3, 19),
        None,
        "high",
        _VENEZUELA,
        note="Digital currency issued by or for the government (Petro).",
    ),
    RegimeRow(
        "US-VE-13884",
        "VE",
        "Venezuela",
        "GOV",
        OFAC,
        "EO 13884; 31 CFR 591",
        date(2019, 8, 5),
        None,
        "high",
        _VENEZUELA,
        note="Eased by general licences after 2026-01-03, such as GL 46 of 2026-01-29 for oil: verify.",
    ),
    RegimeRow(
        "US-MM",
        "MM",
        "Myanmar",
        "LIST",
        OFAC,
        "EO 14014; 31 CFR 525",
        date(2021, 2, 10),
        None,
        "high",
        _KNOWN,
    ),
    RegimeRow(
        "US-CN",
        "CN",
        "China",
        "LIST",
        "US Treasury, OFAC; US Commerce, BIS",
        "EO 13959, 14032",
        date(2020, 11, 12),
        None,
        "high",
        _KNOWN,
        note=(
            "Securities of named military-industrial companies, named persons, and the BIS Entity and "
            "military end-user lists."
        ),
    ),
    RegimeRow(
        "US-NI", "NI", "Nicaragua", "LIST", OFAC, "EO 13851", date(2018, 11, 27), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-ZW",
        "ZW",
        "Zimbabwe",
        "LIST",
        OFAC,
        "EO 13288",
        date(2003, 3, 6),
        date(2024, 3, 4),
        "medium",
        _PROGRAMMES,
    ),
    RegimeRow(
        "US-CF",
        "CF",
        "Central African Republic",
        "LIST",
        OFAC,
        "EO 13667",
        date(2014, 5, 12),
        None,
        "medium",
        _PROGRAMMES,
    ),
    RegimeRow(
        "US-CD",
        "CD",
        "Congo (Kinshasa)",
        "LIST",
        OFAC,
        "EO 13413",
        date(2006, 10, 27),
        None,
        "medium",
        _PROGRAMMES,
    ),
    RegimeRow(
        "US-SO", "SO", "Somalia", "LIST", OFAC, "EO 13536", date(2010, 4, 12), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-SS", "SS", "South Sudan", "LIST", OFAC, "EO 13664", date(2014, 4, 3), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-YE", "YE", "Yemen", "LIST", OFAC, "EO 13611", date(2012, 5, 16), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-LY", "LY", "Libya", "LIST", OFAC, "EO 13566", date(2011, 2, 25), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-LB", "LB", "Lebanon", "LIST", OFAC, "EO 13441", date(2007, 8, 1), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-IQ", "IQ", "Iraq", "LIST", OFAC, "EO 13303", date(2003, 5, 22), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-ML", "ML", "Mali", "LIST", OFAC, "EO 13882", date(2019, 7, 26), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-ET", "ET", "Ethiopia", "LIST", OFAC, "EO 14046", date(2021, 9, 17), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-HT",
        "HT",
        "Haiti",
        "LIST",
        OFAC,
        "EO 13818 and others",
        date(2017, 12, 20),
        None,
        "low",
        _PROGRAMMES,
        note="No programme of its own is known; the date is that of the order most used.",
    ),
    RegimeRow(
        "US-HK", "HK", "Hong Kong", "LIST", OFAC, "EO 13936", date(2020, 7, 14), None, "medium", _PROGRAMMES
    ),
    RegimeRow(
        "US-BA",
        "BA",
        "Bosnia and Herzegovina",
        "LIST",
        OFAC,
        "EO 13219 (Western Balkans)",
        date(2001, 6, 26),
        None,
        "medium",
        _PROGRAMMES,
        note="The programme reaches neighbouring countries as well.",
    ),
    RegimeRow(
        "US-AF",
        "AF",
        "Afghanistan",
        "LIST",
        OFAC,
        "EO 13224 (Taliban)",
        date(2001, 9, 23),
        None,
        "medium",
        _PROGRAMMES,
        note="A terrorism list, not a country programme.",
    ),
)
