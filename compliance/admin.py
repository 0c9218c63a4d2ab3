"""Gathers the rooms' lists for the admin."""

from compliance.checklist import admin as checklist
from compliance.exposure import admin as exposure
from compliance.findings import admin as findings
from compliance.lists import admin as lists
from compliance.origin import admin as origin
from compliance.reports import admin as reports
from compliance.screening import admin as screening
from compliance.territory import admin as territory
from compliance.workforce import admin as workforce

__all__ = [
    "checklist",
    "exposure",
    "findings",
    "lists",
    "origin",
    "reports",
    "screening",
    "territory",
    "workforce",
]
