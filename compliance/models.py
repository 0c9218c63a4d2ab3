"""Gathers the rooms' models for Django; code imports from the rooms."""

from compliance.checklist.models import ChecklistRun, ItemEvidence
from compliance.exposure.models import HashrateShare
from compliance.findings.models import Finding
from compliance.lists.models import (
    ListedAddress,
    ListedIdentifier,
    ListedName,
    ListedParty,
    ListSource,
    ListVersion,
)
from compliance.origin.models import OriginRecord, SupplyChannel
from compliance.reports.models import Report, ReportSchedule
from compliance.screening.models import Decision, Match
from compliance.territory.models import Law, Regime
from compliance.workforce.models import Attestation, Clock, Contractor, Worker

__all__ = [
    "Attestation",
    "ChecklistRun",
    "Clock",
    "Contractor",
    "Decision",
    "Finding",
    "HashrateShare",
    "ItemEvidence",
    "Law",
    "ListSource",
    "ListVersion",
    "ListedAddress",
    "ListedIdentifier",
    "ListedName",
    "ListedParty",
    "Match",
    "OriginRecord",
    "Regime",
    "Report",
    "ReportSchedule",
    "SupplyChannel",
    "Worker",
]
