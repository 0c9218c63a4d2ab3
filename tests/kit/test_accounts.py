"""Roles, log-ins and tokens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kit.accounts.models import ApiToken, User
from kit.accounts.roles import ROLE_NAMES, ROLES, acts_of
from kit.accounts.tokens import end_token, issue_token
from kit.accounts.verbs import create_user, require
from kit.errors import Refusal

pytestmark = pytest.mark.django_db


def test_every_role_has_a_name_and_nobody_approves_what_they_prepare():
    assert set(ROLES) == set(ROLE_NAMES)
    both = {"liquidation.prepare", "liquidation.approve"}
    assert not [role for role, acts in ROLES.items() if both <= acts]
    assert acts_of("nobody") == frozenset()


def test_the_auditor_may_read_and_change_nothing():
    assert {act.split(".")[1] for act in ROLES["auditor"]} == {"view"}


def test_a_generated_password_logs_in_and_is_stored_only_as_a_hash(client):
    user, password = create_user(username="nils", role="finance", by=None)
    assert password not in user.password
    assert client.post("/accounts/login/", {"login": "nils", "password": password}).status_code == 302
    assert client.get("/").url == "/admin/"


def test_an_unknown_role_or_a_taken_name_is_refused():
    create_user(username="nils", role="finance", by=None)
    with pytest.raises(Refusal, match="is taken"):
        create_user(username="nils", role="auditor", by=None)
    with pytest.raises(Refusal, match="is not a role"):
        create_user(username="nora", role="king", by=None)
    assert User.objects.count() == 1


def test_an_act_outside_the_role_is_refused_by_name(cast):
    require(cast.finance, "liquidation.prepare")
    with pytest.raises(Refusal, match=r"liquidation\.approve"):
        require(cast.finance, "liquidation.approve")


def test_a_token_opens_the_api_until_it_ends(cast, client):
    key = issue_token(cast.auditor, name="script", by=cast.admin)
    token = ApiToken.objects.get()
    assert key not in token.digest
    header = {"HTTP_AUTHORIZATION": f"Token {key}"}
    assert client.get("/api/v1/jobs/", **header).status_code == 200
    end_token(token, by=cast.admin)
    assert client.get("/api/v1/jobs/", **header).status_code == 401


def test_a_token_past_its_day_or_misspelt_is_refused(cast, client):
    key = issue_token(cast.auditor, name="old", by=cast.admin, expires_at=timezone.now() - timedelta(days=1))
    for header in (f"Token {key}", "Token ph_unknown", "Token two words"):
        answer = client.get("/api/v1/jobs/", HTTP_AUTHORIZATION=header)
        assert answer.status_code == 401
        assert "oken" in answer.json()["detail"]
