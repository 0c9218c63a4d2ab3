"""What was known and in which version: documents, lists, rules, laws, fonts and the end of the trail."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from compliance.exposure.models import HashrateShare
from compliance.lists.reads import editions_at
from compliance.lists.sources import LISTS
from compliance.reports.parts import LawRow, ListEdition, SourceRow, Sources, WorldShares
from compliance.reports.sections.rules import rule_rows
from compliance.reports.sections.scope import Scope
from compliance.reports.sections.words import country_words, region_words
from compliance.territory.models import DatedLaw, Regime
from compliance.territory.reads import laws_at
from compliance.workforce.models import Contractor, Worker
from fleet.sites.models import Site
from hosting.contracts.models import Contract, Enquiry, SiteParty
from kit.asof import days_at, end_of
from kit.pdf.cutting import manifest_sha256
from kit.pdf.faces import faces_of
from kit.trail.models import TrailEntry

NOT_FACTS = ("report.", "job.", "user.", "token.")
"""Acts that change no fact: with them in it, a report would differ because a report was made."""


def build_sources(scope: Scope, network: WorldShares, language: str) -> Sources:
    """Everything the report rests on, the network's shares among it."""
    last = last_fact()
    territories = {row.country for row in scope.exposure.rows} | {row.region for row in scope.exposure.rows}
    regimes = Regime.objects.filter(days_at(scope.day), territory__in=territories - {""})
    laws = laws_at(scope.day)
    return Sources(
        documents=_documents(scope, network),
        lists=tuple(
            ListEdition(
                row.name,
                {each.code: each.authority for each in LISTS}.get(row.source, ""),
                row.published_on,
                row.entries,
                row.is_excerpt,
                row.sha256,
            )
            for row in editions_at(scope.day)
        ),
        rules=rule_rows(),
        rules_sha256=rules_hash(),
        laws=tuple(_law(row, row.code, row.title) for row in laws),
        regimes=tuple(
            _law(row, row.code, f"{_place(row.territory)}: {row.get_measure_display()}")
            for row in regimes.order_by("territory", "code", "from_on")
        ),
        fonts_sha256=manifest_sha256(faces_of(language)),
        trail_length=last.pk if last else 0,
        trail_sha256=bytes(last.hash).hex() if last else "",
    )


def last_fact() -> TrailEntry | None:
    """The newest entry of the trail that is about a fact."""
    other = Q()
    for prefix in NOT_FACTS:
        other |= Q(verb__startswith=prefix)
    return TrailEntry.objects.exclude(other).order_by("-pk").first()


def data_time(scope: Scope) -> datetime:
    """When the newest fact was recorded; the end of the day where the trail is empty."""
    last = last_fact()
    return last.at if last else end_of(scope.day)


def _law(row: DatedLaw, code: str, title: str) -> LawRow:
    return LawRow(
        code, title, row.authority, row.citation, row.from_on, row.to_on, row.confidence, row.reviewed_on
    )


def _place(territory: str) -> str:
    return region_words(territory) if "-" in territory else country_words(territory)


def rules_hash() -> str:
    """SHA-256 over the rules and every measure on a territory this installation knows, edited or not."""
    columns = ("code", "territory", "measure", "authority", "citation", "from_on", "to_on")
    regimes = Regime.objects.order_by("code", "measure", "from_on").values_list(*columns)
    with translation.override(None):  # the same table has the same hash in every language
        rules = [[row.code, row.asks] for row in rule_rows()]
    content = [rules, [list(row) for row in regimes]]
    return hashlib.sha256(json.dumps(content, default=str, separators=(",", ":")).encode()).hexdigest()


def _documents(scope: Scope, network: WorldShares) -> tuple[SourceRow, ...]:
    """Documents named by records of the sites in scope, in the order of their names."""
    sites = list(scope.sites)
    shares = HashrateShare.objects.filter(source=network.source, month=network.month or scope.day)
    tables: tuple[tuple[str, QuerySet[Any]], ...] = (
        (_("sites"), Site.objects.filter(pk__in=sites)),
        (_("parties at sites"), SiteParty.objects.filter(site__in=sites)),
        (_("contracts"), Contract.objects.filter(site__in=sites)),
        (_("enquiries"), Enquiry.objects.filter(site__in=sites)),
        (_("contractors"), Contractor.objects.filter(site__in=sites)),
        (_("workers"), Worker.objects.filter(site__in=sites)),
        (_("network shares"), shares),
    )
    facts: dict[str, int] = defaultdict(int)
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, rows in tables:
        counted = rows.exclude(source="").values_list("source").annotate(count=Count("pk")).order_by("source")
        for source, count in counted:
            facts[source] += count
            kinds[source].append(kind)
    return tuple(SourceRow(source, facts[source], tuple(kinds[source])) for source in sorted(facts))
