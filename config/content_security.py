"""What pages may do in the browser: strict everywhere, relaxed where the admin's own widgets need it."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

ADMIN = {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}
RELAXED = {
    "/admin/": ADMIN,
    "/api/docs/": {"script-src": [SELF, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]},
}


class ByPath:
    """Give admin pages and the API's documents the policy their widgets need; no page may call outside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for prefix, policy in RELAXED.items():
            if request.path.startswith(prefix):
                response._csp_replace = policy  # type: ignore[attr-defined]
        return response
