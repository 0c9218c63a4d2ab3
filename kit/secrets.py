"""Encryption at rest for personal document numbers."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from kit.errors import Refusal


@lru_cache(1)
def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text stored only as ciphertext; the first key encrypts, every key decrypts."""

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or value == "":
            return None if value is None else ""
        return _box().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        if not value:
            return value
        try:
            return _box().decrypt(value.encode()).decode()
        except InvalidToken:
            raise Refusal(
                "A document number cannot be decrypted with the keys present. "
                "Put the key it was written with back into FIELD_KEYS."
            ) from None
