from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fleet.imports import verbs
from fleet.imports.models import BatchStatus, ImportBatch
from fleet.imports.reads import refused_csv
from fleet.miners.models import Miner, Stay
from fleet.miners.verbs import end_stays, move_miners, place_hold, register_miner, set_status
from kit.errors import Refusal
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO

HEADER = "serial,model,owner,site,rack,slot,status,power_w,ths,from\n"
TWO_NEW = (
    HEADER
    + "sn-0001,Antminer S19,C-001,bratsk,R1,1,mining,3250,95,2022-03-01\n"
    + "sn-0002,MicroBT Whatsminer M50,C-002,bratsk,R1,2,mining,,,2022-03-01\n"
)


def planned(text: str | bytes) -> ImportBatch:
    content = text.encode() if isinstance(text, str) else text
    return verbs.plan(verbs.receive("miners.csv", [content], by=None), by=None)


def applied(text: str | bytes) -> ImportBatch:
    batch = planned(text)
    return verbs.apply(batch, token=batch.token, by=None)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.creates, batch.updates, batch.same, batch.refused


def problems(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(found["line"], found["column"], found["reason"]) for found in batch.problems]


def tables_of_imports() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            r"select count(*) from pg_class where relname like 'fleet\_import\_%' and relkind in ('r', 'S')"
        )
        return cursor.fetchone()[0]


def test_a_plan_changes_nothing_and_applying_it_makes_miners_with_their_stays(fleet):
    batch = planned(TWO_NEW)
    assert (batch.status, counts(batch), Miner.objects.count()) == (BatchStatus.PLANNED, (2, 0, 0, 0), 0)
    batch = verbs.apply(batch, token=batch.token, by=None)
    first, second = Miner.objects.order_by("serial")
    assert (first.serial, first.model, first.owner, first.site) == (
        "SN-0001",
        fleet.s19,
        fleet.dana,
        fleet.bratsk,
    )
    assert (second.power_w, second.ghs, second.slot) == (3_306, 114_000, fleet.slots[1])
    stay = Stay.objects.get(miner=first)
    assert (stay.from_at, stay.to_at, stay.power_w) == (datetime(2022, 3, 1, tzinfo=UTC), None, 3_250)
    assert TrailEntry.objects.filter(verb="import.applied").get().detail["new"] == 2


def test_the_same_file_again_changes_nothing(fleet):
    applied(TWO_NEW)
    stamps = list(Miner.objects.order_by("id").values_list("changed_at", flat=True))
    again = applied(TWO_NEW)
    assert counts(again) == (0, 0, 2, 0)
    assert list(Miner.objects.order_by("id").values_list("changed_at", flat=True)) == stamps
    assert Stay.objects.count() == 2


def test_rows_left_out_of_the_file_stay(fleet):
    applied(TWO_NEW)
    applied(HEADER + "sn-0002,,,,,,offline,,,\n")
    assert Miner.objects.count() == 2
    assert Miner.objects.get(serial="SN-0002").status == "offline"


def test_a_move_ends_one_stay_and_begins_another(fleet):
    applied(TWO_NEW)
    batch = planned("Serial Number,Location,Watts,Since\nSN-0001,pecos,3300,2022-04-20\n")
    assert batch.differences[0]["changes"] == [
        {"column": "site", "before": "bratsk", "after": "pecos"},
        {"column": "rack", "before": "R1", "after": ""},
        {"column": "slot", "before": "1", "after": ""},
        {"column": "power_w", "before": "3250", "after": "3300"},
    ]
    verbs.apply(batch, token=batch.token, by=None)
    old, new = Stay.objects.filter(miner__serial="SN-0001").order_by("from_at")
    assert old.to_at == new.from_at == datetime(2022, 4, 20, tzinfo=UTC)
    assert (new.site, new.power_w, new.slot) == (fleet.pecos, 3_300, None)


def test_slots_may_be_swapped_in_one_file(fleet):
    applied(TWO_NEW)
    applied("serial,rack,slot\nSN-0001,R1,2\nSN-0002,R1,1\nSN-0003,R1,3\n".replace("SN-0003,R1,3\n", ""))
    assert Miner.objects.get(serial="SN-0001").slot == fleet.slots[1]
    assert Miner.objects.get(serial="SN-0002").slot == fleet.slots[0]


