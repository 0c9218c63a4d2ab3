"""The operator's side bar: every entry names the act that opens it."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# group, ((title, icon, url name, act), ...)
ENTRIES = (
    (
        "",
        (
            (_("Overview"), "dashboard", "admin:index", "fleet.view"),
            (_("Exposure"), "public", "operator:exposure", "compliance.view"),
            (_("Findings"), "flag", "admin:compliance_finding_changelist", "compliance.view"),
            (_("Review desk"), "rule", "admin:compliance_match_changelist", "compliance.view"),
        ),
    ),
    (
        _("Fleet"),
        (
            (_("Sites"), "location_on", "admin:fleet_site_changelist", "fleet.view"),
            (_("Racks"), "grid_view", "admin:fleet_rack_changelist", "fleet.view"),
            (_("Miners"), "memory", "admin:fleet_miner_changelist", "fleet.view"),
            (_("Parts"), "account_tree", "admin:fleet_part_changelist", "fleet.view"),
            (_("Miner models"), "inventory_2", "admin:fleet_minermodel_changelist", "fleet.view"),
            (_("Tickets"), "build", "admin:fleet_ticket_changelist", "fleet.view"),
            (_("Spares"), "shelves", "admin:fleet_spare_changelist", "fleet.view"),
            (_("Shipments"), "local_shipping", "admin:fleet_shipment_changelist", "fleet.view"),
            (_("Detentions"), "gavel", "admin:fleet_detention_changelist", "fleet.view"),
            (_("Move holds"), "lock", "admin:fleet_movehold_changelist", "fleet.view"),
            (_("Imports"), "upload_file", "admin:fleet_importbatch_changelist", "fleet.view"),
            (_("Readings"), "monitoring", "admin:fleet_readingbatch_changelist", "fleet.view"),
            (_("Curtailments"), "power_off", "admin:fleet_curtailment_changelist", "fleet.view"),
            (_("Exports"), "file_save", "admin:fleet_export_changelist", "fleet.view"),
        ),
    ),
    (
        _("Hosting"),
        (
            (_("Parties"), "groups", "admin:hosting_party_changelist", "hosting.view"),
            (_("Contracts"), "handshake", "admin:hosting_contract_changelist", "hosting.view"),
            (_("Enquiries"), "contact_mail", "admin:hosting_enquiry_changelist", "hosting.view"),
            (_("Liquidations"), "gavel", "admin:hosting_liquidation_changelist", "money.view"),
            (_("Ledger"), "account_balance", "admin:hosting_entry_changelist", "money.view"),
        ),
    ),
    (
        _("Compliance"),
        (
            (_("Workforce"), "badge", "operator:workforce", "workforce.view"),
            (_("Origin"), "hub", "operator:origin", "compliance.view"),
            (_("Checklists"), "checklist", "operator:checklists", "compliance.view"),
            (_("Lists"), "list_alt", "admin:compliance_listversion_changelist", "compliance.view"),
            (_("Regimes"), "policy", "admin:compliance_regime_changelist", "compliance.view"),
        ),
    ),
    (
        _("Reports"),
        (
            (_("Library"), "picture_as_pdf", "admin:compliance_report_changelist", "reports.view"),
            (_("Schedules"), "schedule", "admin:compliance_reportschedule_changelist", "reports.view"),
            (_("Jobs"), "progress_activity", "admin:kit_job_changelist", "jobs.view"),
            (_("Trail"), "history", "admin:kit_trailentry_changelist", "trail.view"),
            (_("Users"), "manage_accounts", "admin:kit_user_changelist", "accounts.edit"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and entries this user's role opens."""
    groups = []
    for title, entries in ENTRIES:
        items = [
            {"title": name, "icon": icon, "link": _link(url)}
            for name, icon, url, act in entries
            if getattr(request.user, "may", lambda act: False)(act) and _link(url)
        ]
        if items:
            groups.append({"title": title, "separator": bool(title), "items": items})
    return groups


def _link(url: str) -> str:
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""
