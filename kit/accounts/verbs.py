import secrets

from kit.accounts.models import User
from kit.accounts.roles import ROLES, STAFF_ROLES
from kit.errors import Refusal
from kit.trail.verbs import record


def require(user: User | None, act: str) -> None:
    """Refuse unless the user's role includes the act.

    Raises: Refusal, naming the act.
    """
    if user is None or not user.may(act):
        who = str(user) if user else "Nobody"
        raise Refusal(
            f"{who} may not do this: the role lacks “{act}”. Ask an administrator for a role that has it."
        )


def create_user(
    *,
    username: str,
    role: str,
    by: User | None,
    full_name: str = "",
    email: str = "",
    is_synthetic: bool = False,
) -> tuple[User, str]:
    """Create a user with a generated password, which is returned once and stored only as a hash.

    Raises: Refusal for an unknown role or a taken name.
    """
    if role not in ROLES:
        raise Refusal(f"“{role}” is not a role. Choose one of: {', '.join(sorted(ROLES))}.")
    if User.objects.filter(username=username).exists():
        raise Refusal(f"The user name “{username}” is taken. Choose another.")
    password = secrets.token_urlsafe(12)
    first, _, last = full_name.partition(" ")
    user = User(
        username=username,
        role=role,
        email=email,
        first_name=first,
        last_name=last,
        is_staff=role in STAFF_ROLES,
        is_synthetic=is_synthetic,
    )
    user.set_password(password)
    user.save()
    record("user.created", user, by=by, detail={"role": role})
    return user, password
