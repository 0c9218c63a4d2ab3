from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet

from compliance.lists.models import ListedParty, ListSource, ListVersion
from compliance.lists.remarks import linked_to
from compliance.lists.sources import LISTS
from kit.asof import days_at
from kit.folding import fold_identifier, fold_name
from kit.questions import Question, instances


@dataclass(frozen=True)
class Edition:
    """The edition of a list that stood on a day."""

    source: str
    name: str
    published_on: date
    entries: int
    is_excerpt: bool
    sha256: str


@dataclass(frozen=True)
class Designated:
    """A listed party as shown beside our figures."""

    uid: str
    name: str
    source: str
    programmes: tuple[str, ...]
    authority: str
    citation: str
    listed_on: date


def listed_at(day: date) -> QuerySet[ListedParty]:
    """The parties listed on a day."""
    return ListedParty.objects.filter(days_at(day, "listed_on", "delisted_on"))


def editions_at(day: date) -> tuple[Edition, ...]:
    """The newest edition of each list that had been published by a day."""
    return editions_question(day).answer


def editions_question(day: date) -> Question[tuple[Edition, ...]]:
    """The same, to be asked together with other questions."""
    newest = (
        ListVersion.objects.filter(published_on__lte=day)
        .order_by("source__code", "-published_on")
        .distinct("source__code")
    )
    return instances(newest, "source", shape=_editions)


def _editions(newest: list[ListVersion]) -> tuple[Edition, ...]:
    return tuple(
        Edition(
            source=row.source.code,
            name=row.source.name,
            published_on=row.published_on,
            entries=row.entries,
            is_excerpt=row.is_excerpt,
            sha256=row.sha256,
        )
        for row in newest
    )


def stale_lists(day: date) -> tuple[tuple[ListSource, date, int], ...]:
    """Lists without a new edition for longer than expected: list, newest day, allowed days."""
    allowed = {row.code: row.fresh_days for row in LISTS}
    found = []
    for source in ListSource.objects.annotate(
        newest=Max("versions__published_on", filter=Q(versions__published_on__lte=day))
    ):
        newest: date | None = source.newest
        if newest is not None and (day - newest).days > allowed.get(source.code, 7):
            found.append((source, newest, allowed.get(source.code, 7)))
    return tuple(found)


def designated_with(listed: Iterable[ListedParty], day: date) -> tuple[Designated, ...]:
    """These listed parties and everybody the same list links to them, as listed on a day."""
    rows = list(listed)
    heads = {(row.source_id, name) for row in rows for name in (row.name, *linked_to(row.remarks))}
    if not heads:
        return ()
    group = Q(pk__in=[row.pk for row in rows])
    for source_id, name in sorted(heads):
        group |= Q(source_id=source_id, name=name)
        group |= Q(source_id=source_id, remarks__contains=f"Linked To: {name}")
    found = listed_at(day).filter(group).select_related("source").order_by("source__code", "uid").distinct()
    return tuple(
        Designated(
            uid=row.uid,
            name=row.name,
            source=row.source.code,
            programmes=tuple(row.programmes),
            authority=row.authority,
            citation=row.citation,
            listed_on=row.listed_on,
        )
        for row in found
        # “Linked To: ASBEST” must not bring in “Linked To: ASBEST TRADING”.
        if row.pk in {each.pk for each in rows}
        or heads & {(row.source_id, name) for name in (row.name, *linked_to(row.remarks))}
    )


def search_listed(queryset: QuerySet[ListedParty], text: str) -> QuerySet[ListedParty]:
    """Listed parties by part of a name or alias as compared, by number on the list or by identifier."""
    folded, number = fold_name(text), fold_identifier(text)
    by_name = Q(names__folded__contains=folded) if folded else Q()
    return queryset.filter(by_name | Q(uid=text.strip()) | Q(identifiers__folded=number)).distinct()
