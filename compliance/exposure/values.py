"""What an exposure is: frozen figures per site with the reasons that touch them, and their groupings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from compliance.lists.reads import Designated, Edition
from kit.errors import Refusal

Standing = Literal["none", "watch", "unknown", "review", "blocked"]
SEVERITY: tuple[Standing, ...] = ("none", "watch", "unknown", "review", "blocked")
Dimension = Literal["country", "region", "programme", "host"]
DIMENSIONS: tuple[Dimension, ...] = ("country", "region", "programme", "host")


def gravest(standings: Iterable[str]) -> Standing:
    """The gravest of some standings; none of none."""
    found = set(standings)
    return next((standing for standing in reversed(SEVERITY) if standing in found), "none")


@dataclass(frozen=True)
class Figures:
    """How much something is, in every unit we count.

    Shape: contracted watts are none where no contract says them; the value is none where no machine has a
        price, and leaves out the `unpriced` ones. `owner_ids` are the distinct owners behind the figures.
    """

    machines: int = 0
    contracted_w: int | None = None
    installed_w: int = 0
    ghs: int = 0
    value_cents: int | None = None
    unpriced: int = 0
    owner_ids: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def owners(self) -> int:
        """How many different owners."""
        return len(self.owner_ids)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            machines=self.machines + other.machines,
            contracted_w=_sum(self.contracted_w, other.contracted_w),
            installed_w=self.installed_w + other.installed_w,
            ghs=self.ghs + other.ghs,
            value_cents=_sum(self.value_cents, other.value_cents),
            unpriced=self.unpriced + other.unpriced,
            owner_ids=self.owner_ids | other.owner_ids,
        )

    def less(self, part: "Figures") -> "Figures":
        """What is left when a part of it is taken away; the contract stays with the rest."""
        return Figures(
            machines=self.machines - part.machines,
            contracted_w=self.contracted_w,
            installed_w=self.installed_w - part.installed_w,
            ghs=self.ghs - part.ghs,
            value_cents=None if self.value_cents is None else self.value_cents - (part.value_cents or 0),
            unpriced=self.unpriced - part.unpriced,
            owner_ids=self.owner_ids - part.owner_ids,
        )


def _sum(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


NOTHING = Figures()


def total(figures: Iterable[Figures]) -> Figures:
    """The sum of figures of different machines; an owner behind several counts once."""
    return sum(figures, NOTHING)


@dataclass(frozen=True)
class Reason:
    """One thing that touches a site or the machines of one owner there, with who says so.

    Shape: `about` is the kind of what is touched (host, owner, territory ...), `covers` whether that is the
        whole site or one owner's machines on it.
    """

    rule: str
    standing: Standing
    about: str
    covers: Literal["site", "part"]
    sentence: str
    authority: str
    citation: str
    source: str
    confidence: str
    programmes: tuple[str, ...]
    listed_uid: str = ""
    party_number: str = ""
    figures: Figures = NOTHING
    is_synthetic: bool = False


@dataclass(frozen=True)
class SiteExposure:
    """One site on a day: what stands there, and every reason that touches it, gravest first."""

    site_id: int
    code: str
    name: str
    country: str
    region: str
    host_id: int | None
    host_number: str
    host_name: str
    figures: Figures
    reasons: tuple[Reason, ...]
    is_synthetic: bool

    @property
    def standing(self) -> Standing:
        """The gravest standing of anything here, the whole site or a part of it."""
        return gravest(reason.standing for reason in self.reasons)

    @property
    def site_standing(self) -> Standing:
        """The gravest standing of what touches the whole site."""
        return gravest(reason.standing for reason in self.reasons if reason.covers == "site")

    @property
    def split(self) -> dict[Standing, Figures]:
        """The site's figures by standing; machines of a graver owner are counted under that owner's."""
        parts: dict[Standing, list[Figures]] = {}
        counted: frozenset[int] = frozenset()
        whole = self.site_standing
        for reason in self.reasons:
            is_graver = SEVERITY.index(reason.standing) > SEVERITY.index(whole)
            if reason.covers == "part" and is_graver and not reason.figures.owner_ids <= counted:
                parts.setdefault(reason.standing, []).append(reason.figures)
                counted |= reason.figures.owner_ids
        found = {standing: total(rows) for standing, rows in parts.items()}
        found[whole] = self.figures.less(total(found.values()))
        return found


@dataclass(frozen=True)
class Group:
    """The sites, or parts of sites, that have something in common."""

    key: str
    label: str
    standing: Standing
    figures: Figures
    sites: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """Every group of one dimension; overlapping groups may share machines and are never added up."""

    dimension: Dimension
    groups: tuple[Group, ...]
    is_overlapping: bool
    note: str


@dataclass(frozen=True)
class Exposure:
    """What our machines touch on a day, under the lists and regimes known on a day.

    Shape: `known_on` differs from `as_of` where the question is what a past day's fleet means today.
    """

    as_of: date
    known_on: date
    rows: tuple[SiteExposure, ...]
    editions: tuple[Edition, ...]
    designated: tuple[Designated, ...]

    @property
    def total(self) -> Figures:
        """Everything that stands anywhere."""
        return total(row.figures for row in self.rows)

    @property
    def by_standing(self) -> dict[Standing, Figures]:
        """The whole split by standing, gravest first; every machine counts once."""
        found: dict[Standing, Figures] = {}
        for standing in reversed(SEVERITY):
            parts = [row.split[standing] for row in self.rows if standing in row.split]
            if parts:
                found[standing] = total(parts)
        return found

    @property
    def is_synthetic(self) -> bool:
        """Whether any row rests on synthetic data."""
        return any(row.is_synthetic for row in self.rows)

    def by(self, dimension: str) -> Grouping:
        """The same figures by country, region, programme or host.

        Raises: Refusal for any other dimension.
        """
        if dimension == "programme":
            return _by_programme(self.rows)
        keys: dict[str, Callable[[SiteExposure], tuple[str, str]]] = {
            "country": lambda row: (row.country, row.country),
            "region": lambda row: (row.region or row.country, row.region or row.country),
            "host": lambda row: (row.host_number, row.host_name),
        }
        if dimension not in keys:
            raise Refusal(
                _("“%(name)s” is not a way to group; choose one of: %(names)s.")
                % {"name": dimension, "names": ", ".join(DIMENSIONS)}
            )
        return _by_site(self.rows, dimension, keys[dimension])


def _by_site(
    rows: Iterable[SiteExposure], dimension: str, key: Callable[[SiteExposure], tuple[str, str]]
) -> Grouping:
    found: dict[tuple[str, str], list[SiteExposure]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    groups = [
        Group(
            key=name,
            label=label or _("not recorded"),
            standing=gravest(row.standing for row in members),
            figures=total(row.figures for row in members),
            sites=tuple(row.code for row in members),
        )
        for (name, label), members in found.items()
    ]
    note = _("Each site is in one group; an owner with machines in several counts in each.")
    return Grouping(dimension, _sorted(groups), False, note)  # type: ignore[arg-type]


def _by_programme(rows: Iterable[SiteExposure]) -> Grouping:
    found: dict[str, list[tuple[SiteExposure, Reason]]] = {}
    for row in rows:
        for reason in row.reasons:
            for programme in reason.programmes:
                found.setdefault(programme, []).append((row, reason))
    groups = [
        Group(
            key=programme,
            label=programme,
            standing=gravest(reason.standing for _row, reason in touched),
            figures=total(_touched_once(touched)),
            sites=tuple(dict.fromkeys(row.code for row, _reason in touched)),
        )
        for programme, touched in found.items()
    ]
    note = _("One machine may be under several programmes: the groups overlap and are not added up.")
    return Grouping("programme", _sorted(groups), True, note)


def _touched_once(touched: list[tuple[SiteExposure, Reason]]) -> Iterable[Figures]:
    """The figures of whole sites, and of single owners on sites not touched as a whole, each once."""
    whole = {row.site_id: row.figures for row, reason in touched if reason.covers == "site"}
    parts = {
        (row.site_id, reason.figures.owner_ids): reason.figures
        for row, reason in touched
        if reason.covers == "part" and row.site_id not in whole
    }
    return [*whole.values(), *parts.values()]


def _sorted(groups: list[Group]) -> tuple[Group, ...]:
    return tuple(
        sorted(groups, key=lambda row: (-SEVERITY.index(row.standing), -row.figures.installed_w, row.label))
    )
