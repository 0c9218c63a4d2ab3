"""The endpoint takes batches from who may, answers counts, and never a traceback."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from types import ModuleType, SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.telemetry.collecting import Collector
from fleet.telemetry.models import LatestReading, Reading, ReadingBatch
from fleet.telemetry.verbs import keep_partitions
from kit.accounts.tokens import issue_token
from kit.errors import Refusal
from tests.fleet.readings import rig

URL = "/api/v1/readings/"


def now_row(serial="RIG1", ghs=95_000, flags=3):
    return [serial, int(timezone.now().timestamp()), ghs, 3_250, 70, flags]


def post(client, body, **further):
    return client.post(URL, body, content_type="application/json", **further)


@pytest.fixture
def poller(fleet, cast):
    """A client with the token of a technician."""
    rig(fleet)
    return Client(headers={"Authorization": f"Token {issue_token(cast.technician, name='poller', by=None)}"})


def test_a_batch_is_answered_with_its_counts_and_reasons(poller):
    answer = post(poller, json.dumps([now_row(), now_row(), now_row("GHOST"), now_row(ghs=-1)]))
    assert answer.status_code == 200
    counts = answer.json()
    assert (counts["accepted"], counts["known"], counts["refused"], counts["unknown"]) == (1, 1, 1, 1)
    assert counts["reasons"] == {"hashrate": "a hashrate below zero or above 10,000,000 GH/s"}
    assert counts["unknown_named"] == ["GHOST"]
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "further", "status", "why"),
    [
        ("", {}, 400, "not JSON"),
        ("[[", {}, 400, "not JSON"),
        ("[]", {}, 400, "no readings"),
        ("null", {}, 400, "Send a list"),
        ("[" * 50_000 + "]" * 50_000, {}, 400, "nested too deep"),
        ("[[1]]", {"CONTENT_LENGTH": str(49 << 20)}, 413, "larger than 48 MB"),
        ("[[1]]", {"CONTENT_LENGTH": "-1"}, 413, "does not say how large"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_batch_is_answered_with_a_sentence(poller, body, further, status, why):
    answer = post(poller, body, **further)
    assert answer.status_code == status
    assert why in answer.json()["detail"]
    assert not ReadingBatch.objects.exists()


def test_a_form_is_no_batch(poller):
    answer = poller.post(URL, {"readings": "1"})
    assert (answer.status_code, answer.json()["detail"]) == (415, "Send the batch as application/json.")


def test_without_the_act_or_a_token_nothing_is_taken(fleet, cast, as_user):
    rig(fleet)
    assert post(as_user(cast.auditor), json.dumps([now_row()])).status_code == 403
    assert post(as_user(cast.customer), json.dumps([now_row()])).status_code == 403
    assert post(Client(), json.dumps([now_row()])).status_code == 401
    assert not ReadingBatch.objects.exists()


def test_a_batch_costs_the_same_queries_through_the_door(fleet, poller, django_assert_max_num_queries):
    keep_partitions()
    rows = [now_row(rig(fleet, f"R{n:03}").serial) for n in range(40)]
    with django_assert_max_num_queries(16):
        assert post(poller, json.dumps(rows)).json()["accepted"] == 40


def test_readings_are_read_back_by_miner(poller):
    post(poller, json.dumps([now_row()]))
    for path in (f"{URL}history/?miner=rig1", f"{URL}latest/?miners=RIG1,GHOST"):
        (found,) = poller.get(path).json()
        assert (found["miner"], found["ghs"], found["is_hashing"]) == ("RIG1", 95_000, True)
    assert poller.get(f"{URL}history/?miner=RIG1&to=2026-01-01T00:00:00Z").json() == []
    assert poller.get(f"{URL}history/?miner=RIG1&from=2026-01-01T00:00:00+02:00").status_code == 200
    drawn = poller.get(f"{URL}drawn/?site=bratsk").json()
    assert (drawn["machines"], drawn["basis"]) == (0, "unknown"), "it is racked, not energized"
    assert poller.get(f"{URL}uptime/?site=bratsk&days=1").json()["hashing_bps"] == 0
    assert poller.get(f"{URL}uptime/?miner=RIG1").json()["observed"] == 0
    (batch,) = poller.get(URL).json()["results"]
    assert batch["accepted"] == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("history/", "No miner has the serial"),
        ("history/?miner=GHOST", "No miner has the serial “GHOST”"),
        ("history/?miner=%00", "No miner has the serial"),
        ("history/?miner=RIG1&from=yesterday", "Write the time as"),
        ("history/?miner=RIG1&to=2026-13-45T00:00:00Z", "Write the time as"),
        ("history/?miner=RIG1&to=2026-11-22T00:00:00", "Write the time as"),
        ("latest/", "Name 1 to 1000 serials"),
        ("drawn/?site=atlantis", "No site has the code “atlantis”"),
        ("uptime/?miner=RIG1&days=99999999", "is no number of days"),
        ("uptime/?miner=RIG1&days=0", "Ask for 1 to 400 days"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_a_sentence(poller, path, why):
    answer = poller.get(URL + path)
    assert answer.status_code == 400
    assert why in answer.json()["detail"]


def test_the_list_in_the_admin_shows_why_readings_were_refused(poller, cast, as_user):
    post(poller, json.dumps([now_row(), now_row(ghs=-1)]))
    page = as_user(cast.auditor).get("/admin/fleet/readingbatch/").content.decode()
    assert "1 × a hashrate below zero" in page


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
FIGURE = st.none() | st.integers() | st.floats() | st.sampled_from(["RIG1", "1", True, 10**25])
NEAR = st.one_of(
    st.lists(st.tuples(*[FIGURE] * 6).map(list), min_size=1, max_size=4),
    st.lists(
        st.fixed_dictionaries(
            {
                "serial_number": FIGURE,
                "hashrate": FIGURE | st.fixed_dictionaries({"rate": FIGURE}),
                "hashboards": st.lists(st.dictionaries(st.sampled_from(["slot", "serial_number"]), FIGURE)),
                "datetime": FIGURE | st.datetimes().map(str),
                "timestamp": FIGURE,
            }
        ),
        min_size=1,
        max_size=3,
    ),
)


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60) | JSONISH.map(json.dumps) | NEAR.map(json.dumps))
def test_any_body_is_counted_or_refused_and_nothing_is_half_written(poller, body):
    stored, batches = Reading.objects.count(), ReadingBatch.objects.count()
    answer = post(poller, body)
    assert answer.status_code in (200, 400), answer.content
    told = answer.json()
    if answer.status_code == 400:
        assert told["detail"]
        assert (Reading.objects.count(), ReadingBatch.objects.count()) == (stored, batches)
    else:
        names = ("accepted", "known", "refused", "unknown")
        assert told["readings"] == sum(told[name] for name in names)
        assert Reading.objects.count() == stored + told["accepted"]
    newest = {row.miner_id: row.at for row in LatestReading.objects.all()}
    assert set(newest) == set(Reading.objects.values_list("miner_id", flat=True))


class Miner(SimpleNamespace):
    """As much of a pyasic miner and of its MinerData as collecting uses."""

    def as_json(self):
        return json.dumps({"serial_number": self.serial_number, "timestamp": 1, "hashrate": 95.0})

    async def get_data(self):
        if self.fails:
            raise ConnectionError
        return self


def pyasic(monkeypatch, *rounds):
    """A pyasic that finds these miners, a round after the other."""
    left = list(rounds)
    module = ModuleType("pyasic.network")

    class MinerNetwork:
        @classmethod
        def from_subnet(cls, subnet):
            assert subnet == "10.0.1.0/30"
            return cls()

        async def scan(self):
            return left.pop(0)

    module.MinerNetwork = MinerNetwork
    monkeypatch.setitem(sys.modules, "pyasic", ModuleType("pyasic"))
    monkeypatch.setitem(sys.modules, "pyasic.network", module)


def miner(address, serial, *, fails=False):
    return Miner(ip=address, serial_number=serial, mac=None, fails=fails)


@pytest.fixture
def door():
    """A web server that keeps what it is given."""
    got = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["Authorization"], json.loads(body)))
            answer = b'{"accepted": 1, "known": 0, "refused": 0, "unknown": 0}'
            self.send_response(200 if "good" in self.headers["Authorization"] else 401)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", got=got)
    server.shutdown()
    thread.join()
    server.server_close()


def test_collect_sends_what_miners_answer_in_batches(monkeypatch, door):
    found = [miner(f"10.0.1.{n}", f"RIG{n}") for n in range(3)]
    pyasic(monkeypatch, [*found, None, miner("10.0.1.9", "RIG9", fails=True)])
    out = StringIO()
    call_command("collect", "10.0.1.1/30", "--url", door.url, "--token", "good", "--batch", "2", stdout=out)
    assert [(path, token, [one["serial_number"] for one in rows]) for path, token, rows in door.got] == [
        (URL, "Token good", ["RIG0", "RIG1"]),
        (URL, "Token good", ["RIG2"]),
    ]
    assert "3 answered, 0 silent." in out.getvalue()


def test_a_miner_that_answered_before_and_not_now_is_told_as_silent(monkeypatch):
    pyasic(monkeypatch, [])
    rounds = [
        [miner("10.0.1.1", "RIG1"), miner("10.0.1.2", "RIG2")],
        [miner("10.0.1.3", "RIG2")],  # another address, the same machine
    ]
    collector = Collector("10.0.1.0/30", lambda _subnet: rounds.pop(0))
    assert collector.ask().silent == []
    assert collector.ask().silent == ["RIG1"]


def test_a_refused_token_is_said(monkeypatch, door):
    pyasic(monkeypatch, [miner("10.0.1.1", "RIG1")])
    with pytest.raises(CommandError, match="answers 401"):
        call_command("collect", "10.0.1.1/30", "--url", door.url, "--token", "bad", stdout=StringIO())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["10.0.1.0/24", "--url", "https://pithead.example"], "Give a token"),
        (["10.0.1.0/24", "--url", "pithead.example", "--token", "x"], "is not an address"),
        (["10.0.0.0/8", "--url", "https://pithead.example", "--token", "x"], "at most 65,536 addresses"),
        (["lab", "--url", "https://pithead.example", "--token", "x"], "is not an IPv4 subnet"),
    ],
)
def test_collect_refuses_what_it_cannot_do(monkeypatch, arguments, why):
    pyasic(monkeypatch, [])
    monkeypatch.delenv("PITHEAD_TOKEN", raising=False)
    with pytest.raises(CommandError, match=why):
        call_command("collect", *arguments)


def test_without_pyasic_collect_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyasic.network", None)
    with pytest.raises(CommandError, match="Collecting needs pyasic, which is not installed"):
        call_command("collect", "10.0.1.0/24", "--url", "https://pithead.example", "--token", "x")


def test_an_ipv6_subnet_is_refused():
    with pytest.raises(Refusal, match="is not an IPv4 subnet"):
        Collector("2001:db8::/64", lambda _subnet: [])
