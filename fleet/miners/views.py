from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from fleet.miners.racks import lines_of, map_of, neighbours
from fleet.sites.models import Rack
from kit.accounts.gates import needs


@needs("fleet.view")
def rack(request: HttpRequest, pk: int) -> HttpResponse:
    """One rack: its slots as a picture and as a list."""
    found = get_object_or_404(Rack.objects.select_related("building__feed__site", "site"), pk=pk)
    lines = lines_of(found)
    before, after = neighbours(found)
    context = {
        "before": before,
        "after": after,
        "title": gettext("Rack {name}").format(name=found.name),
        "rack": found,
        "lines": lines,
        "map": map_of(found, lines),
        "installed_w": sum(line.power_w or 0 for line in lines),
        "machines": sum(line.miner_id is not None for line in lines),
        "is_synthetic": found.site.is_synthetic,
    }
    return render(request, "fleet/rack.html", admin.site.each_context(request) | context)
