"""Two summaries of the fleet as it stands, kept by statement triggers of the miner table.

A miner without a site or owner counts under 0, so the keys are plain numbers.
"""

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
