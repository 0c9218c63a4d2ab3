"""Cut report faces out of the font wheels of the lock file, once, into a cache directory.

The same wheels give the same bytes. The packages are never imported: their files are found by name and the
SHA-256 of each source is kept in the manifest. No font file is committed.
"""

import fcntl
import hashlib
import importlib.metadata as metadata
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fontTools

from kit.errors import Refusal
from kit.pdf.cuts import CUTS, Cut
from kit.pdf.letters import wanted

# The scissors themselves are imported where they cut: every process imports this file, few ever cut.
if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

RECIPE = "1"  # raise by one whenever the steps below change: old cuts are then left alone and new ones made
KERNING = ["kern", "mark", "mkmk", "ccmp", "locl"]
UNUSED_TABLES = ["DSIG", "vhea", "vmtx", "VORG"]


def cache_directory() -> Path:
    """Where cut faces live: `fonts` under PITHEAD_VAR, by default the `var` directory of the project."""
    root = os.environ.get("PITHEAD_VAR")
    return (Path(root) if root else Path(__file__).resolve().parents[2] / "var") / "fonts"


@cache
def source(face: str) -> tuple[Path, str]:
    """Source file of a face and its SHA-256.

    Raises: Refusal when the wheel that brings it is not installed.
    """
    cut = CUTS[face]
    try:
        files = metadata.files(cut.package) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if str(file).endswith(cut.file):
            path = Path(str(file.locate()))
            if path.exists():
                return path, hashlib.sha256(path.read_bytes()).hexdigest()
    raise Refusal(
        f"The face {face} needs the Python package {cut.package}, which is not installed. "
        "Install the packages of requirements.lock, then run ./manage.py fonts cut.",
        where="fonts",
    )


@cache
def key(face: str) -> str:
    """Name of one exact cut: source bytes, axes, letters, recipe, and the version of the cutting tool."""
    cut = CUTS[face]
    letters = ",".join(map(str, sorted(wanted(cut.letters)))) if cut.letters else ""
    parts = (RECIPE, fontTools.version, face, source(face)[1], repr(cut.axes), letters)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def cut_face(face: str, directory: Path | None = None) -> Path:
    """Path of a ready face, cut now if the cache does not hold it."""
    directory = directory or cache_directory()
    path = directory / f"{face}-{key(face)}.ttf"
    if not _is_whole(path):
        directory.mkdir(parents=True, exist_ok=True)
        with _alone(directory / f".{face}.lock"):
            if not _is_whole(path):  # another process may have cut it while this one waited
                _write_atomically(path, _cut(CUTS[face]))
    return path


def manifest(faces: tuple[str, ...], directory: Path | None = None) -> dict[str, dict[str, Any]]:
    """What each face was made of: package, version, SHA-256 of the source and of the cut."""
    paths = {face: cut_face(face, directory) for face in faces}
    return {face: json.loads(_card(path).read_text()) for face, path in paths.items()}


def manifest_sha256(faces: tuple[str, ...], directory: Path | None = None) -> str:
    """One hash for a set of faces; a document that prints it tells which fonts would draw it again."""
    text = json.dumps(manifest(faces, directory), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _card(path: Path) -> Path:
    return path.with_suffix(".json")


def _is_whole(path: Path) -> bool:
    """True when the face and its card are there and agree on the size."""
    try:
        return bool(json.loads(_card(path).read_text())["bytes"] == path.stat().st_size)
    except (OSError, ValueError, KeyError):
        return False


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time per face: two cuts of a Chinese face at once would need 900 MB."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_atomically(path: Path, font: bytes) -> None:
    """Write the card, then the face, each by rename, so that no reader ever sees half a file."""
    face = path.stem.rsplit("-", 1)[0]
    cut = CUTS[face]
    card = {
        "bytes": len(font),
        "face": face,
        "package": cut.package,
        "sha256": hashlib.sha256(font).hexdigest(),
        "source_sha256": source(face)[1],
        "version": metadata.version(cut.package),
    }
    for target, content in ((_card(path), json.dumps(card, indent=1, sort_keys=True).encode()), (path, font)):
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(content)
        os.chmod(part.name, 0o644)
        os.replace(part.name, target)


def _cut(cut: Cut) -> bytes:
    """Subset, fix the axes, rename, and return the bytes of a static TrueType face."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    path, _ = source(cut.face)
    font = TTFont(BytesIO(_subset(path, cut.letters)) if cut.letters else path, recalcTimestamp=False)
    if cut.axes:
        overlap = instancer.OverlapMode.KEEP_AND_SET_FLAGS
        font = instancer.instantiateVariableFont(font, dict(cut.axes), inplace=True, overlap=overlap)
    _rename(font, cut.face)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


@cache
def _subset_cache() -> dict[tuple[Path, str], bytes]:
    return {}


def _subset(path: Path, letters: str) -> bytes:
    """The variable font with only the wanted letters; kept for the next weight of the same family."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    kept = _subset_cache()
    if (path, letters) not in kept:
        kept.clear()
        font = TTFont(path, recalcTimestamp=False)
        options = Options(layout_features=KERNING, name_IDs=["*"], notdef_outline=True, hinting=False)
        options.drop_tables += UNUSED_TABLES
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted(letters) & set(font.getBestCmap()))
        subsetter.subset(font)
        out = BytesIO()
        font.save(out)
        kept[path, letters] = out.getvalue()
    return kept[path, letters]


def _rename(font: "TTFont", face: str) -> None:
    """Give every cut a neutral, unique name.

    The licences reserve the original names, and reportlab tells faces apart by PostScript name: two faces of
    one name would silently draw bold as regular.
    """
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16):
            record.string = f"Pithead {face}"
        elif record.nameID in (6, 25):
            record.string = f"Pithead-{face}"
