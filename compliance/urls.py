"""The operator's pages of this storey."""

from django.urls import path

from compliance.checklist.views import checklist, checklist_evidence, checklist_run, checklists
from compliance.exposure.views import exposure_csv, exposure_json, exposure_page, exposure_timeline
from compliance.origin.views import origin
from compliance.overview.views import guide, job_row, overview_page, site, stop_job_row
from compliance.workforce.views import workforce, workforce_attestation, workforce_clock

urlpatterns = [
    path("", overview_page, name="overview"),
    path("overview/jobs/<int:pk>/", job_row, name="overview_job"),
    path("overview/jobs/<int:pk>/stop/", stop_job_row, name="overview_job_stop"),
    path("exposure/", exposure_page, name="exposure"),
    path("exposure/timeline/", exposure_timeline, name="exposure_timeline"),
    path("exposure/exposure.csv", exposure_csv, name="exposure_csv"),
    path("exposure/exposure.json", exposure_json, name="exposure_json"),
    path("sites/<slug:code>/", site, name="site"),
    path("workforce/", workforce, name="workforce"),
    path("workforce/clock/", workforce_clock, name="workforce_clock"),
    path("workforce/attestation/", workforce_attestation, name="workforce_attestation"),
    path("origin/", origin, name="origin"),
    path("checklists/", checklists, name="checklists"),
    path("checklists/run/", checklist_run, name="checklist_run"),
    path("checklists/<int:pk>/", checklist, name="checklist"),
    path("checklists/<int:pk>/evidence/", checklist_evidence, name="checklist_evidence"),
    path("guide/", guide, name="guide"),
]
