"""Gate 11: a statement for every share, in batches that a killed worker loses at most one of."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hosting.liquidation.gates import lock, may_pass, passing
from hosting.liquidation.models import CaseStatus, Liquidation, Share, Statement
from hosting.liquidation.proof import Neighbour
from hosting.liquidation.report import Builder, StatementValue
from hosting.liquidation.steps import BY_VERB, PREPARE
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.documents.models import Document
from kit.documents.verbs import store
from kit.errors import Refusal
from kit.trail.verbs import record

BATCH = 50


@transaction.atomic
def issue_batch(
    case: Liquidation, builder: Builder, *, by: User | None, on_day: date, size: int = BATCH
) -> int:
    """Draw and keep the next statements in one transaction; returns how many, none when all are there.

    Raises: Refusal if the distribution is not allocated.
    """
    if by is not None:
        require(by, PREPARE)
    if lock(case).status != CaseStatus.ALLOCATED:
        raise Refusal(_("Statements are issued once the distribution is allocated."), where=case.number)
    waiting = Share.objects.filter(case=case, statement__isnull=True).select_related("party").order_by("line")
    shares = list(waiting[:size])
    for share, value in zip(shares, builder.build(shares, on_day), strict=True):
        Statement.objects.create(share=share, document=_kept(value), issued_on=on_day)
    if shares:
        detail = {"first": shares[0].line, "last": shares[-1].line, "statements": len(shares)}
        record("liquidation.statements_issued", case, by=by, detail=detail)
    return len(shares)


def _kept(value: StatementValue) -> Document:
    from hosting.liquidation.drawing import statement_pdf  # only where it is used: reportlab is heavy

    facts = value.facts
    return store(
        kind="statement",
        number=value.document,
        title=_("Statement %(number)s for %(owner)s")
        % {"number": value.document, "owner": value.owner_number},
        filename=f"{value.document}.pdf",
        content=statement_pdf(value),
        as_of=facts.as_of,
        sources={
            "case": facts.number,
            "line": value.line,
            "leaf": value.leaf,
            "leaf_sha256": value.leaf_digest,
            "path": [[neighbour.side, neighbour.digest] for neighbour in value.path],
            "root": facts.root,
        },
        is_synthetic=facts.is_synthetic,
    )


def path_in(document: Document) -> list[Neighbour]:
    """The path to the root that a statement carries."""
    return [Neighbour(side, digest) for side, digest in document.sources.get("path", [])]


def finish_statements(case: Liquidation, *, by: User | None, on_day: date) -> int:
    """Pass the gate once every share has its statement.

    Raises: Refusal while one is missing.
    """
    with passing(case, "issue_statements", on_day=on_day, by=by) as passage:
        shares = Share.objects.filter(case=case)
        missing = shares.filter(statement__isnull=True).count()
        if missing:
            raise Refusal(_("%(count)d statements are missing.") % {"count": missing}, where=case.number)
        passage.detail = {"statements": shares.count()}
    return int(passage.detail["statements"])


def issue_statements(case: Liquidation, *, by: User | None, on_day: date) -> int:
    """Issue what is missing and pass the gate, without a job; returns how many statements the case has."""
    case.refresh_from_db()
    may_pass(case, BY_VERB["issue_statements"], on_day=on_day, by=by, evidence="")
    builder = Builder(case)
    while issue_batch(case, builder, by=by, on_day=on_day):
        pass
    return finish_statements(case, by=by, on_day=on_day)
