"""The door of the API: each view names the acts of the role table that open it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rest_framework import permissions, status
from rest_framework.request import Request
from rest_framework.response import Response

from kit.errors import Refusal, RowsRefused

if TYPE_CHECKING:  # REST framework reads its settings, and so this file, while its views are being loaded
    from rest_framework.views import APIView


class ApiGate(permissions.BasePermission):
    """A view names `read_act`, and `write_act` if it writes; without a name nobody gets in."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        act = getattr(view, "read_act" if request.method in permissions.SAFE_METHODS else "write_act", None)
        user = request.user
        return bool(act) and user.is_authenticated and user.may(str(act))


def refusals_as_400(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal answers 400 with its sentence and where it applies; one about rows names each bad row."""
    from rest_framework.views import exception_handler

    if isinstance(error, Refusal):
        answer: dict[str, Any] = {"detail": error.message, "where": error.where}
        if isinstance(error, RowsRefused):
            answer["errors"] = [asdict(problem) for problem in error.problems]
        return Response(answer, status=status.HTTP_400_BAD_REQUEST)
    return exception_handler(error, context)
