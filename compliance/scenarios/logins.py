"""The log-ins of the demonstration: made once with generated passwords, readable by their maker only."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from compliance.scenarios.compass_siberia import customer_parties
from hosting.contracts.verbs import add_member
from kit.accounts.models import User
from kit.accounts.verbs import create_user

FILENAME = "logins.json"
STAFF = (
    ("admin", "admin", "Ada Admin"),
    ("okafor", "compliance_officer", "R. Okafor"),
    ("marin", "finance", "F. Marin"),
    ("lindqvist", "approver", "A. Lindqvist"),
    ("ortega", "fleet_manager", "P. Ortega"),
    ("sato", "auditor", "N. Sato"),
)


@dataclass(frozen=True)
class LogIn:
    """One log-in of the demonstration with its generated password."""

    username: str
    role: str
    password: str


def demonstration_logins() -> list[LogIn]:
    """One log-in per role and two of customers; made at the first call, read from the file afterwards."""
    known = _read()
    wanted = [(name, role, full) for name, role, full in STAFF]
    customers = customer_parties(2)
    wanted += [(party.number.lower(), "customer", party.name) for party in customers]
    found = []
    for username, role, full_name in wanted:
        if not User.objects.filter(username=username).exists():
            user, known[username] = create_user(
                username=username, role=role, full_name=full_name, by=None, is_synthetic=True
            )
            if role == "customer":
                party = next(party for party in customers if party.number.lower() == username)
                add_member(user, party, by=None)
        found.append(LogIn(username, role, known.get(username, "changed since")))
    _write(known)
    return found


def _path() -> Path:
    return Path(settings.VAR) / FILENAME


def _read() -> dict[str, str]:
    return dict(json.loads(_path().read_text())) if _path().exists() else {}


def _write(passwords: dict[str, str]) -> None:
    descriptor = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file, indent=1)
