"""How the API's description names the key that every write may carry."""

from typing import Any

from kit.idempotency.middleware import HEADER, PREFIX, WRITES

PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": (
        "Any text of your own, new for each write. The same request with the same key within 24 hours is not "
        "done again but answered as the first time; another request with that key is refused with 422."
    ),
}


def with_keys(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the header to every write."""
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if path.startswith(PREFIX) and method.upper() in WRITES:
                operation.setdefault("parameters", []).append(PARAMETER)
    return result
