from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from fleet.api import ROUTES
from fleet.miners import reads
from fleet.miners.filters import MinerFilter
from fleet.miners.models import Miner
from fleet.miners.verbs import fit_part, place_hold, register_miner
from fleet.sites.models import Building, PowerFeed
from kit.accounts.tokens import issue_token
from tests.fleet.conftest import LONG_AGO

LISTS = [f"/api/v1/{prefix}/" for prefix, _viewset in ROUTES]
CSV = "serial,model,site\nsn-1,Antminer S19,bratsk\nsn-8,Antminer S19,pecos\nsn-9,Antminer S99,pecos\n"


@pytest.fixture
def stocked(fleet) -> SimpleNamespace:
    miners = [
        register_miner(
            f"SN-000{n}", fleet.s19, owner=fleet.dana, site=fleet.bratsk, slot=slot, at=LONG_AGO, by=None
        )
        for n, slot in enumerate(fleet.slots[:5], start=1)
    ]
    fit_part(miners[0], "hashboard", "HB-1", by=None)
    feed = PowerFeed.objects.create(site=fleet.bratsk, name="T1", nameplate_w=10**6)
    Building.objects.update(feed=feed)
    return SimpleNamespace(fleet=fleet, miners=miners)


def post(client, url, given):
    return client.post(f"/api/v1/{url}", given, content_type="application/json")


def upload(client, text: str):
    return client.post("/api/v1/imports/", {"file": SimpleUploadedFile("miners.csv", text.encode())})


@pytest.mark.parametrize("url", LISTS)
def test_a_list_costs_at_most_three_queries_however_long_it_is(
    url, stocked, cast, client, django_assert_max_num_queries
):
    key = issue_token(cast.fleet_manager, name="test", by=None)
    with django_assert_max_num_queries(3):
        answer = client.get(url, headers={"Authorization": f"Token {key}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("url", LISTS)
def test_customers_and_strangers_see_no_list(url, cast, as_user, client):
    assert as_user(cast.customer).get(url).status_code == 403
    assert client.get(url).status_code == 401


@pytest.mark.parametrize(("prefix", "viewset"), ROUTES, ids=[prefix for prefix, _ in ROUTES])
def test_a_row_has_the_fields_its_description_promises(prefix, viewset):
    assert list(viewset.row_fields) == list(viewset.serializer_class().fields)


def test_a_miner_is_shown_with_its_names(stocked, cast, as_user):
    (row,) = as_user(cast.auditor).get("/api/v1/miners/?serial=SN-0001").json()["results"]
    shown = {
        name: row[name] for name in ("model_name", "owner_number", "site_code", "rack_name", "slot_position")
    }
    assert shown == {
        "model_name": "Antminer S19",
        "owner_number": "C-001",
        "site_code": "bratsk",
        "rack_name": "R1",
        "slot_position": 1,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("contains=0002", 1),
        ("site=bratsk&status=received", 5),
        ("site=pecos", 0),
        ("model=Antminer S19&owner=C-001", 5),
        ("country=RU", 5),
        ("maker=MicroBT", 0),
        ("changed_after=2999-01-01T00:00:00Z", 0),
        ("region=RU-IRK&power_min=3250&power_max=3250", 5),
        ("power_min=3251", 0),
        ("ghs_min=95000&ghs_max=95000", 5),
        ("ghs_max=94999", 0),
        ("rack_name=R1", 4),
        ("exportable_unknown=true", 5),
        ("is_exportable=true", 0),
        ("is_synthetic=false&board_family=unknown", 5),
        ("status=received&status=mining", 5),
        ("building=Hall A", 5),
        ("building=Hall B", 0),
        ("rack_name=R2&building=Hall A", 1),
        ("feed=T1", 5),
        ("feed=T2", 0),
        ("firmware=vnish", 0),
        ("mac=02-1a-2b-3c-4d-5e", 0),
        ("entered_after=2022-01-01T00:00:00Z&entered_before=2999-01-01T00:00:00Z", 5),
        ("changed_before=2022-01-01T00:00:00Z", 0),
        ("here_after=2021-12-31T00:00:00Z&here_before=2022-01-02T00:00:00Z", 5),
        ("here_after=2022-01-02T00:00:00Z", 0),
        ("text=antminer bratsk", 5),
        ("text=Bitmain 0003", 1),
        ("text=dana", 5),
        ("text=100% dana", 0),
        ("contract=K-1", 0),
    ],
)
def test_miners_are_filtered_by_what_people_filter_by(query, found, stocked, cast, as_user):
    assert len(as_user(cast.auditor).get(f"/api/v1/miners/?{query}").json()["results"]) == found


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("here_after=2021-12-31T00:00:00Z&here_before=2030-01-01T00:00:00Z", 5),
        ("here_after=2021-01-01T00:00:00Z&here_before=2021-12-31T00:00:00Z", 0),
        ("here_before=2021-12-31T00:00:00Z", 0),
    ],
)
def test_arrivals_are_found_whether_they_are_few_or_many(
    asked, found, few, stocked, cast, client, monkeypatch
):
    monkeypatch.setattr(reads, "FEW", few)
    key = {"Authorization": f"Token {issue_token(cast.fleet_manager, name='test', by=None)}"}
    with CaptureQueriesContext(connection) as captured:
        rows = client.get(f"/api/v1/miners/?{asked}", headers=key).json()["results"]
    assert len(rows) == found
    assert len(captured) <= 3


