import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kit.accounts.models import ApiToken, User
from kit.trail.verbs import record

KEYWORD = b"token"


def digest(key: str) -> str:
    """The only form in which a token's key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue_token(user: User, *, name: str, by: User | None, expires_at: datetime | None = None) -> str:
    """Give a user a token and return its key, which is shown once and cannot be read back."""
    key = f"ph_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user, name=name, digest=digest(key), starts_with=key[:8], expires_at=expires_at
    )
    record("token.issued", token, by=by)
    return key


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <key>`, compared by digest; a dead or unknown key is refused."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Write the header as “Authorization: Token <key>”.")
        token = (
            ApiToken.objects.select_related("user").filter(digest=digest(parts[1].decode("latin-1"))).first()
        )
        if token is None or not token.is_live or not token.user.is_active:
            raise AuthenticationFailed("This token is not known or has ended. Ask for a new one.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def end_token(token: ApiToken, *, by: User | None) -> None:
    """End a token now; it stays in the list."""
    with transaction.atomic():
        ApiToken.objects.filter(pk=token.pk, ended_at__isnull=True).update(ended_at=timezone.now())
        record("token.ended", token, by=by)
