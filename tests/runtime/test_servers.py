"""The embedded servers come with their first client and go with their last, however it goes."""

import os
import signal

import pytest

from config.runtime.home import found_home
from tests.runtime.conftest import Place, comes_true

pytestmark = pytest.mark.processes

QUERY = """
import psycopg
with psycopg.connect(runtime.database_url(), autocommit=True) as session:
    session.execute("create table if not exists mark (number int)")
    session.execute("insert into mark values (1)")
    print(session.execute("select count(*) from mark").fetchone()[0])
"""
EXTENSIONS = """
import psycopg
with psycopg.connect(runtime.database_url(), autocommit=True) as session:
    session.execute("create extension if not exists pg_trgm")
    session.execute("create extension if not exists btree_gist")
    print(session.execute("select similarity('pithead', 'pitheads') > 0.5").fetchone()[0])
    print(session.execute("show listen_addresses").fetchone()[0] == "")
    print(session.execute("show fsync").fetchone()[0])
"""
PUSH = """
import redis
with redis.Redis.from_url(runtime.redis_url()) as broker:
    print(broker.rpush("bell", "rung"))
    print(broker.config_get("port")["port"])
"""


def said_before_up(client) -> list[str]:
    """Return the lines a client printed until it was up."""
    lines = []
    while (line := client.stdout.readline().strip()) != "up":
        assert line, "the client ended before it was up"
        lines.append(line)
    return lines


def end(client) -> None:
    client.stdin.close()
    assert client.wait(10) == 0


def test_a_command_starts_the_servers_and_leaves_nothing_behind(place: Place):
    ran = place.manage("check", "--database", "default")
    assert ran.returncode == 0, ran.stderr
    assert (place.var / "log" / "postgres.log").exists()
    assert comes_true(place.is_empty, seconds=15)


def test_the_database_has_its_extensions_and_no_open_port(place: Place):
    client = place.client(EXTENSIONS)
    assert said_before_up(client) == ["True", "True", "on"]
    end(client)


def test_nothing_is_left_after_the_only_client_was_killed(place: Place):
    client = place.client()
    said_before_up(client)
    assert not place.is_empty()
    client.kill()
    client.wait()
    assert comes_true(place.is_empty, seconds=15)


def test_servers_stay_while_one_of_two_clients_lives(place: Place):
    first, second = place.client(), place.client()
    said_before_up(first)
    said_before_up(second)
    keeper = place.keeper("postgres")
    end(first)
    assert not comes_true(place.is_empty, seconds=2)
    assert place.keeper("postgres") == keeper
    end(second)
    assert comes_true(place.is_empty, seconds=15)


def test_servers_go_with_their_killed_keepers(place: Place):
    client = place.client()
    said_before_up(client)
    for server in ("postgres", "redis"):
        os.kill(place.keeper(server), signal.SIGKILL)
    assert comes_true(place.is_empty, seconds=15)
    end(client)


def test_a_killed_keeper_is_replaced_and_nothing_committed_is_lost(place: Place):
    first = place.client(QUERY)
    before = int(said_before_up(first)[0])
    killed = place.keeper("postgres")
    os.kill(killed, signal.SIGKILL)
    second = place.client(QUERY)
    assert int(said_before_up(second)[0]) == before + 1
    assert place.keeper("postgres") != killed
    end(first)
    end(second)


def test_a_pid_file_left_by_a_crash_does_not_keep_the_database_from_starting(place: Place):
    data = found_home(place.var).data
    assert comes_true(place.is_empty, seconds=15)
    # The number of a living process that is no PostgreSQL: this one.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n\n\nready\n")
    client = place.client(QUERY)
    assert said_before_up(client)
    end(client)


def test_eight_processes_at_once_share_one_server(place: Place):
    assert comes_true(place.is_empty, seconds=15)
    clients = [place.client(QUERY) for _ in range(8)]
    counts = [int(said_before_up(client)[0]) for client in clients]
    # Rows only grow, so whoever counted last has seen the other seven.
    last = place.client(QUERY)
    assert int(said_before_up(last)[0]) == max(counts) + 1
    assert max(counts) - min(counts) <= 7
    for client in [*clients, last]:
        end(client)


def test_a_message_survives_a_restart_of_the_broker(place: Place):
    first = place.client(PUSH)
    before, port = said_before_up(first)
    assert port == "0"
    end(first)
    assert comes_true(place.is_empty, seconds=15)
    second = place.client(PUSH)
    assert int(said_before_up(second)[0]) == int(before) + 1
    end(second)
