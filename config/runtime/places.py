"""Where the runtime keeps its state: `var/` in the project, or the folder named by PITHEAD_VAR."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from config.runtime.faults import Fault

PROJECT = Path(__file__).resolve().parent.parent.parent

# A unix socket's path has to fit into 108 bytes; PostgreSQL adds a name of 14.
LONGEST_SOCKET_FOLDER = 85


def var_folder() -> Path:
    """Return the folder of everything that is made at run time and not committed."""
    return Path(os.environ.get("PITHEAD_VAR") or PROJECT / "var").absolute()


def made(folder: Path, *, mode: int = 0o755) -> Path:
    """Return the folder after making it, or refuse with the way out.

    Raises: Fault when the folder cannot be written.
    """
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(path: Path | str, error: OSError) -> Fault:
    """Return the fault of a file or folder below `var/` that this user cannot write."""
    return Fault(
        f"{path} cannot be written ({error.strerror}): make it writable for this user,"
        " or name another folder with PITHEAD_VAR=/a/folder."
    )


def owner_of(folder: Path) -> int:
    """Return the user id the folder belongs to, or would belong to if it were made now."""
    return folder.stat().st_uid if folder.exists() else os.geteuid()


def socket_folder() -> Path:
    """Return the folder of the embedded servers' sockets.

    Usually `var/run`. A short folder below the temporary one when that path is too long for a socket,
    or when root owns the project: PostgreSQL then runs as another user, who may not be able to enter it.
    """
    var = var_folder()
    inside = var / "run"
    owner = owner_of(var)
    if owner != 0 and len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    temporary = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())
    digest = hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:12]
    return temporary / f"pithead-{owner}-{digest}"


def made_socket_folder(owner: int) -> Path:
    """Return the socket folder, made so that only its owner (and root) can enter it.

    Raises: Fault when another user has made a folder of that name.
    """
    folder = socket_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat().st_uid
    if folder.is_symlink() or found not in (owner, os.geteuid()):
        raise Fault(f"{folder} belongs to another user: remove it, then start again.")
    if found != owner:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
    return folder


def free_bytes(folder: Path) -> int:
    """Return the free space of the disk the folder is on."""
    return shutil.disk_usage(folder).free
