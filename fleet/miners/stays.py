"""Stays follow their miners: what a stay copies may only change by ending it and opening another."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from kit.errors import Refusal

LATER = """
select miner.serial, max(greatest(stay.from_at, coalesce(stay.to_at, stay.from_at)))
from fleet_stay stay join fleet_miner miner on miner.id = stay.miner_id
where stay.miner_id = any(%(ids)s) and (stay.from_at >= %(at)s or stay.to_at > %(at)s)
group by miner.serial order by miner.serial limit 1
"""
CLOSE = "update fleet_stay set to_at = %(at)s where miner_id = any(%(ids)s) and to_at is null"
OPEN = """
insert into fleet_stay (miner_id, site_id, slot_id, owner_id, model_id, power_w, ghs, from_at, reason)
select id, site_id, slot_id, owner_id, model_id, power_w, ghs, %(at)s, %(reason)s
from fleet_miner where id = any(%(ids)s) and site_id is not null order by id
"""


def restart_stays(miner_ids: Collection[int], at: datetime, reason: str) -> None:
    """End the open stays of miners at an instant and open new ones for those that stand at a site.

    The caller holds the miners' rows and has changed them already.

    Raises: Refusal if one of them has a stay at or after that instant.
    """
    given: dict[str, Any] = {"ids": list(miner_ids), "at": at, "reason": reason[:120]}
    with connection.cursor() as cursor:
        cursor.execute(LATER, given)
        if later := cursor.fetchone():
            raise Refusal(
                gettext(
                    "{serial} has a stay that begins or ends on {later}; {at} is not after it. "
                    "Give a later time. Nothing was changed."
                ).format(serial=later[0], later=f"{later[1]:%Y-%m-%d %H:%M}", at=f"{at:%Y-%m-%d %H:%M}")
            )
        cursor.execute(CLOSE, given)
        cursor.execute(OPEN, given)
