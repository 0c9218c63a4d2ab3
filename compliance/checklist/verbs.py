from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.checklist.reads import site_facts
from compliance.checklist.templates import Template, template_of
from compliance.checklist.values import SiteFacts
from fleet.sites.models import Site
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record


def run_checklist(template: str, site: Site, day: date, *, by: User | None) -> ChecklistRun:
    """Judge every item of a checklist at a site as of a day; the same result of a day is kept once.

    Raises: Refusal for a checklist nobody knows, a day ahead, or a day before any fact.
    """
    if by is not None:
        require(by, "compliance.edit")
    chosen = template_of(template)
    if day > timezone.now().date():
        raise Refusal(_("%(day)s has not come yet.") % {"day": day})
    result = judge(chosen, site, site_facts(site, template, day))
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        runs = ChecklistRun.objects.filter(template=template, site=site, as_of=day)
        newest = runs.order_by("-pk").first()
        if newest is not None and newest.result == result:
            return newest
        run = ChecklistRun.objects.create(template=template, site=site, as_of=day, result=result, made_by=by)
        states = {item["code"]: item["state"] for item in result["items"]}
        record("checklist.run", run, by=by, detail={"site": site.code, "states": states})
    return run


def judge(template: Template, site: Site, facts: SiteFacts) -> dict[str, Any]:
    """The result as it is stored: every item with its lines, its state and what is missing."""
    items = []
    for item in template.items:
        outcome = item.judge(facts).as_json()
        head = {"code": item.code, "title": str(item.title), "asks": str(item.asks), "source": item.source}
        items.append(head | outcome)
    return {
        "template": template.code,
        "title": str(template.title),
        "version": template.version,
        "source": template.source,
        "site": site.code,
        "as_of": facts.day.isoformat(),
        "is_synthetic": facts.is_synthetic,
        "items": items,
    }


def record_evidence(
    template: str, item: str, site: Site, text: str, *, on_day: date, by: User | None
) -> ItemEvidence:
    """Put down what data cannot judge: who saw what on which day; the same text of a day is kept once.

    Raises: Refusal for an item nobody knows, no text, or a day ahead.
    """
    if by is not None:
        require(by, "compliance.edit")
    known = {row.code for row in template_of(template).items}
    if item not in known:
        raise Refusal(
            _("“%(item)s” is not an item of this checklist; its items are %(items)s.")
            % {"item": item, "items": ", ".join(sorted(known))}
        )
    if not text.strip() or on_day > timezone.now().date():
        raise Refusal(_("Evidence needs its text, and a day that has come."))
    with transaction.atomic():
        evidence, created = ItemEvidence.objects.get_or_create(
            template=template,
            item=item,
            site=site,
            text=text.strip(),
            on_day=on_day,
            defaults={"recorded_by": by},
        )
        if created:
            record("evidence.recorded", evidence, by=by, detail={"item": item, "site": site.code})
    return evidence
