"""Every act on miners, in one place."""

from fleet.miners.bulk import correct_miners, place_miners_at, register_miners
from fleet.miners.chosen import act_soon, choose, forget_choices
from fleet.miners.life import correct_miner, end_stays, register_miner, set_status, transfer_ownership
from fleet.miners.moves import move_miners, place_hold, receive_miners, release_hold
from fleet.miners.parts import fit_part, remove_part, stock_part
from fleet.miners.past import make_snapshots

__all__ = [
    "act_soon",
    "choose",
    "correct_miner",
    "correct_miners",
    "end_stays",
    "fit_part",
    "forget_choices",
    "make_snapshots",
    "move_miners",
    "place_hold",
    "place_miners_at",
    "receive_miners",
    "register_miner",
    "register_miners",
    "release_hold",
    "remove_part",
    "set_status",
    "stock_part",
    "transfer_ownership",
]
