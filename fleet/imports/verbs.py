import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from fleet.imports.applying import carry_out, drifted
from fleet.imports.models import BatchStatus, ImportBatch, ImportPiece
from fleet.imports.planning import make_plan, summary_of
from fleet.imports.reads import first_differences, first_problems, growth_of, overcommitments, refused_csv
from fleet.imports.tables import counted, drop_tables, has_plan, stage, stage_of
from fleet.sites.commitment import accepted, lock_sites, refuse_overcommitment
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.documents.verbs import store
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import enqueue
from kit.jobs.watch import Watch
from kit.tabular import CSV_MEDIA_TYPE
from kit.trail.verbs import record

PIECE_BYTES = 1 << 20
LARGEST_FILE = 1 << 30
SMALL_FILE = 1 << 20  # planned while the person waits; a larger one is a job
PACKED = 8  # a workbook unpacks to about so many times its size
PLAN_LIVES = timedelta(days=7)
ANALYSE_FROM = 10_000  # rows; a planner that thinks of half as many joins every row with every other
# A batch may be planned anew until it is applied or given up.
PLANNABLE = (BatchStatus.UPLOADED, BatchStatus.PLANNED, BatchStatus.REFUSED)


def receive(filename: str, chunks: Iterable[bytes], *, by: User | None) -> ImportBatch:
    """Keep an uploaded file as it is; nothing else is written.

    Raises: Refusal for an empty or far too large file.
    """
    _may(by)
    digest, size, rest = hashlib.sha256(), 0, b""
    with transaction.atomic():
        batch = ImportBatch.objects.create(filename=filename[-200:], sha256="", created_by=by)
        pieces = 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            if size > LARGEST_FILE:
                raise Refusal(gettext("The file is larger than a gigabyte. Divide it."))
            rest += chunk
            while len(rest) >= PIECE_BYTES:
                ImportPiece.objects.create(batch=batch, number=pieces, content=rest[:PIECE_BYTES])
                pieces, rest = pieces + 1, rest[PIECE_BYTES:]
        if rest:
            ImportPiece.objects.create(batch=batch, number=pieces, content=rest)
        if not size:
            raise Refusal(gettext("The file is empty."))
        batch.sha256, batch.size = digest.hexdigest(), size
        batch.save(update_fields=["sha256", "size"])
        record("import.received", batch, by=by, detail={"sha256": batch.sha256, "size": size})
    return batch


def plan(batch: ImportBatch, *, by: User | None, job: Job | None = None) -> ImportBatch:
    """Work out per line what the file would do; a file that cannot be read is refused with a reason.

    Making it again replaces the plan and its token.

    Raises: Refusal if the batch was applied or given up.
    """
    _may(by)
    with counted(batch) as counter, Watch(job, counter) as watch, transaction.atomic():
        batch = _locked(batch, PLANNABLE)
        try:
            with transaction.atomic():
                _make(batch, watch)
        except Refusal as refusal:
            drop_tables(batch)
            _write(
                batch,
                status=BatchStatus.REFUSED,
                refusal=str(refusal),
                token="",
                problems=[],
                differences=[],
                warnings=[],
            )
            return batch
    return batch


def _make(batch: ImportBatch, watch: Watch) -> None:
    now = timezone.now()
    watch.say(gettext("Reading the file"), total=batch.size)
    sheet = stage(batch, now=now, watch=watch)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {stage_of(batch)}")
        staged = cursor.fetchone()[0]
    if not staged:
        raise Refusal(gettext("The file holds a header and no miners."))
    watch.say(gettext("Comparing with the fleet"), total=staged)
    make_plan(batch, now=now, lines=staged)
    lines, creates, updates, same, refused, content = summary_of(batch)
    batch.columns = sheet.columns
    _write(
        batch,
        status=BatchStatus.PLANNED,
        refusal="",
        token=_token(batch, content),
        planned_at=now,
        columns=sheet.columns,
        lines=lines,
        creates=creates,
        updates=updates,
        same=same,
        refused=refused,
        problems=first_problems(batch),
        differences=first_differences(batch),
        warnings=overcommitments(growth_of(batch)),
    )


