"""Secrets of this installation: from the environment, else generated once and kept for its owner only."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from config.runtime.places import made, var_folder


def secret_key() -> str:
    """Return SECRET_KEY, or the one generated for this installation; there is no default."""
    return os.environ.get("SECRET_KEY") or _kept("secret_key", lambda: secrets.token_urlsafe(50))


def field_keys() -> list[str]:
    """Return the keys that encrypt fields, newest first (FIELD_KEYS, comma-separated, or generated).

    Shape: 32 random bytes each in URL-safe base64, as `cryptography.fernet.MultiFernet` takes them.
    """
    written = os.environ.get("FIELD_KEYS") or _kept("field_keys", _fernet_key)
    return [key for key in written.replace("\n", ",").split(",") if key]


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept(name: str, generate: Callable[[], str]) -> str:
    kept = var_folder() / name
    if not kept.exists():
        _write_once(kept, generate())
    return kept.read_text().strip()


def _write_once(kept: Path, text: str) -> None:
    """Write a file in one step, unless another process was first: linking a finished file cannot be torn."""
    draft = made(kept.parent) / f".{kept.name}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as writer:
        writer.write(text + "\n")
    try:
        os.link(draft, kept)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
