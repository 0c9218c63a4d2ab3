"""One cast for every test, on the real database."""

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from hypothesis import settings as examples

from config import runtime
from kit.accounts.models import User
from kit.accounts.roles import STAFF_ROLES

# Time is measured in benchmarks and never judged in a test; with CI set the examples are the same each time.
examples.register_profile("untimed", examples.default, deadline=None)
examples.load_profile("untimed")


def pytest_configure() -> None:
    try:
        runtime.ensure()
        runtime.reach()
    except runtime.Fault as fault:
        pytest.exit(str(fault), returncode=1)
    # Slow on purpose in production, and no test measures how slow.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the suite empty append-only tables between tests, in its own database only."""
    if not connection.settings_dict["NAME"].startswith("test_"):
        return  # no test of this run asked for a database, so none was made
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"alter database {name} set pithead.may_truncate = 'on'")
        cursor.execute("set pithead.may_truncate = 'on'")


@dataclass(frozen=True)
class Cast:
    """The people of every story: one per role, a second customer as the outsider."""

    admin: User
    fleet_manager: User
    technician: User
    compliance_officer: User
    finance: User
    approver: User
    auditor: User
    customer: User
    outsider: User


def person(username: str, role: str) -> User:
    user = User(username=username, role=role, is_staff=role in STAFF_ROLES, first_name=username.title())
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def cast(db) -> Cast:
    return Cast(
        admin=person("ada", "admin"),
        fleet_manager=person("flora", "fleet_manager"),
        technician=person("theo", "technician"),
        compliance_officer=person("okafor", "compliance_officer"),
        finance=person("marin", "finance"),
        approver=person("lindqvist", "approver"),
        auditor=person("sato", "auditor"),
        customer=person("dana", "customer"),
        outsider=person("olga", "customer"),
    )


@pytest.fixture
def as_user():
    """A browser logged in as somebody of the cast."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in