def apply(
    batch: ImportBatch,
    *,
    token: str,
    by: User | None,
    job: Job | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> ImportBatch:
    """Do exactly what the plan with this token says, all of it or nothing.

    Raises: Refusal if this is not the latest plan, the data moved since, or a site or a feed would hold more
        than it can carry and that is not accepted with a reason.
    """
    _may(by)
    with counted(batch) as counter, Watch(job, counter) as watch, transaction.atomic():
        batch = _locked(batch, (BatchStatus.PLANNED,))
        if token != batch.token:
            raise Refusal(gettext("This is not the token of the latest plan. Look at the plan again."))
        if not has_plan(batch) or _token(batch, summary_of(batch)[-1]) != batch.token:
            raise Refusal(
                gettext("The plan was lost, as after a crash of the database. Make the plan again.")
            )
        over = _overcommitted(batch)
        refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
        watch.say(gettext("Writing the miners"), total=(batch.creates + batch.updates) * 2)
        try:
            with transaction.atomic():
                carry_out(batch)
        except IntegrityError:  # a slot, an owner, a stay: something the plan relied on is no longer so
            raise drifted(batch.creates + batch.updates) from None
        if batch.refused:
            _keep_refused(batch)
        drop_tables(batch)
        _write(batch, status=BatchStatus.APPLIED, applied_at=timezone.now(), applied_by=by)
        counts = {
            "new": batch.creates,
            "changed": batch.updates,
            "same": batch.same,
            "refused": batch.refused,
        }
        detail = counts | accepted(over, reason) | {"sha256": batch.sha256, "token": token}
        record("import.applied", batch, by=by, detail=detail)
    if batch.creates + batch.updates >= ANALYSE_FROM:
        _tell_the_planner()
    return batch


def _overcommitted(batch: ImportBatch) -> list[str]:
    """What the plan would overfill as things stand now, with the sites it fills locked."""
    growth = growth_of(batch)
    if growth.by_site:
        lock_sites(growth.by_site.keys())
    return overcommitments(growth)


def _tell_the_planner() -> None:
    """Count the tables anew; nothing waits for it, for it locks out neither readers nor writers."""
    with connection.cursor() as cursor:
        cursor.execute("analyze fleet_miner, fleet_stay")


def discard(batch: ImportBatch, *, by: User | None) -> None:
    """Give a batch up; its file stays, its plan goes.

    Raises: Refusal if it was applied.
    """
    _may(by)
    with transaction.atomic():
        batch = _locked(batch, PLANNABLE)
        drop_tables(batch)
        _write(batch, status=BatchStatus.DISCARDED, token="")
        record("import.discarded", batch, by=by)


def plan_soon(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Plan a small file now and a large one as a job."""
    packed = PACKED if batch.filename.casefold().endswith(".xlsx") else 1
    if batch.size * packed <= SMALL_FILE:
        return plan(batch, by=by)
    _may(by)
    title = gettext("Plan the import of {file}").format(file=batch.filename)
    return _enqueue(batch, "fleet.plan_import", title, {"batch": batch.pk}, by)


def apply_soon(
    batch: ImportBatch,
    *,
    token: str,
    by: User | None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> ImportBatch:
    """Apply a small plan now and a large one as a job.

    Raises: Refusal as `apply` does.
    """
    if batch.size <= SMALL_FILE:
        return apply(batch, token=token, by=by, accept_overcommitment=accept_overcommitment, reason=reason)
    _may(by)
    if batch.status != BatchStatus.PLANNED or token != batch.token:
        raise Refusal(gettext("This is not the token of the latest plan. Look at the plan again."))
    refuse_overcommitment(batch.warnings, is_accepted=accept_overcommitment, reason=reason)
    title = gettext("Apply the import of {file}").format(file=batch.filename)
    arguments: dict[str, int | str] = {"batch": batch.pk, "token": token}
    arguments |= {"accept_overcommitment": accept_overcommitment, "reason": reason}
    return _enqueue(batch, "fleet.apply_import", title, arguments, by)


def expire_plans(before: datetime) -> int:
    """Drop the tables of plans nobody applied; the batch can be planned again."""
    old = ImportBatch.objects.filter(status=BatchStatus.PLANNED, planned_at__lt=before)
    for batch in old:
        with transaction.atomic():
            drop_tables(_locked(batch, (BatchStatus.PLANNED,)))
            _write(batch, status=BatchStatus.UPLOADED, token="")
    return len(old)


def _enqueue(
    batch: ImportBatch, kind: str, title: str, arguments: dict[str, int | str], by: User | None
) -> ImportBatch:
    with transaction.atomic():
        batch.job = enqueue(kind, title, by=by, arguments=arguments)
        batch.save(update_fields=["job"])
    return batch


def _may(by: User | None) -> None:
    if by is not None:
        require(by, "imports.apply")


def _locked(batch: ImportBatch, expected: tuple[str, ...]) -> ImportBatch:
    row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if row.status not in expected:
        raise Refusal(
            gettext("{file} is {status}. Nothing was changed.").format(
                file=row.filename, status=row.get_status_display()
            )
        )
    return row


def _write(batch: ImportBatch, **changes: object) -> None:
    for field, value in changes.items():
        setattr(batch, field, value)
    batch.save(update_fields=list(changes))


def _token(batch: ImportBatch, content: str) -> str:
    return hashlib.sha256(f"{batch.sha256}|{content}".encode()).hexdigest()


def _keep_refused(batch: ImportBatch) -> None:
    store(
        kind="import.refused",
        number=refused_number(batch),
        title=gettext("Refused lines of {file}").format(file=batch.filename),
        filename=f"refused-{batch.pk}.csv",
        content="".join(refused_csv(batch)).encode(),
        media_type=CSV_MEDIA_TYPE,
        sources={"sha256": batch.sha256},
    )


def refused_number(batch: ImportBatch) -> str:
    """The number under which the refused lines of an applied batch are kept."""
    return f"IMPORT-{batch.pk}-REFUSED"
