"""Which reasons touch a site: its parties, its owners and its territory, from frozen facts; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compliance.exposure.values import Figures, Reason
from compliance.ownership.reads import OwnedParty
from compliance.screening.reads import ListedMatch
from compliance.territory.facts import RegimeRow
from compliance.territory.regimes import STANDING_OF_MEASURE, standing_of

ROLE_NAMES = ("host", "landlord", "power", "contractor", "owner")


@dataclass(frozen=True)
class Presence:
    """A party and the part it plays at a site; an owner comes with the figures of its machines there."""

    party_id: int
    role: str
    figures: Figures | None = None


@dataclass(frozen=True)
class SiteFacts:
    """What is known of one site on a day before anything is judged."""

    country: str
    region: str
    figures: Figures
    presences: tuple[Presence, ...]


def reasons_for(
    site: SiteFacts,
    matches: Mapping[int, Iterable[ListedMatch]],
    owned: Mapping[int, Iterable[OwnedParty]],
    regimes: Iterable[RegimeRow],
    known_on: date,
) -> tuple[Reason, ...]:
    """Every reason that touches a site, gravest first.

    Shape: `matches` and `owned` are by party.
    """
    found: list[Reason] = []
    for presence in site.presences:
        figures = presence.figures or site.figures
        covers_part = presence.figures is not None
        found += [
            _listed(row, presence.role, figures, covers_part) for row in matches.get(presence.party_id, ())
        ]
        found += [
            _owned(row, presence.role, figures, covers_part) for row in owned.get(presence.party_id, ())
        ]
    found += _territory(site, regimes, known_on)
    order = ("blocked", "review", "unknown", "watch", "none")
    return tuple(
        sorted(found, key=lambda row: (order.index(row.standing), row.covers, row.rule, row.party_number))
    )


def _listed(row: ListedMatch, role: str, figures: Figures, covers_part: bool) -> Reason:
    return Reason(
        rule="listed-owner" if role == "owner" else "listed-site-party",
        standing=row.standing,
        about=role,
        covers="part" if covers_part else "site",
        sentence=row.sentence,
        authority=row.listed.authority,
        citation=row.listed.citation,
        source=_("%(list)s, no. %(uid)s, %(authority)s")
        % {"list": row.list_name, "uid": row.listed.uid, "authority": row.listed.source.authority},
        confidence=row.confidence,
        programmes=tuple(row.listed.programmes),
        listed_uid=row.listed.uid,
        party_number=row.party_number,
        figures=figures,
        is_synthetic=row.is_synthetic,
    )


def _owned(row: OwnedParty, role: str, figures: Figures, covers_part: bool) -> Reason:
    roots = row.roots
    return Reason(
        rule="owned-by-listed",
        standing=row.standing,  # type: ignore[arg-type]
        about=role,
        covers="part" if covers_part else "site",
        sentence=" ".join([f"{row.party_name}: {row.sentence}", *(f"{link}." for link in row.links)]),
        authority=", ".join(dict.fromkeys(root.listed.authority for root in roots)) or row.regime,
        citation=row.source,
        source=", ".join(dict.fromkeys(f"{root.list_name}, no. {root.listed.uid}" for root in roots)),
        confidence=row.confidence,
        programmes=tuple(dict.fromkeys(name for root in roots for name in root.listed.programmes)),
        listed_uid=", ".join(dict.fromkeys(root.listed.uid for root in roots)),
        party_number=row.party_number,
        figures=figures,
        is_synthetic=row.is_synthetic,
    )


def _territory(site: SiteFacts, regimes: Iterable[RegimeRow], known_on: date) -> list[Reason]:
    judged = standing_of(regimes, site.country, site.region, known_on)
    if judged.standing == "none":
        return []
    rows = [row for row in judged.rows if STANDING_OF_MEASURE[row.measure] == judged.standing] or list(
        judged.rows
    )
    first = rows[0] if rows else None
    return [
        Reason(
            rule={"blocked": "embargoed-territory", "unknown": "territory-unknown"}.get(
                judged.standing, "regime-review"
            ),
            standing=judged.standing,
            about="territory",
            covers="site",
            sentence=judged.sentence,
            authority=", ".join(dict.fromkeys(row.authority for row in rows)),
            citation="; ".join(dict.fromkeys(row.citation for row in rows)),
            source="; ".join(dict.fromkeys(row.source for row in rows)),
            confidence=first.confidence if first else "unknown",
            programmes=tuple(dict.fromkeys(row.code for row in rows)) if judged.standing != "unknown" else (),
            figures=site.figures,
        )
    ]
