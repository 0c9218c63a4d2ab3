"""The words the kit itself prints; a report in another language hands over its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """English defaults; braces are filled by the kit.

    Shape: build it with translated texts where the report is built: this package asks no catalogue.
    """

    page: str = "Page {page} of {pages}"
    synthetic: str = "CONTAINS SYNTHETIC DATA"
    synthetic_chart: str = "SYNTHETIC"
    missing_title: str = "Characters that could not be drawn"
    missing_lead: str = (
        "No installed typeface has these characters. A lozenge ◊ stands in their place, "
        "in the fields named here; everything else on the pages is complete."
    )
    missing_place: str = "in: {fields}"
    missing_package: str = "the package {package} would bring it"
    missing_anywhere: str = "no package of this system brings it"
    missing_more: str = "and {count} more"
    unknown: str = "unknown"
    in_megawatts: str = "Power in MW"
    nameplate: str = "nameplate"
    energized: str = "energized"
    contracted: str = "contracted"
    installed: str = "installed"
    drawn: str = "drawn"
    headroom: str = "headroom"
    held: str = "held"
    basis_metered: str = "metered"
    basis_reported: str = "reported"
    basis_nameplate: str = "by nameplate"
    basis_unknown: str = "basis unknown"
    torn_axis: str = "The axis is torn: it begins at {amount}."
    overdue: str = "overdue"
    within_30: str = "30 days"
    within_90: str = "90 days"
    urgent: str = "{count} overdue or within 30 days"
    beyond: str = "{count} later than this axis"
    documented: str = "documented"
    declared: str = "declared"
    listed_party: str = "listed party named"
    months: tuple[str, ...] = (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    )
