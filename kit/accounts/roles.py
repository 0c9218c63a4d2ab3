"""Who may do what: one table of roles, read by the admin, the portal and the API alike."""

from django.utils.translation import gettext_lazy as _

READ = frozenset(
    {
        "fleet.view",
        "hosting.view",
        "money.view",
        "compliance.view",
        "workforce.view",
        "reports.view",
        "jobs.view",
        "trail.view",
    }
)

ROLES: dict[str, frozenset[str]] = {
    "admin": READ
    | {
        "accounts.edit",
        "fleet.edit",
        "holds.place",
        "miners.move",
        "readings.write",
        "imports.apply",
        "hosting.edit",
        "compliance.edit",
        "compliance.decide",
        "reports.edit",
        "jobs.cancel",
    },
    "fleet_manager": frozenset(
        {
            "fleet.view",
            "fleet.edit",
            "holds.place",
            "miners.move",
            "readings.write",
            "imports.apply",
            "hosting.view",
            "hosting.edit",
            "reports.view",
            "jobs.view",
            "jobs.cancel",
        }
    ),
    "technician": frozenset({"fleet.view", "miners.move", "readings.write", "jobs.view"}),
    "compliance_officer": frozenset(
        {
            "fleet.view",
            "holds.place",
            "hosting.view",
            "compliance.view",
            "compliance.edit",
            "compliance.decide",
            "workforce.view",
            "workforce.edit",
            "reports.view",
            "reports.edit",
            "jobs.view",
            "jobs.cancel",
            "trail.view",
        }
    ),
    "finance": frozenset(
        {
            "fleet.view",
            "hosting.view",
            "hosting.edit",
            "money.view",
            "liquidation.prepare",
            "reports.view",
            "jobs.view",
            "jobs.cancel",
        }
    ),
    "approver": frozenset(
        {
            "fleet.view",
            "hosting.view",
            "money.view",
            "liquidation.approve",
            "compliance.view",
            "reports.view",
            "jobs.view",
        }
    ),
    "auditor": READ,
    "customer": frozenset({"portal.view"}),
}

ROLE_NAMES = {
    "admin": _("Administrator"),
    "fleet_manager": _("Fleet manager"),
    "technician": _("Technician"),
    "compliance_officer": _("Compliance officer"),
    "finance": _("Finance"),
    "approver": _("Approver"),
    "auditor": _("Auditor, read only"),
    "customer": _("Customer"),
}

STAFF_ROLES = frozenset(ROLES) - {"customer"}


def acts_of(role: str) -> frozenset[str]:
    """The acts a role may perform; an unknown role may perform none."""
    return ROLES.get(role, frozenset())
