"""The list of miners as it is asked for, saved and exported: one language for admin, API and files."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.miners.filters import MinerFilter
from fleet.miners.models import Miner
from fleet.queries.sources import Source, offer
from kit.errors import Refusal

LIST = "miners"
MOST_PARAMETERS = 100
# What the admin's own filters are called in addresses, and what the API calls the same.
ADMIN_NAMES = {
    "site__id__exact": "site_id",
    "status__exact": "status",
    "model__id__exact": "model_id",
    "owner__id__exact": "owner_id",
    "rack__id__exact": "rack",
    "is_synthetic__exact": "is_synthetic",
    "is_exportable__exact": "is_exportable",
    "q": "contains",
}
FROM_API = {name: admin for admin, name in ADMIN_NAMES.items()}
YES_NO = {"is_synthetic": {"1": "true", "0": "false"}, "is_exportable": {"1": "true", "0": "false"}}
# How a list is laid out, not what is in it.
LAYOUT = frozenset({"o", "p", "e", "all", "ordering", "limit", "cursor", "fields", "_facets"})
HEADER = (
    "serial",
    "model",
    "owner",
    "site",
    "building",
    "rack",
    "slot",
    "status",
    "power_w",
    "ths",
    "board_family",
    "mac",
    "firmware",
    "exportable",
    "#id",
    "#changed_at",
    "#synthetic",
)
PATHS = (
    "serial",
    "model__name",
    "owner__number",
    "site__code",
    "rack__building__name",
    "rack__name",
    "slot__position",
    "status",
    "power_w",
    "ghs",
    "board_family",
    "mac",
    "firmware",
    "is_exportable",
    "id",
    "changed_at",
    "is_synthetic",
)
EXPORTABLE = {True: "yes", False: "no", None: "unknown"}


def asked(query: str) -> str:
    """A query in the API's names, whether it came from there or from the admin; layout is left out.

    Raises: Refusal for a parameter the list does not know, or a value it cannot take.
    """
    try:
        pairs = parse_qsl(query.removeprefix("?"), max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Refusal(gettext("The query has too many parts."), where="query") from None
    named = [(ADMIN_NAMES.get(name, name), value) for name, value in pairs if name not in LAYOUT]
    known = MinerFilter.base_filters
    if unknown := [name for name, _value in named if name not in known]:
        raise Refusal(
            gettext("“{name}” is not a filter. There are: {known}.").format(
                name=unknown[0][:40], known=", ".join(known)
            ),
            where="query",
        )
    canonical = urlencode([(name, YES_NO.get(name, {}).get(value, value)) for name, value in named])
    miners_of(canonical)
    return canonical


def miners_of(query: str, among: QuerySet[Miner] | None = None) -> QuerySet[Miner]:
    """The miners a query in the API's names selects, in no order, of all or of some.

    Raises: Refusal for a value it cannot take.
    """
    found = MinerFilter(data=QueryDict(query), queryset=Miner.objects.order_by() if among is None else among)
    if not found.is_valid():
        name, sentences = next(iter(found.errors.items()))
        raise Refusal(" ".join(map(str, sentences)), where=name)
    rows: QuerySet[Miner] = found.qs
    return rows


def for_admin(query: str) -> str:
    """A query as the admin's list has it in its address."""
    return urlencode([(FROM_API.get(name, name), _as_admin(name, value)) for name, value in parse_qsl(query)])


def _as_admin(name: str, value: str) -> str:
    return next((mine for mine, theirs in YES_NO.get(name, {}).items() if theirs == value.lower()), value)


def _shown(row: tuple[Any, ...]) -> list[Any]:
    cells = list(row)
    cells[HEADER.index("ths")] = _terahash(cells[HEADER.index("ths")])
    cells[HEADER.index("exportable")] = EXPORTABLE[cells[HEADER.index("exportable")]]
    cells[HEADER.index("#changed_at")] = cells[HEADER.index("#changed_at")].isoformat()
    cells[HEADER.index("#synthetic")] = "yes" if cells[HEADER.index("#synthetic")] else "no"
    return cells


def _terahash(ghs: int) -> Decimal | int:
    return Decimal(ghs).scaleb(-3).normalize() if ghs % 1_000 else ghs // 1_000


# The columns are those of an import, so a file can be changed and given back; # leaves one out there.
MINERS = offer(Source(LIST, _("Miners"), HEADER, PATHS, asked, miners_of, _shown))
