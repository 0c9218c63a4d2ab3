"""That a share is one of those that make up the published total, without showing the others.

Source: the tree of RFC 9162, section 2.1: SHA-256, a byte 0 before leaves and a byte 1 before nodes; a node
without a neighbour moves up unchanged.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LEAF, NODE = b"\0", b"\1"
SALT_LETTERS = 32


@dataclass(frozen=True)
class Leaf:
    """What one line of a distribution says; the salt keeps its hash from being guessed.

    Units: cents.
    """

    case: str
    owner: str
    line: int
    machines: int
    weight: int
    amount_cents: int
    currency: str
    salt: str

    @property
    def text(self) -> str:
        """The line as it is hashed: canonical JSON."""
        return json.dumps(vars(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(LEAF + self.text.encode()).digest()


@dataclass(frozen=True)
class Neighbour:
    """A hash joined on the way to the root, and the side it stands on."""

    side: Literal["L", "R"]
    digest: str


def salt_of(secret: str, owner: str) -> str:
    """The salt of an owner's line, which only the case's secret gives."""
    return hmac.new(secret.encode(), owner.encode(), hashlib.sha256).hexdigest()[:SALT_LETTERS]


def tree(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The levels of the tree over leaf hashes, from the leaves up to the root."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [_joined(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(above + below[len(above) * 2 :])
    return levels


def root_of(levels: Sequence[Sequence[bytes]]) -> str:
    """The root in hexadecimal; of nothing the hash of nothing."""
    return (levels[-1][0] if levels[-1] else hashlib.sha256(b"").digest()).hex()


def path_of(levels: Sequence[Sequence[bytes]], place: int) -> list[Neighbour]:
    """The hashes that lead from a leaf to the root."""
    path: list[Neighbour] = []
    for level in levels[:-1]:
        beside = place ^ 1
        if beside < len(level):
            path.append(Neighbour("L" if beside < place else "R", level[beside].hex()))
        place //= 2
    return path


def leads_to(digest: bytes, path: Sequence[Neighbour], root: str) -> bool:
    """Whether a leaf joined with its path gives the root."""
    for neighbour in path:
        other = bytes.fromhex(neighbour.digest)
        digest = _joined(other, digest) if neighbour.side == "L" else _joined(digest, other)
    return digest.hex() == root


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()
