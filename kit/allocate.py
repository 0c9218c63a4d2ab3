"""Splitting a whole number of cents so that the parts add up to it exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from kit.errors import Refusal


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Key = TypeVar("Key", bound=_Ordered)


@dataclass(frozen=True)
class Split:
    """A total divided by weight: every part is its floor plus at most one cent given by rank."""

    amounts: tuple[int, ...]
    floors: tuple[int, ...]

    @property
    def given_by_rank(self) -> int:
        """How many single cents were given to the largest remainders."""
        return sum(self.amounts) - sum(self.floors)


def split_by_rank(total: int, weights: Sequence[int], keys: Sequence[Key]) -> Split:
    """Divide `total` by weight, and show how many cents were given by rank.

    Shape: amounts in the order of `weights`; the result for a key does not depend on that order.
    Source: largest remainder (Hamilton): each part is floor(total * weight / all weights), and the
        cents left go one each to the largest fractions, ties to the smaller key.
    Raises: Refusal for a negative total or weight, for weights and keys that do not pair up, for
        a key given twice, and for a total that no weight can take.
    """
    _check(total, weights, keys)
    whole = sum(weights)
    if total == 0:
        zeros = (0,) * len(weights)
        return Split(zeros, zeros)
    parts = [divmod(total * weight, whole) for weight in weights]
    floors = tuple(floor for floor, _remainder in parts)
    left = total - sum(floors)
    # Two stable sorts: by key, then by remainder, so that equal remainders stay in key order.
    order = sorted(range(len(keys)), key=lambda place: keys[place])
    order.sort(key=lambda place: parts[place][1], reverse=True)
    amounts = list(floors)
    for place in order[:left]:
        amounts[place] += 1
    return Split(tuple(amounts), floors)


def largest_remainder(total: int, weights: Sequence[int], keys: Sequence[Key]) -> list[int]:
    """Divide `total` by weight into whole parts that add up to it, ties to the smaller key."""
    return list(split_by_rank(total, weights, keys).amounts)


def _check(total: int, weights: Sequence[int], keys: Sequence[Key]) -> None:
    if len(weights) != len(keys):
        raise Refusal(
            _("%(weights)d weights were given for %(keys)d keys; give one for each.")
            % {"weights": len(weights), "keys": len(keys)}
        )
    if len(set(keys)) != len(keys):
        raise Refusal(_("A key is given twice; add its weights up before splitting."))
    if total < 0:
        raise Refusal(_("A negative total (%(total)d) cannot be split.") % {"total": total})
    for key, weight in zip(keys, weights, strict=True):
        if weight < 0:
            raise Refusal(
                _("The weight of %(key)s is negative (%(weight)d); a weight is zero or more.")
                % {"key": key, "weight": weight}
            )
    if total > 0 and not any(weights):
        raise Refusal(_("%(total)d cannot be split: no weight is above zero.") % {"total": total})