def test_pages_follow_one_another_by_a_cursor_and_fields_may_be_few(stocked, cast, as_user):
    client = as_user(cast.auditor)
    serials, url = [], "/api/v1/miners/?ordering=serial&limit=2&fields=serial"
    while url:
        page = client.get(url).json()
        assert all(set(row) == {"serial"} for row in page["results"])
        serials += [row["serial"] for row in page["results"]]
        url = page["next"]
    assert serials == [f"SN-000{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    "ordering",
    [
        *("id", "-serial", "status", "-status", "model", "changed_at", "-changed_at"),
        *("power_w", "-power_w", "ghs", "-ghs", "site", "-site", "owner", "-owner"),
    ],
)
def test_every_order_shows_every_miner_once_forth_and_back(ordering, stocked, cast, as_user):
    without = ["SN-0002", "SN-0003", "SN-0004"]
    Miner.objects.filter(serial__in=without).update(
        status="stored", power_w=3_000, ghs=90_000, owner=None, site=None, rack=None, slot=None
    )
    client = as_user(cast.auditor)
    url, pages = f"/api/v1/miners/?ordering={ordering}&limit=2&fields=serial", []
    while url:
        pages.append(client.get(url).json())
        url = pages[-1]["next"]
    seen = [row["serial"] for page in pages for row in page["results"]]
    assert sorted(seen) == [f"SN-000{n}" for n in range(1, 6)]
    back = client.get(pages[-1]["previous"]).json()
    assert back["results"] == pages[-2]["results"]
    first = client.get(back["previous"]).json()
    assert (first["results"], first["previous"]) == (pages[0]["results"], None)
    assert client.get(first["next"]).json()["results"] == pages[1]["results"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("contains=SN", "four characters"),
        ("ordering=firmware", "Order by one of"),
        ("cursor=bm9uc2Vuc2U=", "not a cursor of this list"),
        ("cursor=WyItaWQiLCBbIngiXSwgZmFsc2Vd", "not a cursor of this list"),
        ("fields=serial,secret", "“secret” is not a field"),
        ("rak=R1", "“rak” is not a filter. There are: serial, contains"),
        ("text=an", "at least three letters"),
        ("power_min=much", "Enter a number"),
        ("status=asleep", "Select a valid choice"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(query, why, stocked, cast, as_user):
    answer = as_user(cast.auditor).get(f"/api/v1/miners/?{query}")
    assert answer.status_code == 400
    assert why in answer.content.decode()


def test_stays_are_asked_as_of_a_day(stocked, cast, as_user):
    client = as_user(cast.auditor)
    assert len(client.get("/api/v1/stays/?as_of=2022-01-01&site=bratsk").json()["results"]) == 5
    assert client.get("/api/v1/stays/?as_of=2021-12-31").json()["results"] == []


def test_a_miner_is_entered_corrected_and_moved(stocked, cast, as_user):
    client = as_user(cast.fleet_manager)
    made = post(client, "miners/", {"serial": "sn-7777", "model": "Antminer S19", "owner": "C-002"})
    assert (made.status_code, made.json()["serial"], made.json()["power_w"]) == (201, "SN-7777", 3_250)
    key = made.json()["id"]
    corrected = client.patch(f"/api/v1/miners/{key}/", {"power_w": 3_300}, content_type="application/json")
    assert corrected.json()["power_w"] == 3_300
    assert post(client, "miners/move/", {"miners": [key], "site": "pecos"}).json() == {"changed": 1}
    assert post(client, "miners/set-status/", {"miners": [key], "status": "racked"}).json() == {"changed": 1}
    assert post(client, "miners/transfer/", {"miners": [key], "owner": "C-001"}).json() == {"changed": 1}
    assert post(client, "miners/end/", {"miners": [key], "status": "sold"}).json() == {"changed": 1}
    assert client.get(f"/api/v1/miners/{key}/").json()["status"] == "sold"


def test_a_hold_answers_400_with_its_reason(stocked, cast, as_user):
    place_hold(stocked.fleet.bratsk, reason="EO 14024", by=None)
    answer = post(
        as_user(cast.technician), "miners/move/", {"miners": [stocked.miners[0].pk], "site": "pecos"}
    )
    assert (answer.status_code, "EO 14024" in answer.json()["detail"]) == (400, True)


def test_a_technician_moves_and_does_not_enter(stocked, cast, as_user):
    client = as_user(cast.technician)
    assert (
        post(client, "miners/move/", {"miners": [stocked.miners[0].pk], "site": "pecos"}).status_code == 200
    )
    assert post(client, "miners/", {"serial": "x-1", "model": "Antminer S19"}).status_code == 403
    assert post(client, "sites/", {}).status_code == 403


def test_a_part_is_fitted_and_removed(stocked, cast, as_user):
    client = as_user(cast.technician)
    made = post(client, "parts/", {"miner": "SN-0002", "kind": "psu", "serial": "p-1"})
    assert made.json()["miner_serial"] == "SN-0002"
    assert post(client, f"parts/{made.json()['id']}/remove/", {}).json()["miner_serial"] is None


def test_a_site_has_a_country_that_exists(cast, as_user, db):
    client = as_user(cast.fleet_manager)
    assert post(client, "sites/", {"code": "x", "name": "X", "country": "XX"}).status_code == 400
    made = post(client, "sites/", {"code": "x", "name": "X", "country": "KZ", "region": "KZ-55"})
    assert (made.status_code, made.json()["nameplate_w"]) == (201, None)
    wrong = client.patch(
        f"/api/v1/sites/{made.json()['id']}/", {"region": "US-TX"}, content_type="application/json"
    )
    assert "US-TX is not in KZ" in wrong.json()["detail"]


def test_a_model_may_be_entered_and_put_right(cast, as_user, fleet):
    client = as_user(cast.fleet_manager)
    given = {"maker": fleet.s19.maker_id, "name": "Antminer S21", "ghs": 200_000, "power_w": 3_500}
    made = post(client, "miner-models/", given)
    assert made.json()["maker_name"] == "Bitmain"
    changed = client.patch(
        f"/api/v1/miner-models/{made.json()['id']}/", {"fans": 4}, content_type="application/json"
    )
    assert changed.json()["fans"] == 4


def test_a_file_is_given_planned_and_applied_with_its_token(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    made = upload(client, CSV)
    plan = made.json()
    assert (made.status_code, plan["status"], plan["creates"], plan["refused"]) == (201, "planned", 2, 1)
    assert Miner.objects.count() == 0
    assert post(client, f"imports/{plan['id']}/apply/", {"token": "wrong"}).status_code == 400
    applied = post(client, f"imports/{plan['id']}/apply/", {"token": plan["token"]}).json()
    assert (applied["status"], Miner.objects.count()) == ("applied", 2)
    refused = client.get(f"/api/v1/imports/{plan['id']}/refused/")
    assert b"no such model in the catalogue,sn-9" in b"".join(refused.streaming_content)


def test_a_bad_file_answers_400_with_line_and_way_out(fleet, cast, as_user):
    answer = upload(as_user(cast.fleet_manager), "serial,wrong\nx,y\n")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("Line 1: Unknown column: “wrong”. Accepted columns: serial")


def test_a_technician_gives_no_files(fleet, cast, as_user):
    assert upload(as_user(cast.technician), CSV).status_code == 403


@pytest.mark.parametrize("url", LISTS)
def test_what_does_not_exist_answers_404(url, cast, as_user):
    client = as_user(cast.auditor)
    assert client.get(f"{url}999999999/").status_code == 404
    assert client.get(f"{url}abc/").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?site=bratsk&status=received", "?limit=1000", "?contains=0002", "?model=Antminer S19"]
)
def test_a_list_of_miners_costs_the_key_and_the_rows(query, stocked, cast, client, django_assert_num_queries):
    key = issue_token(cast.fleet_manager, name="test", by=None)
    with django_assert_num_queries(2):
        answer = client.get(f"/api/v1/miners/{query}", headers={"Authorization": f"Token {key}"})
    assert answer.status_code == 200
    assert answer.json()["results"]


def test_miners_are_told_by_serial_and_instants_in_utc(stocked, cast, as_user):
    rows = as_user(cast.auditor).get("/api/v1/miners/").json()["results"]
    assert [row["serial"] for row in rows] == [f"SN-000{n}" for n in range(1, 6)]
    assert rows[0]["created_at"].endswith("Z")


def test_a_filter_by_site_and_state_reads_the_index_of_its_order_and_sorts_nothing(stocked):
    rows = MinerFilter(QueryDict("site=bratsk&status=received"), queryset=Miner.objects.order_by("serial")).qs
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
        plan = rows.values("serial")[:50].explain()
    assert "miner_site_serial" in plan or "miner_status_serial" in plan
    assert "Sort" not in plan
    assert "Unique" not in plan


@pytest.mark.parametrize(
    ("ordering", "index"),
    [
        ("power_w", "miner_power"),
        ("-ghs", "miner_ghs"),
        ("site", "miner_site_serial"),
        ("-owner", "miner_owner_serial"),
    ],
)
def test_a_page_of_any_order_reads_its_index_and_costs_three_queries_at_most(
    ordering, index, stocked, cast, client
):
    Miner.objects.filter(serial="SN-0003").update(owner=None, site=None, rack=None, slot=None)
    key = {"Authorization": f"Token {issue_token(cast.fleet_manager, name='test', by=None)}"}
    url = f"/api/v1/miners/?ordering={ordering}&limit=2"
    while url:
        with CaptureQueriesContext(connection) as captured:
            url = client.get(url, headers=key).json()["next"]
        rows = [query["sql"] for query in captured if 'FROM "fleet_miner"' in query["sql"]]
        assert rows
        assert len(captured) <= 3
        with transaction.atomic(), connection.cursor() as cursor:
            for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                cursor.execute(f"set local {setting} = off")
            for sql in rows:
                cursor.execute(f"explain {sql}")
                plan = " ".join(row[0] for row in cursor.fetchall())
                assert index in plan
                assert "Sort" not in plan
