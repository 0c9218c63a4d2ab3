from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.workforce.models import Attestation, Clock, ClockKind, Contractor, Worker
from fleet.sites.models import Site
from hosting.parties.models import Party
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record

ACT = "workforce.edit"
ATTESTED_KINDS = (ClockKind.WORK_AUTHORISATION, ClockKind.ADMIT_UNTIL)
"""The dates a contractor may attest; every other paper of its people is its own business."""


def register_contractor(
    party: Party,
    site: Site,
    scope: str,
    *,
    from_on: date,
    to_on: date | None = None,
    by: User | None,
    **provenance: Any,
) -> Contractor:
    """Note that a firm's people work on a site, for what and from when; the same again is kept once."""
    _may(by)
    if not scope.strip():
        raise Refusal(_("Say what the contractor does on the site."))
    with transaction.atomic():
        contractor, created = Contractor.objects.get_or_create(
            party=party, site=site, from_on=from_on, defaults={"scope": scope, "to_on": to_on, **provenance}
        )
        if created:
            record("contractor.registered", contractor, by=by, detail={"scope": scope})
    return contractor


def register_worker(
    number: str,
    site: Site,
    *,
    contractor: Contractor | None = None,
    name: str = "",
    function: str = "",
    hired_on: date | None = None,
    is_reverification_exempt: bool = False,
    by: User | None,
    **provenance: Any,
) -> Worker:
    """Enter a worker by number, whatever papers the worker has; the same steps follow for everybody.

    Raises: Refusal for a number that is taken, or a contractor of another site.
    """
    _may(by)
    if Worker.objects.filter(number=number).exists():
        raise Refusal(_("The worker number %(number)s is taken.") % {"number": number})
    if contractor is not None and contractor.site_id != site.pk:
        raise Refusal(
            _("%(contractor)s does not work on %(site)s.") % {"contractor": contractor, "site": site}
        )
    with transaction.atomic():
        worker = Worker.objects.create(
            number=number,
            site=site,
            contractor=contractor,
            name=name,
            function=function,
            hired_on=hired_on,
            is_reverification_exempt=is_reverification_exempt,
            **provenance,
        )
        record("worker.registered", worker, by=by, detail={"site": site.code})
    return worker


def record_clock(
    worker: Worker,
    kind: str,
    *,
    ends_on: date | None,
    by: User | None,
    is_attested: bool = False,
    is_duration_of_status: bool = False,
    document_number: str = "",
    category: str = "",
    renewal_filed_on: date | None = None,
    renewal_category: str = "",
    renewal_decided_on: date | None = None,
    on: date | None = None,
    **provenance: Any,
) -> Clock:
    """Record the end date of one paper; it takes the place of the date recorded before, which is kept.

    Shape: a work authorisation without an end date is recorded as one that has none.
    Raises: Refusal for papers and numbers of a contractor's people, who answer to their employer, and for
        an end date where the worker is never reverified.
    """
    _may(by)
    _refuse_papers(worker, kind, is_attested=is_attested, document_number=document_number)
    if is_duration_of_status and (kind != ClockKind.ADMIT_UNTIL or ends_on is not None):
        raise Refusal(_("Only an admission runs with the status, and then without a date."))
    if ends_on is None and not is_duration_of_status and kind != ClockKind.WORK_AUTHORISATION:
        raise Refusal(_("Give the day on which the paper ends."))
    standing = Clock.objects.filter(worker=worker, kind=kind, superseded_on__isnull=True)
    fields = {
        "ends_on": ends_on,
        "is_attested": is_attested,
        "is_duration_of_status": is_duration_of_status,
        "category": category,
        "renewal_filed_on": renewal_filed_on,
        "renewal_category": renewal_category,
        "renewal_decided_on": renewal_decided_on,
    }
    with transaction.atomic():
        same = standing.filter(**fields).first()
        if same is not None and same.document_number == document_number:
            return same
        standing.update(superseded_on=on or timezone.now().date())
        clock = Clock.objects.create(
            worker=worker, kind=kind, document_number=document_number, **fields, **provenance
        )
        # The trail is read by more people than the record: neither number nor name goes into it.
        record("clock.recorded", worker, by=by, detail={"kind": kind, "ends_on": ends_on})
    return clock