REFUSED_LINES = {
    "sn-9,Antminer S99,,,,,,,,": ("model", "no such model in the catalogue"),
    "sn-9,,,,,,,,,": ("model", "a new miner needs a model"),
    ",Antminer S19,,,,,,,,": ("serial", "the serial is empty"),
    "ab,Antminer S19,,,,,,,,": (
        "serial",
        "a serial has 3 to 40 letters, digits, dots, dashes or underscores",
    ),
    "sn 9,Antminer S19,,,,,,,,": (
        "serial",
        "a serial has 3 to 40 letters, digits, dots, dashes or underscores",
    ),
    "sn-9,Antminer S19,C-999,,,,,,,": ("owner", "no owner has this number"),
    "sn-9,Antminer S19,,omsk,,,,,,": ("site", "no site has this code"),
    "sn-9,Antminer S19,,,,,mining,,,": ("site", "a miner in this state, or in a rack, needs a site"),
    "sn-9,Antminer S19,,bratsk,R9,,,,,": ("rack", "no such rack at the site"),
    "sn-9,Antminer S19,,bratsk,R1,99,,,,": ("slot", "no such position in the rack"),
    "sn-9,Antminer S19,,bratsk,R1,-1,,,,": ("slot", "no such position in the rack"),
    "sn-9,Antminer S19,,bratsk,R1,1,,,,": ("slot", "another miner is in this slot"),
    "sn-9,Antminer S19,,,,,asleep,,,": ("status", "no such state"),
    "sn-9,Antminer S19,,,,,sold,,,": (
        "status",
        "sold and scrapped are not set or undone by a file; end the stay instead",
    ),
    "sn-9,Antminer S19,,,,,,-3250,,": ("power_w", "watts are below zero"),
    "sn-9,Antminer S19,,,,,,3250 W,,": ("power_w", "not a whole number of watts"),
    "sn-9,Antminer S19,,,,,,0,,": ("power_w", "watts are not between 1 and 100,000"),
    "sn-9,Antminer S19,,,,,,99999999999999999999,,": ("power_w", "watts are not between 1 and 100,000"),
    "sn-9,Antminer S19,,,,,,,-0.003,": ("ths", "the hashrate is below zero"),
    "sn-9,Antminer S19,,,,,,,1e9,": ("ths", "not a number with at most three decimals"),
    "sn-9,Antminer S19,,,,,,,1000000000,": ("ths", "the hashrate is above 10,000 TH/s"),
    "sn-9,Antminer S19,,,,,,,95.1234,": ("ths", "not a number with at most three decimals"),
    "sn-9,Antminer S19,,,,,,,,2022-13-45": ("from", "not a day; write YYYY-MM-DD, between 2009 and now"),
    "sn-9,Antminer S19,,,,,,,,2999-01-01": ("from", "not a day; write YYYY-MM-DD, between 2009 and now"),
    "sn-0001,,,pecos,,,,,,2022-02-01": (
        "from",
        "the miner has a stay at or after this day; give a later one",
    ),
    "sn-9,Antminer S19": ("", "the line has more or fewer cells than the header"),
    "sn-9,Antminer S19,,,,,,,,,": ("", "the line has more or fewer cells than the header"),
    "sn-\0,Antminer S19,,,,,,,,": ("", "the line holds a NUL character"),
    '"sn-9,Antminer S19,,,,,,,,': ("", "the line has more or fewer cells than the header"),
    '"sn-9\n8",Antminer S19,,,,,,,,': ("", "a cell runs over several lines; a quote is not closed"),
    "sn-9,Antminer S19,," + "x" * 501 + ",,,,,,": ("", "a cell is longer than 500 characters"),
}


@pytest.mark.parametrize("line", REFUSED_LINES, ids=lambda line: line[:45])
def test_a_bad_line_is_refused_with_its_column_and_the_others_pass(fleet, line):
    applied(TWO_NEW)
    batch = planned(HEADER + "sn-0007,Antminer S19,,,,,,,,\n" + line + "\n")
    column, reason = REFUSED_LINES[line]
    assert problems(batch) == [(3, column, reason)]
    assert (batch.creates, batch.refused) == (1, 1)
    verbs.apply(batch, token=batch.token, by=None)
    assert set(Miner.objects.values_list("serial", flat=True)) == {"SN-0001", "SN-0002", "SN-0007"}


REFUSED_FILES = {
    b"serial;wattage per hour\nx;1\n": "Line 1: Unknown column: “wattage per hour”. Accepted columns:",
    b"model,site\nAntminer S19,bratsk\n": "Line 1: The header has no column “serial”. Accepted",
    b"serial,watts,power_w\nx,1,1\n": "Line 1: The columns “watts”, “power_w” all mean “power_w”. Keep one.",
    b"serial,model\nsn-1,Antminer\nsn-2,M\xe9xico\n": "Line 3: The file is not UTF-8: byte 7 is 0xE9.",
    "serial,model\nsn-1,x\n".encode("utf-16"): "The file is not UTF-8: it looks like UTF-16.",
    b"PK\x03\x04abc": "The workbook is damaged or is none.",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504): "This is an old workbook (.xls) or one protected by",
    b"\n\n": "Line 1: The first line holds no header.",
    b"serial,model\n": "The file holds a header and no miners.",
    b"serial," + b"x" * 3_000_000: "Line 1 is longer than a megabyte",
}


