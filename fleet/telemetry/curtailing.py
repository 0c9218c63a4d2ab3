"""When a site or feed was told to draw less: entered with who said so, and ended."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from fleet.miners.rows import may
from fleet.sites.models import PowerFeed, Site
from fleet.telemetry.models import Curtailment, CurtailmentReason
from kit.accounts.models import User
from kit.errors import Refusal
from kit.trail.verbs import record


def enter_curtailment(
    site: Site,
    *,
    by: User | None,
    from_at: datetime,
    reason: str,
    source: str,
    feed: PowerFeed | None = None,
    to_at: datetime | None = None,
) -> Curtailment:
    """Write down that a site, or one feed of it, draws less for a time, and who said so.

    Raises: Refusal for a feed of another site, an end before the beginning, no source, or a time in which
        the same place is curtailed already.
    """
    may(by, "fleet.edit")
    if reason not in CurtailmentReason.values:
        raise Refusal(
            gettext("“{reason}” is not a reason. Choose one of: {reasons}.").format(
                reason=reason, reasons=", ".join(CurtailmentReason.values)
            ),
            where="reason",
        )
    if not source.strip():
        raise Refusal(gettext("Say who called for it and where that is written."), where="source")
    if feed is not None and feed.site_id != site.pk:
        raise Refusal(gettext("{feed} is not a feed of {site}.").format(feed=feed, site=site), where="feed")
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # two who enter the same wait here
        entered = Curtailment(
            site=site,
            feed=feed,
            from_at=from_at,
            reason=reason,
            source=source.strip()[:300],
            is_synthetic=site.is_synthetic,
        )
        _until(entered, to_at)
        entered.save()
        record("curtailment.entered", entered, by=by, detail=_told(entered))
    return entered


def end_curtailment(curtailment: Curtailment, *, by: User | None, at: datetime | None = None) -> None:
    """Say when a curtailment ended, or correct what was said of it.

    Raises: Refusal for an end before its beginning, or one that runs into the next of the same place.
    """
    may(by, "fleet.edit")
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=curtailment.site_id)
        row = Curtailment.objects.select_for_update().get(pk=curtailment.pk)
        _until(row, at or timezone.now())
        row.save(update_fields=["to_at"])
        record("curtailment.ended", row, by=by, detail=_told(row))
    curtailment.to_at = row.to_at


def _until(row: Curtailment, to_at: datetime | None) -> None:
    if to_at is not None and to_at <= row.from_at:
        raise Refusal(gettext("It ends after it begins. Nothing was changed."), where="to_at")
    others = Curtailment.objects.filter(
        Q(to_at__isnull=True) | Q(to_at__gt=row.from_at), site_id=row.site_id, feed_id=row.feed_id
    ).exclude(pk=row.pk)
    if to_at is not None:
        others = others.filter(from_at__lt=to_at)
    if other := others.order_by("from_at").first():
        raise Refusal(
            gettext("{other} is in the way: end that one first. Nothing was changed.").format(other=other),
            where="from_at",
        )
    row.to_at = to_at


def _told(row: Curtailment) -> dict[str, object]:
    return {
        "on": str(row.feed or row.site),
        "from": row.from_at,
        "to": row.to_at,
        "reason": row.reason,
        "source": row.source,
    }
