from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from fleet.queries.models import Export, SavedFilter
from kit.accounts.models import User
from kit.errors import Refusal


def filters_of(user: User, list_name: str = "") -> QuerySet[SavedFilter]:
    """A user's own filters and those others share, of one list or all."""
    seen = SavedFilter.objects.filter(Q(user=user) | Q(is_shared=True)).select_related("user")
    return (seen.filter(list=list_name) if list_name else seen).order_by("name", "id")


def content_of(export: Export) -> Iterator[bytes]:
    """The file of an export, piece by piece.

    Raises: Refusal if it is not finished or no longer kept.
    """
    if export.finished_at is None or export.expires_at is None:
        raise Refusal(gettext("This export is not finished. Its job says how far it is."))
    if export.expires_at < timezone.now() or not export.pieces.exists():
        raise Refusal(gettext("This file is no longer kept. Ask for the export again."))
    return _pieces(export)


def _pieces(export: Export) -> Iterator[bytes]:
    for number in list(export.pieces.order_by("number").values_list("number", flat=True)):
        yield bytes(export.pieces.values_list("content", flat=True).get(number=number))
