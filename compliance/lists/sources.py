"""The lists we know how to read: who publishes each, in which shape, and what being on it asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from compliance.lists.annex import parse_annex
from compliance.lists.entries import Entry
from compliance.lists.ofac import parse_ofac
from kit.errors import Refusal


@dataclass(frozen=True)
class PublishedList:
    """One list: its shape, and what a match by identifier with one of its parties stands at.

    Shape: `regime` names the ownership rule that reaches from its parties; blank where none does.
    """

    code: str
    name: str
    authority: str
    measure: str
    parse: Callable[[Mapping[str, bytes], str], tuple[Entry, ...]]
    standing: Literal["blocked", "review"]
    regime: str
    fresh_days: int


LISTS: tuple[PublishedList, ...] = (
    PublishedList(
        code="ofac-sdn",
        name="OFAC SDN list",
        authority="US Treasury, OFAC",
        measure="property and interests in property blocked",
        parse=parse_ofac,
        standing="blocked",
        regime="OFAC",
        fresh_days=7,
    ),
    PublishedList(
        code="ofac-cons",
        name="OFAC consolidated list (not SDN)",
        authority="US Treasury, OFAC",
        measure="dealings restricted as the programme says",
        parse=parse_ofac,
        standing="review",
        regime="",
        fresh_days=7,
    ),
    PublishedList(
        code="eu-833-xlix",
        name="Reg. (EU) 833/2014, Annex XLIX",
        authority="European Union",
        measure="transaction ban",
        parse=parse_annex,
        standing="blocked",
        # The EU's ownership rule is one of asset freezes; whether it reaches from this annex is for counsel.
        regime="",
        fresh_days=60,
    ),
)

_BITRIVER = (
    "36456",
    "36457",
    "36458",
    "36465",
    "36466",
    "36467",
    "36468",
    "36469",
    "36470",
    "36471",
    "36472",
)
KNOWN_DAYS: dict[tuple[str, str], date] = {
    # OFAC's files do not say since when a party is listed. Source: press release jy0731.
    ("ofac-sdn", uid): date(2022, 4, 20)
    for uid in _BITRIVER
}


def published_list(code: str) -> PublishedList:
    """The list with this code.

    Raises: Refusal, naming the codes there are.
    """
    found = next((row for row in LISTS if row.code == code), None)
    if found is None:
        raise Refusal(
            _("“%(code)s” is not a list. Choose one of: %(codes)s.")
            % {"code": code, "codes": ", ".join(row.code for row in LISTS)}
        )
    return found
