"""Summaries of the fleet, kept by statement triggers: today's from the miners, past days' from the stays.

A miner without a site or owner counts under 0, so the keys are plain numbers.
"""

import pgtrigger
from django.db import models


class Capacity(models.Model):
    """Machines, watts and hashrate per site, model, state and control board family."""

    pk = models.CompositePrimaryKey("site_id", "model_id", "status", "board_family")
    site_id = models.BigIntegerField()
    model_id = models.BigIntegerField()
    status = models.CharField(max_length=12)
    board_family = models.CharField(max_length=40)
    machines = models.BigIntegerField()
    power_w = models.BigIntegerField()
    ghs = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.machines} machines at site {self.site_id}"


class Holding(models.Model):
    """Machines, watts and hashrate per site and owner."""

    pk = models.CompositePrimaryKey("site_id", "owner_id")
    site_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    machines = models.BigIntegerField()
    power_w = models.BigIntegerField()
    ghs = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.machines} machines of owner {self.owner_id}"


class Move(models.Model):
    """Machines of a model and owner that came to a site on a day, or left it if below zero; never changed.

    Shape: kept by triggers of the stay table. The sum to a day is the fleet at its end.
    """

    on_day = models.DateField()
    site_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    model_id = models.BigIntegerField()
    machines = models.BigIntegerField()
    power_w = models.BigIntegerField()
    ghs = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["on_day"], name="move_on_day"),
            models.Index(fields=["owner_id", "on_day"], name="move_of_owner"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.machines:+} machines at site {self.site_id} on {self.on_day}"


class Snapshot(models.Model):
    """The sums of all moves to the end of a day, as far as they were written when they were summed."""

    on_day = models.DateField(primary_key=True)
    last_move_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.on_day} up to move {self.last_move_id}"


class SnapshotModel(models.Model):
    """A snapshot's machines, watts and hashrate per site and model."""

    pk = models.CompositePrimaryKey("on_day", "site_id", "model_id")
    on_day = models.DateField()
    site_id = models.BigIntegerField()
    model_id = models.BigIntegerField()
    machines = models.BigIntegerField()
    power_w = models.BigIntegerField()
    ghs = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.machines} machines at site {self.site_id} on {self.on_day}"


class SnapshotOwner(models.Model):
    """A snapshot's machines, watts and hashrate per site and owner."""

    pk = models.CompositePrimaryKey("on_day", "site_id", "owner_id")
    on_day = models.DateField()
    site_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    machines = models.BigIntegerField()
    power_w = models.BigIntegerField()
    ghs = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.machines} machines of owner {self.owner_id} on {self.on_day}"
