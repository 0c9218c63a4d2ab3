"""A write with a key is done once, whatever the network does to its sender."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from fleet.catalog.models import Maker, MinerModel
from fleet.imports.models import ImportBatch
from fleet.miners.models import Miner
from fleet.sites.models import Site
from kit.accounts.models import User
from kit.accounts.tokens import issue_token
from kit.idempotency import middleware
from kit.idempotency.models import KeptAnswer
from kit.idempotency.tasks import forget_answers
from tests.conftest import person

SITE = {"code": "omsk", "name": "Omsk", "country": "RU"}


def send(client, url: str, given: object, key: str | None = "k-1", method: str = "post", **headers):
    headers |= {"Idempotency-Key": key} if key is not None else {}
    return getattr(client, method)(
        f"/api/v1/{url}", json.dumps(given), content_type="application/json", headers=headers
    )


@pytest.fixture
def client(cast, as_user) -> Client:
    return as_user(cast.fleet_manager)


def test_the_same_write_again_is_answered_and_not_done_again(client):
    first = send(client, "sites/", SITE)
    again = send(client, "sites/", SITE)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "given", "method"),
    [
        ("sites/", SITE | {"name": "Other"}, "post"),
        ("owners/", SITE, "post"),
        ("sites/", SITE, "patch"),
    ],
)
def test_the_key_of_another_request_is_refused(client, url, given, method):
    send(client, "sites/", SITE)
    answer = send(client, url, given, method=method)
    assert answer.status_code == 422
    assert "was used for another request: POST /api/v1/sites/" in answer.json()["detail"]
    assert Site.objects.get().name == "Omsk"


def test_a_refusal_is_kept_as_well_and_a_new_key_asks_anew(client):
    wrong = SITE | {"country": "XX"}
    first, again = send(client, "sites/", wrong), send(client, "sites/", wrong)
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (400, 400, "true")
    assert send(client, "sites/", SITE, key="k-2").status_code == 201


def test_keys_belong_to_their_users(client, cast, as_user):
    send(client, "sites/", SITE)
    other = send(as_user(cast.admin), "sites/", SITE | {"code": "tomsk"})
    assert (other.status_code, Site.objects.count()) == (201, 2)


def test_a_token_and_a_browser_of_one_user_share_their_keys(client, cast):
    send(client, "sites/", SITE)
    token = issue_token(cast.fleet_manager, name="test", by=None)
    answer = send(Client(), "sites/", SITE, Authorization=f"Token {token}")
    assert answer.headers["Idempotent-Replayed"] == "true"


def test_without_permission_nothing_is_kept(cast, as_user):
    assert send(as_user(cast.auditor), "sites/", SITE).status_code == 403
    assert send(Client(), "sites/", SITE).status_code == 401
    assert send(Client(), "sites/", SITE, Authorization="Token wrong").status_code == 401
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "ключ", "a\tb"])
def test_a_key_that_is_none_is_refused(client, key):
    answer = send(client, "sites/", SITE, key=key)
    assert answer.status_code == 400
    assert "1 to 200 printable" in answer.json()["detail"]
    assert not Site.objects.exists()


def test_without_a_key_and_for_reading_nothing_is_kept(client):
    assert send(client, "sites/", SITE, key=None).status_code == 201
    client.get("/api/v1/sites/", headers={"Idempotency-Key": "k-1"})
    assert not KeptAnswer.objects.exists()


def test_after_a_fault_the_same_key_does_the_work(client, monkeypatch):
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("fleet.sites.api.record", lambda *a, **k: 1 / 0)
        assert send(client, "sites/", SITE).status_code == 500
    assert not Site.objects.exists()
    assert send(client, "sites/", SITE).status_code == 201


def test_a_file_is_compared_by_what_it_holds(client):
    def upload(text: bytes):
        file = SimpleUploadedFile("miners.csv", text)
        return client.post("/api/v1/imports/", {"file": file}, headers={"Idempotency-Key": "k-1"})

    Maker.objects.create(name="Bitmain")
    first, again = upload(b"serial,model\nsn-1,x\n"), upload(b"serial,model\nsn-1,x\n")
    assert (first.status_code, again.json(), ImportBatch.objects.count()) == (201, first.json(), 1)
    assert upload(b"serial,model\nsn-2,x\n").status_code == 422


def test_a_key_is_free_again_after_a_day(client):
    send(client, "sites/", SITE)
    assert forget_answers() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert forget_answers() == 1
    assert send(client, "sites/", SITE | {"code": "tomsk"}).status_code == 201


def test_the_description_of_the_api_names_the_key(client):
    paths = client.get("/api/schema/?format=json").json()["paths"]
    named = {parameter["name"] for parameter in paths["/api/v1/sites/"]["post"]["parameters"]}
    assert "Idempotency-Key" in named
    assert "Idempotency-Key" not in str(paths["/api/v1/sites/"]["get"])


# ---- at the same time


def _sender(user: User, key: str, answers: list) -> None:
    try:
        client = Client()
        client.force_login(user)
        answers.append(send(client, "miners/", {"serial": "sn-1", "model": "S19"}, key=key))
    finally:
        connection.close()


def _ten_at_once(user: User) -> list:
    answers: list = []
    threads = [threading.Thread(target=_sender, args=(user, "k-1", answers)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_do_the_work_once_and_hear_the_same():
    MinerModel.objects.create(maker=Maker.objects.create(name="B"), name="S19", ghs=95_000, power_w=3_250)
    answers = _ten_at_once(person("flora", "fleet_manager"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert Miner.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_waits_too_long_is_told_to_ask_again(monkeypatch):
    monkeypatch.setattr(middleware, "WAIT_S", 0.1)
    user = person("flora", "fleet_manager")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                middleware._locked(user, "k-1")
                held.set()
                done.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    client = Client()
    client.force_login(user)
    answer = send(client, "sites/", SITE)
    done.set()
    holder.join()
    assert (answer.status_code, Site.objects.count()) == (409, 0)
    assert "still being worked on" in answer.json()["detail"]
