"""Every recorded answer is read or refused with a reason, and nothing a miner says makes a traceback."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.telemetry.answers import Answers
from fleet.telemetry.captures import read_captures
from fleet.telemetry.families import UNKNOWN, family_of
from fleet.telemetry.limits import mac_of, serial_of
from fleet.telemetry.parsers import PARSERS, parse
from fleet.telemetry.snapshots import Snapshot
from kit.errors import Refusal

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "data" / "captures"
with_captures = pytest.mark.skipif(not CAPTURES.is_dir(), reason="../shared/data/captures is not there")

# One short answer of each family, written here.
CGMINER = {"STATUS": [{"Description": "cgminer 1.0.0"}]}
SMALL = {
    "Braiins OS 25.07 and later": {
        "miner_details": {
            "bos_version": {"current": "2025-08-06-0-3881c51d-25.07-plus"},
            "control_board_soc_family": 1,
            "status": 3,
            "psu_info": {"serial_number": "PSU-77"},
        },
        "miner_stats": {"miner_stats": {"real_hashrate": {"last_5s": {"gigahash_per_second": 50.5}}}},
    },
    "Braiins OS": {
        "gql_system": {
            "data": {"bosminer": {"info": {"workSolver": {"realHashrate": {"mhs5S": 50_400.0}}}}},
        }
    },
    "LuxOS": {
        "summary": {"STATUS": [{"Description": "LUXminer 1"}], "SUMMARY": [{"GHS 5s": 50}]},
        "config": {"CONFIG": [{"ControlBoardType": "cvitek", "SerialNumber": "LUX-1234"}]},
    },
    "MSKMiner": {
        "version": {"VERSION": [{"BMMiner": "4 rwglr", "Type": "S19-88 v.2.6 "}]},
        "stats": {
            "STATS": [{}, {"GHS 5s": 50, "total_power": 3_000, "chain_acn1": 88, "temp_chip1": "59-61"}]
        },
    },
    "Hammer": {
        "version": {"VERSION": [{"Type": "Hammer D10"}]},
        "summary": {"SUMMARY": [{"MHS 5s": "50000.4"}]},
    },
    "WhatsMiner 3.0": {
        "get_device_info": {
            "desc": "get.device.info",
            "msg": {"system": {"platform": "H616"}, "miner": {"pcbsn0": "PCB-0001", "pcbsn1": ""}},
        },
        "get_miner_status_summary": {"desc": "get.miner.status", "msg": {"summary": {"hash-realtime": 0.05}}},
    },
    "WhatsMiner": {"summary": {"SUMMARY": [{"CB Platform": "ALLWINNER_H6", "HS RT": 50_000}]}},
    "Auradine": {
        "summary": {"SUMMARY": [{"MHS 5s": 50_000}]},
        "ipreport": {
            "IPReport": [{"CBSerialNo": "CB-1234", "InternalType": "T2", "HBSerialNo": ["HB-1234"]}]
        },
    },
    "Avalon": {
        "version": {"VERSION": [{"PROD": "Avalon 15", "HWTYPE": "MM4v2_X3"}]},
        "stats": {
            "STATS": [{"MM ID0": "Ver[1] GHSspd[50.20] PS[0 1 2 3 4 5 3731] SYSTEMSTATU[Work: In Work]"}]
        },
    },
    "ePIC": {
        "summary": {
            "Software": "PowerPlay 1",
            "HBs": [{"Hashrate": [50_000]}],
            "Status": {"Operating State": "Mining"},
        }
    },
    "Proto": {
        "mining": {"mining-status": {"hashrate_ghs": 50.0, "status": "Mining"}},
        "system": {"system-info": {"board": "C3", "cb_sn": "CB-PROTO-1"}},
    },
    "Bitaxe": {"system_info": {"ASICModel": "BM1368", "hashRate": 50}},
    "Elphapex": {
        "summary": {"INFO": {"type": "DG1"}, "SUMMARY": [{"rate_5s": 50_000, "rate_unit": "MH/s"}]},
        "get_power": {"power_sn": "POWER-123"},
    },
    "Antminer": {
        "version": {"VERSION": [{"BMMiner": "1", "Type": "Antminer S19"}]},
        "summary": {"SUMMARY": [{"GHS 5s": 50}]},
    },
}
FAMILIES = {
    "Braiins OS 25.07 and later": "cvitek",
    "LuxOS": "cvitek",
    "WhatsMiner 3.0": "allwinner_h616",
    "WhatsMiner": "allwinner_h6",
    "Auradine": "auradine_t",
    "Avalon": "canaan_mm4",
    "Proto": "proto_c",
}


def test_every_parser_has_a_small_answer_here():
    assert set(SMALL) == {parser.NAME for parser in PARSERS}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_answer_is_read_by_its_own_parser_alone(name):
    snapshot, answers = parse(SMALL[name])
    assert snapshot.hashrate_ghs == 50
    assert snapshot.board_family == FAMILIES.get(name, UNKNOWN)
    assert snapshot.is_hashing is (name != "Braiins OS 25.07 and later")
    assert answers.read <= set(SMALL[name])


def test_serials_of_board_supply_and_control_board_are_read():
    parts = {name: [(p.kind, p.serial) for p in parse(told)[0].parts] for name, told in SMALL.items()}
    assert parts["Braiins OS 25.07 and later"] == [("psu", "PSU-77")]
    assert parts["WhatsMiner 3.0"] == [("hashboard", "PCB-0001")]
    assert parts["Auradine"] == [("control_board", "CB-1234"), ("hashboard", "HB-1234")]
    assert parts["Proto"] == [("control_board", "CB-PROTO-1")]
    assert parts["Elphapex"] == [("psu", "POWER-123")]


@pytest.mark.parametrize(
    ("told", "figure", "remark"),
    [
        ({"GHS 5s": -0.003}, None, "hashrate “-0.003” cannot be"),
        ({"GHS 5s": 1e12}, None, "hashrate “1000000000000.0” cannot be"),
        ({"GHS 5s": "NaN"}, None, None),
        ({"GHS 5s": True}, None, None),
        ({"GHS 5s": "51.2 GH/s"}, 51, None),
        ({"GHS 5s": 10**400}, None, None),
    ],
)
def test_a_figure_that_cannot_be_is_unknown_and_said(told, figure, remark):
    answers = {
        "version": {"VERSION": [{"Type": "Antminer S19"}]},
        "summary": {"SUMMARY": [told]},
        "system_info": {"serinum": "SERIAL-1", "minertype": "Antminer S19"},
    }
    snapshot, _read = parse(answers)
    assert snapshot.hashrate_ghs == figure
    assert list(snapshot.remarks) == ([remark] if remark else [])


@pytest.mark.parametrize(
    ("told", "mac"),
    [
        ("02:ab:cd:ef:00:01", "02:AB:CD:EF:00:01"),
        ("02-AB-CD-EF-00-01", "02:AB:CD:EF:00:01"),
        ("02abcdef0001", "02:AB:CD:EF:00:01"),
        ("02:55:97:22:3M:72", ""),
        ("", ""),
    ],
)
def test_macs(told, mac):
    assert mac_of(told) == mac


@pytest.mark.parametrize(
    "told", ["", "0", "000000000", "0-0-0-0", "N/A\n", "???", "X" * 41, "ÄÖÜ-1234", "A\0BCD"]
)
def test_a_placeholder_is_no_serial(told):
    assert serial_of(told) == ""


@pytest.mark.parametrize(
    ("told", "family"), [("AM-LOGIC", "amlogic"), ("MM3v2_X3", "canaan_mm3"), ("STM32", UNKNOWN)]
)
def test_families(told, family):
    assert family_of(told) == family


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({}, "no answers"),
        ({"pools": {"POOLS": []}}, "No known firmware"),
        ({"version": {"VERSION": [{"Type": "Antminer S19"}]}}, "none tells a hashrate"),
    ],
)
def test_answers_that_say_nothing_are_refused_with_a_reason(answers, why):
    with pytest.raises(Refusal, match=why):
        parse(answers)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["Antminer", "1.5W", "A[1 2] B[x]", "9" * 60, "-", "\0", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def spoiled(answer, draw):
    """The answer with some of its insides put to other things."""
    if draw(st.integers(0, 5)) == 0:
        return draw(ODD)
    if isinstance(answer, dict):
        return {key: spoiled(value, draw) for key, value in answer.items() if draw(st.integers(0, 9))}
    if isinstance(answer, list):
        return [spoiled(value, draw) for value in answer] * draw(st.integers(0, 2))
    return answer


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=60, deadline=None)
@given(choice=st.data())
def test_a_spoiled_answer_is_read_or_refused_and_never_a_traceback(name, choice):
    answers = spoiled(SMALL[name], choice.draw)
    if not isinstance(answers, dict):
        return
    parser = next(parser for parser in PARSERS if name == parser.NAME)
    assert_read_or_refused(lambda: parse(answers)[0])
    assert_read_or_refused(lambda: parser.parse(Answers(answers)))


@settings(max_examples=150, deadline=None)
@given(answers=st.dictionaries(st.sampled_from(["stats", "summary", "version", "devs", "system_info"]), ODD))
def test_any_answers_at_all_are_read_or_refused(answers):
    assert_read_or_refused(lambda: parse(answers)[0])


def assert_read_or_refused(read):
    """Anything but a Refusal comes through and fails the test."""
    try:
        snapshot = read()
    except Refusal:
        return
    assert_sound(snapshot)


def assert_sound(snapshot: Snapshot):
    """What a snapshot promises to whoever stores it."""
    for figure in (snapshot.hashrate_ghs, snapshot.expected_ghs, snapshot.power_w):
        assert figure is None or 0 <= figure <= 10_000_000
    for text in (snapshot.firmware, snapshot.model, snapshot.control_board, snapshot.psu_model):
        assert len(text) <= 80
        assert text.isprintable()
    for part in snapshot.parts:
        assert serial_of(part.serial) == part.serial
        assert 0 <= part.position <= 99


@with_captures
def test_every_recorded_miner_is_read():
    captures = list(read_captures(CAPTURES))
    assert len(captures) >= 19
    assert {one.path.name: one.refusal for one in captures if one.snapshot is None} == {}
    for one in captures:
        assert one.snapshot is not None
        assert_sound(one.snapshot)
    serials = {one.path.parent.name: len(one.snapshot.parts) for one in captures if one.snapshot}
    assert (serials["proto"], serials["luxminer"], serials["auradine"]) == (7, 3, 4)


@with_captures
def test_every_recorded_file_on_its_own_is_read_or_refused_with_a_reason():
    for file in CAPTURES.rglob("*.json"):
        for one in read_captures(file):
            assert one.snapshot is not None or one.refusal
            if one.snapshot:
                assert_sound(one.snapshot)


@with_captures
@settings(max_examples=60, deadline=None)
@given(choice=st.data())
def test_a_spoiled_record_is_read_or_refused(choice):
    files = sorted(CAPTURES.rglob("*.json"))
    folder = choice.draw(st.sampled_from(sorted({file.parent for file in files})))
    answers = {
        file.stem: spoiled(json.loads(file.read_bytes()), choice.draw)
        for file in folder.glob("*.json")
        if file.stat().st_size < 4_000
    }
    assert_read_or_refused(lambda: parse(answers)[0])


def write(folder: Path, **answers) -> None:
    for name, answer in answers.items():
        text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        (folder / f"{name}.json").write_bytes(text)


def test_a_table_says_of_each_record_what_was_read_or_why_not(tmp_path):
    for name in ("lux", "unknown", "broken"):
        (tmp_path / name).mkdir()
    write(tmp_path / "lux", **SMALL["LuxOS"], more=b"{")
    write(tmp_path / "unknown", pools={"POOLS": []})
    write(tmp_path / "broken", stats=b"\xff\xfe")
    write(tmp_path, bundle={f"rpc_{name}": answer for name, answer in SMALL["MSKMiner"].items()})
    out = StringIO()
    call_command("parse_captures", str(tmp_path), "--serials", stdout=out)
    text = out.getvalue()
    assert "refused: No known firmware answers like this" in text
    assert "refused: stats.json is not JSON in UTF-8" in text
    assert "lux: more.json refused: more.json is not JSON in UTF-8." in text
    assert "cvitek" in text
    assert "MSKMiner 2.6" in text
    assert "4 read: 2 parsed, 2 refused." in text


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="There is nothing at"):
        call_command("parse_captures", str(tmp_path / "none"))


def test_a_file_nested_too_deep_is_refused(tmp_path):
    write(tmp_path, stats=b"[" * 100_000 + b"]" * 100_000)
    assert "is not JSON" in next(read_captures(tmp_path)).refusal