@pytest.mark.parametrize("content", REFUSED_FILES, ids=lambda content: repr(content[:30]))
def test_a_file_that_cannot_be_read_is_refused_with_the_way_out(fleet, content):
    batch = planned(content)
    assert batch.status == BatchStatus.REFUSED
    assert batch.refusal.startswith(REFUSED_FILES[content])
    assert (Miner.objects.count(), batch.token) == (0, "")


def test_an_empty_file_is_not_even_kept(fleet):
    with pytest.raises(Refusal, match="empty"):
        verbs.receive("empty.csv", [], by=None)
    assert not ImportBatch.objects.exists()


def test_a_serial_twice_in_the_file_refuses_both_lines(fleet):
    batch = planned("serial,model\nsn-1,Antminer S19\nSN-1,Antminer S19\nsn-2,Antminer S19\n")
    assert [line for line, _column, _reason in problems(batch)] == [2, 3]
    assert counts(batch) == (1, 0, 0, 2)


def test_a_slot_twice_in_the_file_refuses_both_lines(fleet):
    lines = "sn-1,Antminer S19,bratsk,R1,1\nsn-2,Antminer S19,bratsk,R1,1\n"
    batch = planned("serial,model,site,rack,slot\n" + lines)
    assert problems(batch)[0] == (2, "slot", "this slot is in the file more than once")
    assert batch.refused == 2


def test_a_slot_is_free_only_if_the_line_that_frees_it_is_good(fleet):
    applied(TWO_NEW)
    lines = "sn-0001,,pecos,,,{owner}\nsn-0003,Antminer S19,bratsk,R1,1,\n"
    header = "serial,model,site,rack,slot,owner\n"
    assert counts(planned(header + lines.format(owner="C-001"))) == (1, 1, 0, 0)
    assert counts(planned(header + lines.format(owner="C-999"))) == (0, 0, 0, 2)


def test_a_hold_stops_the_moves_of_a_file_and_says_where(fleet):
    applied(TWO_NEW)
    place_hold(fleet.bratsk, reason="EO 14024", by=None)
    batch = planned("serial,site,status\nsn-0001,pecos,\nsn-0002,,offline\n")
    assert problems(batch) == [
        (2, "site", "an open hold stops this move; it is named in the list of move holds")
    ]
    assert counts(batch) == (0, 1, 0, 1)


def test_a_hold_placed_after_the_plan_stops_it(fleet):
    applied(TWO_NEW)
    batch = planned("serial,site\nsn-0001,pecos\n")
    place_hold(Miner.objects.get(serial="SN-0001"), reason="raid", by=None)
    with pytest.raises(Refusal, match="A hold was placed on 1 of the machines"):
        verbs.apply(batch, token=batch.token, by=None)


def test_a_plan_is_refused_once_the_data_moved(fleet):
    applied(TWO_NEW)
    batch = planned("serial,status\nsn-0001,offline\nsn-0002,offline\n")
    set_status([Miner.objects.get(serial="SN-0001").pk], "low", by=None)
    with pytest.raises(
        Refusal, match=r"The data moved since this plan was made \(1 machines\). Make the plan again."
    ):
        verbs.apply(batch, token=batch.token, by=None)
    assert Miner.objects.get(serial="SN-0002").status == "mining"
    again = verbs.plan(batch, by=None)
    verbs.apply(again, token=again.token, by=None)
    assert set(Miner.objects.values_list("status", flat=True)) == {"offline"}


def test_a_plan_is_refused_once_somebody_else_took_its_serial_or_slot(fleet):
    batch = planned(TWO_NEW)
    register_miner("SN-0001", fleet.s19, by=None)
    with pytest.raises(Refusal, match=r"The data moved"):
        verbs.apply(batch, token=batch.token, by=None)
    other = planned(TWO_NEW.replace("sn-0001", "sn-0009"))
    register_miner("SN-0010", fleet.s19, site=fleet.bratsk, slot=fleet.slots[0], by=None)
    with pytest.raises(Refusal, match=r"The data moved"):
        verbs.apply(other, token=other.token, by=None)
    assert Miner.objects.count() == 2


def test_a_token_applies_its_own_plan_once(fleet):
    batch = planned(TWO_NEW)
    with pytest.raises(Refusal, match="not the token of the latest plan"):
        verbs.apply(batch, token="0" * 64, by=None)
    stale = batch.token
    batch = verbs.plan(batch, by=None)
    assert batch.token != stale or batch.planned_at
    verbs.apply(batch, token=batch.token, by=None)
    with pytest.raises(Refusal, match=r"is applied. Nothing was changed"):
        verbs.apply(batch, token=batch.token, by=None)


