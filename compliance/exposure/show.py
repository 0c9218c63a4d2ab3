"""An exposure as plain dictionaries, for the API, the command and the report; and as lines of text."""

from typing import Any

from django.utils.translation import gettext as _

from compliance.exposure.values import Exposure, Figures, Grouping, Reason, SiteExposure
from kit import units


def exposure_json(exposure: Exposure, dimension: str = "") -> dict[str, Any]:
    """Everything an exposure says; watts, cents and GH/s as whole numbers, unknown as null."""
    value = {
        "as_of": exposure.as_of.isoformat(),
        "known_on": exposure.known_on.isoformat(),
        "currency": "USD",
        "is_synthetic": exposure.is_synthetic,
        "total": figures_json(exposure.total),
        "by_standing": {standing: figures_json(part) for standing, part in exposure.by_standing.items()},
        "sites": [_site_json(row) for row in exposure.rows],
        "lists": [
            {
                "list": row.source,
                "name": row.name,
                "published_on": row.published_on.isoformat(),
                "entries": row.entries,
                "is_excerpt": row.is_excerpt,
                "sha256": row.sha256,
            }
            for row in exposure.editions
        ],
        "designated_parties": [
            {
                "list": row.source,
                "uid": row.uid,
                "name": row.name,
                "programmes": list(row.programmes),
                "authority": row.authority,
                "citation": row.citation,
                "listed_on": row.listed_on.isoformat(),
            }
            for row in exposure.designated
        ],
    }
    if dimension:
        value["by"] = grouping_json(exposure.by(dimension))
    return value


def grouping_json(grouping: Grouping) -> dict[str, Any]:
    """One dimension's groups, with whether they overlap."""
    return {
        "dimension": grouping.dimension,
        "is_overlapping": grouping.is_overlapping,
        "note": grouping.note,
        "groups": [
            {
                "key": row.key,
                "label": row.label,
                "standing": row.standing,
                "sites": list(row.sites),
                **figures_json(row.figures),
            }
            for row in grouping.groups
        ],
    }


def figures_json(figures: Figures) -> dict[str, int | None]:
    """Machines, watts, hashrate, value and owners."""
    return {
        "machines": figures.machines,
        "contracted_w": figures.contracted_w,
        "installed_w": figures.installed_w,
        "ghs": figures.ghs,
        "value_cents": figures.value_cents,
        "machines_without_price": figures.unpriced,
        "owners": figures.owners,
    }


def _site_json(row: SiteExposure) -> dict[str, Any]:
    # The host stands here by its key: on a day without a finding its name is not to be read as one.
    return {
        "site": row.code,
        "name": row.name,
        "country": row.country,
        "region": row.region,
        "host_id": row.host_id,
        "standing": row.standing,
        "site_standing": row.site_standing,
        **figures_json(row.figures),
        "is_synthetic": row.is_synthetic,
        "reasons": [_reason_json(reason) for reason in row.reasons],
    }


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "standing": reason.standing,
        "about": reason.about,
        "covers": reason.covers,
        "sentence": reason.sentence,
        "authority": reason.authority,
        "citation": reason.citation,
        "source": reason.source,
        "confidence": reason.confidence,
        "programmes": list(reason.programmes),
        "listed_uid": reason.listed_uid,
        "party": reason.party_number,
        **figures_json(reason.figures),
        "is_synthetic": reason.is_synthetic,
    }


def standing_name(standing: str) -> str:
    """A standing in the words of the house."""
    return {
        "blocked": _("blocked pending counsel"),
        "review": _("review"),
        "unknown": _("unknown"),
        "watch": _("watch"),
        "none": _("no open finding"),
    }[standing]


def exposure_lines(exposure: Exposure, dimension: str = "") -> list[str]:
    """The exposure as lines of text for a terminal."""
    lines = [
        _("Exposure as of %(day)s, lists and regimes of %(known)s")
        % {"day": exposure.as_of, "known": exposure.known_on}
    ]
    lines += [
        _("  list: %(name)s of %(day)s, %(count)d entries%(part)s")
        % {
            "name": row.name,
            "day": row.published_on,
            "count": row.entries,
            "part": _(" (excerpt)") if row.is_excerpt else "",
        }
        for row in exposure.editions
    ]
    lines.append(
        _line(
            _("site"),
            _("standing"),
            [_("machines"), _("MW contr."), _("MW inst."), "PH/s", _("USD"), _("owners")],
        )
    )
    lines += [_line(row.name, standing_name(row.standing), _cells(row.figures)) for row in exposure.rows]
    lines.append(_line(_("all"), "", _cells(exposure.total)))
    for row in exposure.rows:
        for reason in row.reasons:
            said = (reason.authority, reason.citation, reason.source, reason.confidence)
            lines += [f"  {row.name}: {reason.sentence}", f"    {' · '.join(part for part in said if part)}"]
    if dimension:
        grouping = exposure.by(dimension)
        lines += ["", grouping.note]
        lines += [
            _line(row.label, standing_name(row.standing), _cells(row.figures)) for row in grouping.groups
        ]
    if exposure.designated:
        lines += ["", _("Designated parties behind these findings:")]
        lines += [
            f"  {row.uid}  {row.name}  {', '.join(row.programmes)}  {row.listed_on}"
            for row in exposure.designated
        ]
    return lines


def _cells(figures: Figures) -> list[str]:
    return [
        f"{figures.machines:,}",
        _("unknown")
        if figures.contracted_w is None
        else units.divide(figures.contracted_w, units.W_PER_MW, 2),
        units.divide(figures.installed_w, units.W_PER_MW, 2),
        units.divide(figures.ghs, units.GHS_PER_PHS, 1),
        _("unknown") if figures.value_cents is None else f"{figures.value_cents // 100:,}",
        f"{figures.owners:,}",
    ]


def _line(name: str, standing: str, cells: list[str]) -> str:
    return f"  {name[:40]:<40} {standing:<24}" + "".join(f"{cell:>14}" for cell in cells)
