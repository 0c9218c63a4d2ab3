"""The operator's pages of this storey."""

from django.urls import path

from kit.documents.views import download
from kit.jobs.views import cancel_job, job_page

urlpatterns = [
    path("documents/<int:pk>/", download, name="document"),
    path("jobs/<int:pk>/", job_page, name="job"),
    path("jobs/<int:pk>/cancel/", cancel_job, name="job_cancel"),
]
