"""An answer of the API is freed when nobody holds it, without the collector."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory

from kit.accounts.tokens import issue_token


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/miners/?limit=5", 200),
        ("/api/v1/jobs/", 200),
        ("/api/v1/miners/0/", 404),
        ("/api/v1/miners/?fields=nothing", 400),
    ],
)
def test_an_answer_is_gone_with_its_last_holder(cast, path, status):
    server = BaseHandler()  # the test client would hold the answer itself
    server.load_middleware()
    key = f"Token {issue_token(cast.fleet_manager, name='test', by=None)}"
    answer = server.get_response(RequestFactory().get(path, headers={"Authorization": key}))
    assert answer.status_code == status
    left = weakref.ref(answer)
    del answer
    assert left() is None
