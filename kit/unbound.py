"""An answer of the API is gone when it has been sent, and does not wait for the collector.

REST framework's view keeps its answer, and the answer its view and itself: circles that only a full round of
the collector opens. Until then a worker would hold every list of 400 kB it has sent.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response


class Unbound:
    """Opens the circles once the answer is written out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if isinstance(answer, Response) and answer.is_rendered:
            context = getattr(answer, "renderer_context", {})
            context.pop("response", None)
            view = context.get("view")
            if view is not None:
                view.response = None
        return answer
