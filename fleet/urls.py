"""The operator's pages of this storey."""

from django.urls import path

from fleet.miners.views import rack

urlpatterns = [path("racks/<int:pk>/", rack, name="rack")]
