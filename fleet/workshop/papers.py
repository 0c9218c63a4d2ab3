"""The papers of a shipment: kept with their SHA-256, each once."""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.rows import may
from fleet.workshop.shipping import PaperKind, Shipment, ShipmentPaper
from fleet.workshop.steps import WORK
from kit.accounts.models import User
from kit.documents.verbs import store
from kit.errors import Refusal
from kit.trail.verbs import record

LARGEST_PAPER = 25 * 1024 * 1024


def attach_paper(
    shipment: Shipment, kind: str, filename: str, content: bytes, *, by: User | None, media_type: str = ""
) -> ShipmentPaper:
    """Keep a paper of a shipment with its SHA-256; the same file again is the one kept first.

    Raises: Refusal for an empty or too large file, or a kind that is not in the table.
    """
    may(by, WORK)
    if kind not in PaperKind.values:
        raise Refusal(gettext("“{kind}” is not a kind of paper.").format(kind=kind), where="kind")
    if not 0 < len(content) <= LARGEST_PAPER:
        raise Refusal(gettext("A paper has between 1 byte and 25 MB."), where="file")
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        document = store(
            kind="shipment_paper",
            number=f"SHIP-{shipment.pk}-{digest[:16]}",
            title=f"{shipment.number} {PaperKind(kind).label}",
            filename=_plain_name(filename),
            content=content,
            media_type=media_type or "application/octet-stream",
            sources={"shipment": shipment.number},
            is_synthetic=shipment.is_synthetic,
        )
        paper, is_new = ShipmentPaper.objects.get_or_create(
            shipment=shipment, document=document, defaults={"kind": kind, "added_at": timezone.now()}
        )
        if is_new:
            record("shipment.paper_added", shipment, by=by, detail={"kind": kind, "sha256": digest})
    return paper


def _plain_name(filename: str) -> str:
    """The last part of a file name without what a header or a path could take for its own."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c if c.isprintable() and c not in '"<>|:*?' else "_" for c in last).strip(" .")
    return plain[-160:] or "paper"
