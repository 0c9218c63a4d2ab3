"""Whatever bytes arrive as a file: a plan or a refusal, never a fault, and nothing written."""

import csv
import io

from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fleet.imports import verbs
from fleet.imports.columns import COLUMNS
from fleet.imports.models import BatchStatus
from fleet.imports.reads import refused_csv
from fleet.miners.models import Miner, Stay
from fleet.miners.verbs import register_miner
from tests.fleet.conftest import LONG_AGO

FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [column.name for column in COLUMNS]
ODD = [
    "",
    " ",
    "-1",
    "0",
    "1e9",
    "NaN",
    "∞",
    "1,5",
    "'",
    '"',
    "\\N",
    "\\.",
    "=1+1",
    "\0",
    "\t",
    "9" * 30,
    "x" * 600,
    "é",
    "💥",
]
GOOD = [
    "SN-1",
    "sn-2",
    "Antminer S19",
    "C-001",
    "bratsk",
    "pecos",
    "R1",
    "Hall A",
    "1",
    "2",
    "mining",
    "sold",
    "stored",
]
GOOD += [
    "3250",
    "95.5",
    "2022-03-01",
    "2022-03-01T10:00:00+09:00",
    "9999-12-31",
    "0001-01-01",
    "yes",
    "02:1A:2B:3C:4D:5E",
]
cells = st.one_of(st.sampled_from(GOOD), st.sampled_from(ODD), st.text(max_size=12))


def must_stand(content: bytes) -> None:
    batch = verbs.plan(
        verbs.receive("fuzz.csv", [content[i : i + 7] for i in range(0, len(content), 7)], by=None), by=None
    )
    if batch.status == BatchStatus.PLANNED:
        assert batch.lines == batch.creates + batch.updates + batch.same + batch.refused
        "".join(refused_csv(batch))
    else:
        assert batch.status == BatchStatus.REFUSED
        assert batch.refusal
    assert list(Miner.objects.values_list("serial", flat=True)) == ["SN-1"]
    assert Stay.objects.count() == 1
    verbs.discard(batch, by=None)


def one_miner(fleet) -> None:
    if not Miner.objects.exists():
        register_miner("SN-1", fleet.s19, site=fleet.bratsk, slot=fleet.slots[0], at=LONG_AGO, by=None)


@FUZZ
@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes(fleet, content):
    one_miner(fleet)
    must_stand(content)


@FUZZ
@given(rest=st.binary(max_size=200))
def test_any_bytes_after_a_good_header(fleet, rest):
    one_miner(fleet)
    must_stand(b"serial,model,site,from\n" + rest)


@FUZZ
@given(text=st.text(alphabet='sn-1,;"\n\r\0\t\\ é', max_size=120))
def test_any_quotes_and_line_ends(fleet, text):
    one_miner(fleet)
    must_stand(("serial,model\n" + text).encode())


@FUZZ
@given(
    names=st.lists(st.sampled_from(NAMES), unique=True),
    rows=st.lists(st.lists(cells, max_size=16), max_size=6),
)
def test_any_cells_under_any_columns(fleet, names, rows):
    one_miner(fleet)
    out = io.StringIO()
    writer = csv.writer(out)
    for row in [names, *rows]:
        writer.writerow(row)
    must_stand(out.getvalue().encode() or b"\n")


LIKELY = {
    "serial": ["SN-1", "SN-2", "SN-3", "SN-4"],
    "model": ["Antminer S19", "whatsminer m50"],
    "owner": ["C-001", "c-002", ""],
    "site": ["bratsk", "pecos", ""],
    "building": ["Hall A", ""],
    "rack": ["R1", "r2", "", ""],
    "slot": ["1", "2", "4", "", "", ""],
    "status": ["mining", "In Transit", "sold", "stored", ""],
    "power_w": ["3250", "1", "100000", ""],
    "ths": ["95", "0", "10000", "95.5000", ""],
    "board_family": ["c52", "x" * 40, ""],
    "mac": ["02:1A:2B:3C:4D:5E", "021a.2b3c.4d5e", ""],
    "firmware": ["x" * 80, ""],
    "from": ["2021-12-31", "2022-01-01", "2022-03-01", "2022-03-01T10:00:00+09:00", ""],
    "exportable": ["yes", "no", "unknown", ""],
}
likely = st.tuples(*(st.sampled_from(LIKELY[name]) for name in NAMES))


@FUZZ
@given(rows=st.lists(likely, max_size=5))
def test_what_is_planned_can_be_applied(fleet, rows):
    """A line that passes every check of the plan must not be refused by the database."""
    one_miner(fleet)
    out = io.StringIO()
    writer = csv.writer(out)
    for row in [NAMES, *rows]:
        writer.writerow(row)
    with transaction.atomic():
        batch = verbs.plan(verbs.receive("fuzz.csv", [out.getvalue().encode()], by=None), by=None)
        if batch.status == BatchStatus.PLANNED:
            before = Miner.objects.count()
            batch = verbs.apply(batch, token=batch.token, by=None)
            event(f"{batch.creates} new, {batch.updates} changed, {batch.refused} refused")
            assert Miner.objects.count() == before + batch.creates
        transaction.set_rollback(True)