def _refuse_papers(worker: Worker, kind: str, *, is_attested: bool, document_number: str) -> None:
    if kind not in ClockKind.values:
        raise Refusal(_("“%(kind)s” is not a kind of date.") % {"kind": kind})
    if worker.contractor_id is not None:
        if document_number:
            raise Refusal(
                _("A contractor's people are not asked for document numbers. Leave the number out.")
            )
        if not is_attested or kind not in ATTESTED_KINDS:
            raise Refusal(
                _(
                    "A contractor's people are not asked for papers: record only the end of work "
                    "authorisation or admission, as attested by the contractor."
                )
            )
    elif is_attested:
        raise Refusal(
            _("%(worker)s is our own employee; no contractor attests the date.") % {"worker": worker}
        )
    if worker.is_reverification_exempt and kind == ClockKind.WORK_AUTHORISATION:
        raise Refusal(
            _("%(worker)s is never to be reverified; no end of work authorisation is kept.")
            % {"worker": worker}
        )


def complete_section(worker: Worker, section: int, *, on: date, by: User | None) -> None:
    """Note that section 1 or 2 of Form I-9 was completed on a day.

    Raises: Refusal for a contractor's people, and for another day than the one noted before.
    """
    _may(by)
    if worker.contractor_id is not None:
        raise Refusal(_("A contractor's people are not asked for Form I-9; their employer keeps it."))
    if section not in (1, 2):
        raise Refusal(
            _("Form I-9 has section 1 and section 2 here; %(number)d is neither.") % {"number": section}
        )
    name = f"section{section}_on"
    with transaction.atomic():
        noted = Worker.objects.filter(pk=worker.pk, **{f"{name}__isnull": True}).update(**{name: on})
        worker.refresh_from_db()
        if getattr(worker, name) != on:
            raise Refusal(
                _("Section %(number)d was noted as completed on %(day)s already.")
                % {"number": section, "day": getattr(worker, name)}
            )
        if noted:
            record("i9.section_completed", worker, by=by, detail={"section": section, "on": on})


def record_attestation(
    contractor: Contractor,
    *,
    signed_on: date,
    expires_on: date,
    evidence: str,
    by: User | None,
    **provenance: Any,
) -> Attestation:
    """Record a contractor's signed word that its people may do the work; the same word again is kept once.

    Raises: Refusal without evidence, for days in the wrong order, or a signature that lies ahead.
    """
    _may(by)
    if not evidence.strip():
        raise Refusal(_("Say where the signed attestation is kept."))
    if expires_on <= signed_on or signed_on > timezone.now().date():
        raise Refusal(_("An attestation is signed in the past and ends after it was signed."))
    with transaction.atomic():
        attestation, created = Attestation.objects.get_or_create(
            contractor=contractor,
            signed_on=signed_on,
            expires_on=expires_on,
            defaults={"evidence": evidence, **provenance},
        )
        if created:
            record("attestation.recorded", contractor, by=by, detail={"expires_on": expires_on})
    return attestation


def note_roster_change(contractor: Contractor, *, on: date, by: User | None) -> None:
    """Note that other people of a contractor come to the site since a day; its word has to be renewed."""
    _may(by)
    with transaction.atomic():
        changed = Contractor.objects.filter(pk=contractor.pk).exclude(roster_changed_on__gte=on)
        if changed.update(roster_changed_on=on):
            contractor.refresh_from_db()
            record("contractor.roster_changed", contractor, by=by, detail={"on": on})


def _may(by: User | None) -> None:
    if by is not None:
        require(by, ACT)
