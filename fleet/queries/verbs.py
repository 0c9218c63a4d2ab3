from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.queries.models import Export, ExportPiece, FileFormat, SavedFilter
from fleet.queries.sources import source_of
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.jobs.verbs import enqueue
from kit.trail.verbs import record

KEPT_FOR = timedelta(days=7)
LONGEST_SAVED = 2_000


def save_filter(list_name: str, name: str, query: str, *, by: User, is_shared: bool = False) -> SavedFilter:
    """Keep a query of a list under a name of one's own; the same name again replaces it.

    Raises: Refusal without a name, or for a query the list does not understand.
    """
    require(by, "fleet.view")
    name = " ".join(name.split())
    if not 0 < len(name) <= 80:
        raise Refusal(gettext("A saved filter needs a name of at most 80 characters."), where="name")
    asked = source_of(list_name).asked(query)
    if len(asked) > LONGEST_SAVED:
        raise Refusal(gettext("The filter is too long to be saved; narrow it in another way."), where="query")
    kept, _is_new = SavedFilter.objects.update_or_create(
        user=by, list=list_name, name=name, defaults={"query": asked, "is_shared": is_shared}
    )
    return kept


def drop_filter(kept: SavedFilter, *, by: User) -> None:
    """Forget a filter of one's own.

    Raises: Refusal if it is somebody else's.
    """
    require(by, "fleet.view")
    if kept.user_id != by.pk:
        raise Refusal(gettext("This filter is {user}’s; only they can remove it.").format(user=kept.user))
    kept.delete()


def ask_export(list_name: str, query: str, file_format: str, *, by: User | None) -> Export:
    """Have a list written to a file by a job.

    Raises: Refusal for a list, format or query that is not known.
    """
    if by is not None:
        require(by, "fleet.view")
    source = source_of(list_name)
    if file_format not in FileFormat.values:
        raise Refusal(
            gettext("“{given}” is no format. Ask for csv or xlsx.").format(given=file_format[:20]),
            where="format",
        )
    asked = source.asked(query)
    with transaction.atomic():
        export = Export.objects.create(
            list=list_name,
            query=asked,
            file_format=file_format,
            filename=f"{list_name}-{timezone.now():%Y-%m-%d-%H%M}.{file_format}",
            created_by=by,
        )
        title = gettext("Export {list} as {format}").format(list=source.title, format=file_format.upper())
        export.job = enqueue("fleet.export", title, by=by, arguments={"export": export.pk})
        export.save(update_fields=["job"])
        record("export.asked", export, by=by, detail={"query": asked[:500]})
    return export


def expire_exports(before: datetime) -> int:
    """Drop the files of exports whose time is over."""
    return ExportPiece.objects.filter(export__expires_at__lt=before).delete()[0]
