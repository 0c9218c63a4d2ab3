"""Who may open what: every URL has a row, every role is tried on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver

from kit.accounts.models import User
from kit.accounts.roles import ROLES, STAFF_ROLES, acts_of
from tests.conftest import person
from tests.house.permission_table import LISTS, LOGGED_IN, NOUNS, OPEN, PAGES


@dataclass(frozen=True)
class Address:
    """One URL of the project with sample arguments put in."""

    name: str
    path: str


def addresses() -> list[Address]:
    """Every URL of the project; those of allauth and of the admin's own frame are theirs to guard."""
    found = _walk(get_resolver().url_patterns, (), "/")
    return sorted(found, key=lambda address: (address.name, address.path))


def _walk(patterns, spaces, prefix) -> Iterator[Address]:
    for pattern in patterns:
        path = prefix + _sample(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield Address(":".join([*spaces, pattern.name or "?"]), path)
        else:
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern.url_patterns, spaces + space, path)


def _sample(pattern: str) -> str:
    pattern = re.sub(r"\(\?P<\w+>[^)]*\)", "999999", pattern)
    pattern = re.sub(r"<int:\w+>|<path:\w+>|<\w+>", "999999", pattern)
    pattern = re.sub(r"<(?:slug|str):\w+>", "none", pattern)
    return pattern.replace("^", "").replace("$", "")


FOREIGN = re.compile(
    r"^(account_|mfa_)|^admin:(\?|index|login|logout|password|jsi18n|search|autocomplete|view_on_site|app_list"
    r"|auth_user_password)"
)


def own_addresses() -> list[Address]:
    return [address for address in addresses() if not FOREIGN.match(address.name)]


def act_of(address: Address) -> str | None:
    """The act that opens an address with GET, by the tables above; None is nobody."""
    if address.name in PAGES:
        return PAGES[address.name]
    if address.name.startswith("api:"):
        noun = re.sub(r"^/api/v1/", "", address.path)
        noun = next(name for name in sorted(NOUNS, key=len, reverse=True) if noun.startswith(f"{name}/"))
        return NOUNS[noun][0]
    label, what = _list_and_view(address.name)
    see, _change, add = LISTS[label]
    return {"add": add, "delete": None}.get(what, see)


def _list_and_view(name: str) -> tuple[str, str]:
    app, model, what = re.match(r"admin:(\w+?)_(\w+?)_(\w+)$", name).groups()
    return f"{app}.{model}", what


def test_every_page_list_and_noun_has_its_row_and_every_row_its_url():
    names = {address.name for address in own_addresses()}
    pages = {name for name in names if not name.startswith(("admin:", "api:"))}
    assert pages == set(PAGES)
    assert {_list_and_view(name)[0] for name in names if name.startswith("admin:")} == set(LISTS)
    from config.api import router

    assert {prefix for prefix, _view, _name in router.registry} == set(NOUNS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_exactly_what_its_acts_open(role):
    client = Client()
    client.force_login(person("somebody", role))
    wrong = []
    for address in own_addresses():
        act = act_of(address)
        answer = client.get(address.path)
        is_open = answer.status_code not in (401, 403) and not _sent_to_log_in(answer)
        should = act in (OPEN, LOGGED_IN) or (act is not None and act in acts_of(role))
        if is_open != should:
            wrong.append(
                f"{address.path} ({address.name}) answers {answer.status_code}, the table says {act}"
            )
    assert not wrong, "\n".join(wrong)


def _sent_to_log_in(answer) -> bool:
    return answer.status_code == 302 and "/login/" in answer["Location"]


@pytest.mark.django_db
def test_nobody_logged_in_sees_only_the_log_in():
    client = Client()
    wrong = []
    for address in own_addresses():
        answer = client.get(address.path)
        if act_of(address) == OPEN:
            continue
        if not (_sent_to_log_in(answer) or answer.status_code in (401, 403, 405)):
            wrong.append(f"{address.path} answers {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_writes_through_the_api_only_with_its_act(role):
    client = Client()
    client.force_login(person("somebody", role))
    from config.api import router

    for prefix, _view, _name in router.registry:
        write = NOUNS[prefix][1]
        for method in ("post", "put", "patch", "delete"):
            path = f"/api/v1/{prefix}/" if method == "post" else f"/api/v1/{prefix}/999999/"
            status = getattr(client, method)(path, {}, content_type="application/json").status_code
            if write is None or write not in acts_of(role):
                assert status in (403, 404, 405), f"{method} {path} answers {status}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_the_admin_changes_and_adds_only_with_the_act_of_its_list(role, rf):
    request = rf.get("/admin/")
    request.user = person("somebody", role)
    for model, model_admin in admin.site._registry.items():
        _see, change, add = LISTS[model._meta.label_lower]
        assert model_admin.has_change_permission(request) == (change in acts_of(role)), model
        assert model_admin.has_add_permission(request) == (add in acts_of(role)), model
        assert not model_admin.has_delete_permission(request), model


@pytest.mark.django_db
def test_an_inactive_user_opens_nothing():
    user = person("gone", "admin")
    user.is_active = False
    assert not [act for act in acts_of("admin") if User.may(user, act)]
