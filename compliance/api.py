"""Gathers the rooms' API views."""

from compliance.checklist.api import ChecklistRunViewSet
from compliance.exposure.api import ExposureViewSet
from compliance.findings.api import FindingViewSet
from compliance.lists.api import ListedPartyViewSet, ListVersionViewSet
from compliance.origin.api import OriginRecordViewSet
from compliance.reports.api import ROUTES as REPORTS
from compliance.screening.api import MatchViewSet
from compliance.territory.api import LawViewSet, RegimeViewSet
from compliance.workforce.api import WorkerViewSet

ROUTES: list[tuple[str, type]] = [
    ("findings", FindingViewSet),
    ("regimes", RegimeViewSet),
    ("laws", LawViewSet),
    ("lists", ListVersionViewSet),
    ("listed-parties", ListedPartyViewSet),
    ("matches", MatchViewSet),
    ("exposure", ExposureViewSet),
    ("workers", WorkerViewSet),
    ("origin-records", OriginRecordViewSet),
    ("checklist-runs", ChecklistRunViewSet),
    *REPORTS,
]
