"""Addresses, folders and keys are computed from the environment; nothing is started for them."""

import os
import stat

import pytest
from cryptography.fernet import Fernet

from config import runtime
from config.runtime.places import LONGEST_SOCKET_FOLDER, made_socket_folder, socket_folder


@pytest.fixture
def var(tmp_path, monkeypatch):
    """Give a folder of the test's own and no servers of anybody's."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PITHEAD_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_the_addresses_of_the_embedded_servers_are_known_before_they_run(var):
    assert runtime.database_url() == runtime.database_url()
    settings = runtime.django_database(runtime.database_url())
    assert settings["HOST"] == str(socket_folder())
    assert settings["NAME"] == "pithead"
    assert runtime.redis_url() == f"unix://{socket_folder()}/redis.sock?db=0"
    assert runtime.broker_url() == f"redis+socket://{socket_folder()}/redis.sock?virtual_host=0"
    assert not var.exists()


def test_given_addresses_replace_both(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:s%40cret@db.example:6432/mine?sslmode=require")
    monkeypatch.setenv("REDIS_URL", "redis://:secret@broker.example:6379/3")
    assert runtime.django_database(runtime.database_url()) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "mine",
        "USER": "ada",
        "PASSWORD": "s@cret",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }
    assert runtime.broker_url() == runtime.redis_url() == "redis://:secret@broker.example:6379/3"


def test_a_given_socket_is_written_as_celery_reads_it(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "unix:///run/redis.sock?db=2")
    assert runtime.broker_url() == "redis+socket:///run/redis.sock?virtual_host=2"


def test_a_deep_folder_gets_a_short_path_for_its_sockets(var, monkeypatch):
    monkeypatch.setenv("PITHEAD_VAR", str(var / ("deep/" * 40)))
    assert len(os.fsencode(socket_folder())) <= LONGEST_SOCKET_FOLDER


def test_two_folders_never_share_their_sockets(var, monkeypatch):
    first = socket_folder()
    monkeypatch.setenv("PITHEAD_VAR", str(var.with_name("other")))
    assert socket_folder() != first


def test_only_its_owner_can_enter_the_folder_of_the_sockets(var):
    var.mkdir()
    folder = made_socket_folder(os.geteuid())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_link_in_place_of_the_sockets_folder_is_refused(var, tmp_path, monkeypatch):
    place = tmp_path / "place"
    place.symlink_to(tmp_path)
    monkeypatch.setattr("config.runtime.places.socket_folder", lambda: place)
    with pytest.raises(runtime.Fault, match="belongs to another user"):
        made_socket_folder(os.geteuid())


def test_keys_are_generated_once_for_their_owner_only(var):
    first = runtime.secret_key(), runtime.field_keys()
    assert (runtime.secret_key(), runtime.field_keys()) == first
    assert len(first[0]) >= 50
    Fernet(first[1][0])
    for name in ("secret_key", "field_keys"):
        assert stat.S_IMODE((var / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in var.iterdir()) == ["field_keys", "secret_key"]


def test_two_installations_have_different_keys(var, monkeypatch):
    first = runtime.secret_key(), runtime.field_keys()
    monkeypatch.setenv("PITHEAD_VAR", str(var.with_name("other")))
    assert runtime.secret_key() != first[0]
    assert runtime.field_keys() != first[1]


def test_given_keys_come_before_generated_ones(var, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("FIELD_KEYS", "newest,older")
    assert runtime.secret_key() == "given"
    assert runtime.field_keys() == ["newest", "older"]
    assert not var.exists()
