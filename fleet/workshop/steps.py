"""The lives of tickets and shipments as tables, and the state in which a miner leaves the workshop."""

from fleet.miners.models import MinerStatus as M
from fleet.workshop.models import TicketStatus as T
from fleet.workshop.shipping import ShipmentStatus as S
from kit.steps import Step

WORK, PLAN = "miners.move", "fleet.edit"

TICKET_STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        Step("take", (T.OPEN,), T.DIAGNOSING, WORK),
        Step("wait_for_parts", (T.DIAGNOSING,), T.WAITING_PARTS, WORK),
        Step("resume", (T.WAITING_PARTS,), T.DIAGNOSING, WORK),
        Step("repaired", (T.DIAGNOSING, T.WAITING_PARTS), T.REPAIRED, WORK),
        Step("reopen", (T.REPAIRED,), T.DIAGNOSING, WORK),
        Step("send_rma", (T.OPEN, T.DIAGNOSING, T.WAITING_PARTS), T.SENT_OUT, WORK),
        Step("back_repaired", (T.SENT_OUT,), T.REPAIRED, WORK),
        Step("back_as_it_was", (T.SENT_OUT,), T.DIAGNOSING, WORK),
        Step("close", (T.OPEN, T.DIAGNOSING, T.WAITING_PARTS, T.REPAIRED), T.CLOSED, WORK),
    )
}
ON_THE_BENCH = (T.DIAGNOSING, T.WAITING_PARTS)  # parts are swapped in these
AT_WORK = (*ON_THE_BENCH, T.SENT_OUT, T.REPAIRED)  # while one of these stands the miner is in repair

SHIPMENT_STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        Step("send", (S.PLANNED,), S.SENT, WORK),
        Step("hold_at_customs", (S.SENT,), S.CUSTOMS, WORK),
        Step("release_from_customs", (S.CUSTOMS,), S.SENT, WORK),
        Step("receive", (S.SENT, S.CUSTOMS), S.RECEIVED, WORK),
        Step("cancel", (S.PLANNED,), S.CANCELLED, PLAN),
    )
}
LIVE = (S.PLANNED, S.SENT, S.CUSTOMS)
UNDER_WAY = (S.SENT, S.CUSTOMS)

# A repaired miner that ran gets power again; whether it mines its readings say.
GOES_BACK_TO: dict[str, str] = {
    M.RECEIVED: M.STORED,
    M.STORED: M.STORED,
    M.RACKED: M.RACKED,
    M.ENERGIZED: M.ENERGIZED,
    M.MINING: M.ENERGIZED,
    M.LOW: M.ENERGIZED,
    M.OFFLINE: M.ENERGIZED,
    M.IN_REPAIR: M.STORED,
}
