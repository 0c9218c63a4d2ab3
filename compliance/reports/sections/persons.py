"""Natural persons are told by their number: no name of one gets into a report."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from compliance.lists.models import ListedParty
from hosting.parties.models import Party, PartyKind

SHORTEST = 3  # a shorter alias would be found inside other words


@dataclass(frozen=True)
class Persons:
    """Names that may stand in sentences, longest first, with what stands in their place."""

    pattern: re.Pattern[str] | None
    places: dict[str, str]

    def without_names(self, text: str) -> str:
        """The text with a number, or a general word, for every person in it."""
        if self.pattern is None:
            return text
        return self.pattern.sub(lambda found: self.places[found.group().casefold()], text)


def persons_in_sight() -> Persons:
    """Persons who play a part at a site or have a match, and the persons on lists they were matched with."""
    places: dict[str, str] = {}
    parties = Party.objects.filter(Q(sites__isnull=False) | Q(matches__isnull=False), kind=PartyKind.PERSON)
    for number, name, alias in parties.values_list("number", "name", "names__name"):
        for each in (name, alias):
            if each:
                places[each.casefold()] = number
    listed = ListedParty.objects.filter(matches__isnull=False, kind="person")
    for name, alias in listed.values_list("name", "names__name"):
        for each in (name, alias):
            if each:
                places.setdefault(each.casefold(), _("a listed person"))
    names = sorted((name for name in places if len(name) >= SHORTEST), key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(name) for name in names), re.IGNORECASE) if names else None
    return Persons(pattern, places)
