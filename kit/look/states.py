"""The one table of state words: kind, shape, word and short word."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class State:
    """How one kind of state is drawn and said: shape first, then word, then colour.

    Shape: `kind` is also the class of its colour; `shape` is the symbol in the sprite.
    """

    kind: str
    shape: str
    word: Words
    short: Words


# Worst first: a list sorted by position in this table opens with what matters most.
TABLE: tuple[State, ...] = (
    State("blocked", "s-blocked", _("Blocked pending counsel"), _("Blocked")),
    State("review", "s-review", _("Review"), _("Review")),
    State("watch", "s-watch", _("Watch"), _("Watch")),
    State("unknown", "s-unknown", _("Unknown"), _("Unknown")),
    State("fine", "s-fine", _("No open finding"), _("No open finding")),
    State("going", "s-going", _("Running"), _("Running")),
    State("wait", "s-wait", _("Waiting"), _("Waiting")),
    State("out", "s-out", _("Sold or moved"), _("Out")),
)

STATES: dict[str, State] = {state.kind: state for state in TABLE}
JUDGEMENTS: tuple[str, ...] = ("blocked", "review", "watch", "unknown", "fine")


def state_of(kind: str | None) -> State:
    """The state of a kind; nothing given means not known.

    Raises: LookupError for a kind that is not in the table.
    """
    if not kind:
        return STATES["unknown"]
    if kind not in STATES:
        raise LookupError(f"State {kind!r} is not in the table; it has {', '.join(STATES)}.")
    return STATES[kind]


def rank(kind: str | None) -> int:
    """Place of a kind in the table, worst is 0."""
    return TABLE.index(state_of(kind))
