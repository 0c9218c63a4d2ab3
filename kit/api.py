"""Gathers the rooms' API views."""

from kit.documents.api import DocumentViewSet
from kit.jobs.api import JobViewSet
from kit.trail.api import TrailViewSet

ROUTES = [("jobs", JobViewSet), ("documents", DocumentViewSet), ("trail", TrailViewSet)]
