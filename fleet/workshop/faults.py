"""The kinds of fault a ticket may be about, as a table."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    LOW = "low", _("low")
    NORMAL = "normal", _("normal")
    HIGH = "high", _("high")
    CRITICAL = "critical", _("critical")


@dataclass(frozen=True)
class Fault:
    """One kind of fault and how severe it is unless somebody says otherwise."""

    code: str
    label: Promise
    severity: str = Severity.NORMAL


FAULTS: tuple[Fault, ...] = (
    Fault("offline", _("offline"), Severity.HIGH),
    Fault("not_hashing", _("answers and does not hash"), Severity.HIGH),
    Fault("low_hashrate", _("low hashrate")),
    Fault("board_missing", _("hashboard missing"), Severity.HIGH),
    Fault("hot", _("too hot"), Severity.CRITICAL),
    Fault("fan", _("fan"), Severity.HIGH),
    Fault("psu", _("power supply"), Severity.HIGH),
    Fault("control_board", _("control board")),
    Fault("firmware", _("firmware")),
    Fault("network", _("network")),
    Fault("cooling", _("cooling or leak"), Severity.HIGH),
    Fault("damage", _("damage in transit or handling")),
    Fault("other", _("other")),
)
FAULT_OF_CODE = {fault.code: fault for fault in FAULTS}
CHOICES = [(fault.code, fault.label) for fault in FAULTS]
