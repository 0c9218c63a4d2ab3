"""Counting a list no further than a person reads."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

COUNTED_AT_MOST = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to ten thousand and no further; who wants to see more narrows the list."""

    template_name = "kit/capped_pages.html"

    @cached_property
    def _counted(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[: COUNTED_AT_MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED_AT_MOST)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > COUNTED_AT_MOST
