"""Every write of the API may carry a key; the same write under the same key is done once.

The work and its answer are committed together: a server killed at any instruction did both or neither.
"""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from rest_framework.exceptions import AuthenticationFailed

from kit.accounts.models import User
from kit.accounts.tokens import TokenAuthentication
from kit.idempotency.models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PREFIX = "/api/v1/"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
LONGEST_KEY = 200
WAIT_S, LOOK_EVERY_S = 10.0, 0.05
# Who asked too early, too often or without permission may ask again under the same key.
NOT_KEPT = frozenset({401, 403, 409, 413, 429})
CHUNK = 1 << 16


class Idempotency:
    """Innermost of all, so that what it keeps is what the view answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method not in WRITES or not request.path.startswith(PREFIX):
            return self._get_response(request)
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            return _sentence(gettext("An idempotency key has 1 to 200 printable ASCII characters."), 400)
        user = _sender(request)
        if user is None:  # the view says why nobody gets in
            return self._get_response(request)
        return self._once(request, user, key)

    def _once(self, request: HttpRequest, user: User, key: str) -> HttpResponse:
        asked = (request.method or "", request.get_full_path()[:2_000], _digest(request))
        with transaction.atomic():
            if not _locked(user, key):
                return _sentence(
                    gettext(
                        "The request with this key is still being worked on. Ask again in a few seconds."
                    ),
                    409,
                )
            kept = KeptAnswer.objects.filter(user=user, key=key).first()
            if kept is not None:
                return _again(kept, asked)
            answer = self._get_response(request)
            if answer.status_code >= 500:
                transaction.set_rollback(True)
            elif answer.status_code not in NOT_KEPT and not answer.streaming:
                KeptAnswer.objects.create(
                    user=user,
                    key=key,
                    method=asked[0],
                    path=asked[1],
                    body_sha256=asked[2],
                    status=answer.status_code,
                    media_type=answer.headers.get("Content-Type", ""),
                    content=answer.content,
                )
        return answer


def _again(kept: KeptAnswer, asked: tuple[str, str, str]) -> HttpResponse:
    if (kept.method, kept.path, kept.body_sha256) != asked:
        return _sentence(
            gettext(
                "This key was used for another request: {method} {path}, or with another body. "
                "Give every request a key of its own. Nothing was changed."
            ).format(method=kept.method, path=kept.path),
            422,
        )
    answer = HttpResponse(bytes(kept.content), status=kept.status, content_type=kept.media_type or None)
    answer.headers[REPLAYED] = "true"
    return answer


def _locked(user: User, key: str) -> bool:
    """Hold the key until the transaction ends; a second request with it waits for the first one's answer."""
    number = int.from_bytes(hashlib.sha256(f"{user.pk} {key}".encode()).digest()[:8], signed=True)
    until = time.monotonic() + WAIT_S
    while True:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
            if cursor.fetchone()[0]:
                return True
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_EVERY_S)


def _sender(request: HttpRequest) -> User | None:
    with suppress(AuthenticationFailed):
        found = TokenAuthentication().authenticate(request)  # type: ignore[arg-type]  # it reads headers only
        if found is not None:
            return found[0]
        return request.user if isinstance(request.user, User) else None
    return None


def _digest(request: HttpRequest) -> str:
    """SHA-256 of what was sent; of a form its fields and files, for their separator differs each time."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    digest = hashlib.sha256(repr(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"{name} {file.name} {file.size} ".encode())
            for chunk in file.chunks(CHUNK):
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _sentence(words: str, status: int) -> HttpResponse:
    return JsonResponse({"detail": words, "where": HEADER}, status=status)