def test_a_plan_whose_tables_a_crash_emptied_says_plan_again(fleet):
    batch = planned(TWO_NEW)
    with connection.cursor() as cursor:
        cursor.execute(f"delete from fleet_import_plan_{batch.pk}")
    with pytest.raises(Refusal, match="The plan was lost"):
        verbs.apply(batch, token=batch.token, by=None)


def test_nothing_of_a_plan_is_left_when_it_is_applied_given_up_or_old(fleet):
    applied(TWO_NEW)
    given_up = planned(TWO_NEW)
    old = planned(TWO_NEW)
    verbs.discard(given_up, by=None)
    assert verbs.expire_plans(old.planned_at) == 0
    assert verbs.expire_plans(datetime.max.replace(tzinfo=UTC)) == 1
    assert tables_of_imports() == 0
    assert counts(verbs.plan(old, by=None)) == (0, 0, 2, 0)
    with pytest.raises(Refusal, match="is discarded"):
        verbs.plan(given_up, by=None)


def test_refused_lines_come_back_as_a_file_that_can_be_put_right_and_given_again(fleet):
    lines = "sn-1,Antminer S99,=cmd|' /C calc'!A0\nsn-2,Antminer S99,\nsn-3,Antminer S19,\n"
    batch = planned("serial,model,firmware\n" + lines)
    text = "".join(refused_csv(batch))
    assert text.splitlines()[:2] == [
        "#line,#column,#reason,serial,model,firmware",
        "2,model,no such model in the catalogue,sn-1,Antminer S99,'=cmd|' /C calc'!A0",
    ]
    put_right = planned(text.replace("S99", "S19"))
    assert counts(put_right) == (2, 0, 0, 0)


def test_a_sold_machine_is_not_brought_back_by_a_file(fleet):
    applied(TWO_NEW)
    end_stays([Miner.objects.get(serial="SN-0001").pk], "sold", by=None)
    batch = planned("serial,site,status\nsn-0001,pecos,mining\n")
    assert batch.refused == 1


def test_a_semicolon_file_with_a_mark_in_front_and_windows_lines_is_read(fleet):
    batch = planned("\ufeffSerial;Model;TH/s\r\nsn-1;Antminer S19;95,5\r\nsn-2;Antminer S19;95.5\r\n\r\n")
    assert (batch.creates, problems(batch)) == (1, [(2, "TH/s", "not a number with at most three decimals")])


def test_only_who_may_import_may_plan_and_apply(fleet, cast):
    with pytest.raises(Refusal, match=r"imports.apply"):
        verbs.receive("miners.csv", [b"serial\nx\n"], by=cast.auditor)
    batch = verbs.receive("miners.csv", [TWO_NEW.encode()], by=cast.fleet_manager)
    with pytest.raises(Refusal, match=r"imports.apply"):
        verbs.plan(batch, by=cast.technician)


def test_moves_elsewhere_do_not_disturb_a_file_about_other_machines(fleet):
    applied(TWO_NEW)
    batch = planned("serial,status\nsn-0002,offline\n")
    move_miners([Miner.objects.get(serial="SN-0001").pk], fleet.pecos, by=None)
    verbs.apply(batch, token=batch.token, by=None)
    assert Miner.objects.get(serial="SN-0002").status == "offline"


def test_a_date_before_any_data_is_kept_as_it_is_given(fleet):
    applied(HEADER + "sn-0001,Antminer S19,,bratsk,,,,,,2021-05-26\n")
    assert Stay.objects.get().from_at < LONG_AGO


def test_the_command_says_per_line_what_would_happen_and_does_it_only_when_asked(fleet, tmp_path, capsys):
    path = tmp_path / "miners.csv"
    path.write_text("serial,model,watts\nsn-1,Antminer S19,3250\nsn-2,Antminer S19,-1\n", encoding="utf-8")
    call_command("import_miners", str(path))
    shown = capsys.readouterr().out
    assert (
        "line       2  create  SN-1  model – → Antminer S19, status – → received, power_w – → 3250" in shown
    )
    assert "line       3  refused, column watts: “-1”: watts are below zero" in shown
    assert "2 lines: 1 new, 0 changed, 0 the same, 1 refused." in shown
    assert not Miner.objects.exists()
    call_command("import_miners", str(path), "--apply")
    assert Miner.objects.get().serial == "SN-1"


@pytest.mark.parametrize(
    ("content", "why"), [(b"a\n1\n", "no column “serial”"), (None, "cannot be read"), (b"", "empty")]
)
def test_the_command_refuses_in_one_sentence(fleet, tmp_path, content, why):
    path = tmp_path / "miners.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        call_command("import_miners", str(path), "--apply")
    assert not Miner.objects.exists()
