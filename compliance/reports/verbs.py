"""Make a report: as a row at once, as a file by a worker; deliver it; see to the schedules."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.exposure.reads import refuse_before_facts
from compliance.reports.models import Report, ReportKind, ReportSchedule
from compliance.reports.schedule import Rhythm, day_before, day_covered, latest_due, months_earlier, next_due
from compliance.reports.value import ComplianceReport
from fleet.sites.models import Site
from kit.accounts.verbs import require
from kit.documents.models import Document
from kit.documents.verbs import store
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import enqueue, progress
from kit.trail.verbs import record

if TYPE_CHECKING:
    from compliance.reports.pdf import Rendering
    from kit.accounts.models import User

KIND = "reports.make"
NUMBER_LOCK = 7_461_745  # one report at a time takes the next number
PREFIX = {ReportKind.COMPLIANCE: "PH-CR"}
STEPS = 3


def make_report(
    kind: str,
    day: date,
    scope: tuple[str, ...] = (),
    *,
    by: "User | None",
    schedule: ReportSchedule | None = None,
    due_at: datetime | None = None,
    compared_on: date | None = None,
) -> Job:
    """Ask for a report as of a day; a schedule's due time asks once, however often it is called.

    Shape: `scope` is codes of sites, none for all; the day compared with is a period, else a month earlier.
    Raises: Refusal for an unknown report or site, a day without facts, or a day still to come.
    """
    if by is not None:
        require(by, "reports.edit")
    if schedule is None or due_at is None:
        refuse_request(kind, day, scope)  # what a schedule asks in vain is told by its failed job
    elif standing := Job.objects.filter(kind=KIND, arguments__contains=_due(schedule, due_at)).first():
        return standing
    if compared_on is None:
        compared_on = day_before(schedule.frequency, day) if schedule else months_earlier(day, 1)
    if compared_on >= day:
        raise Refusal(_("The day compared with is earlier than the day of the report."), where="compared_on")
    arguments = {
        "report": kind,
        "day": day.isoformat(),
        "scope": sorted(scope),
        "compared_on": compared_on.isoformat(),
        "schedule": schedule.pk if schedule else None,
        "due_at": due_at.isoformat() if due_at else None,
    }
    return enqueue(KIND, _("Compliance report of %(day)s") % {"day": day}, by=by, arguments=arguments)


def _due(schedule: ReportSchedule, due_at: datetime) -> dict[str, object]:
    return {"schedule": schedule.pk, "due_at": due_at.isoformat()}


def refuse_request(kind: str, day: date, scope: tuple[str, ...]) -> None:
    """Refuse what no report can be made of.

    Raises: Refusal, naming what is wrong.
    """
    if kind not in ReportKind.values:
        kinds = ", ".join(ReportKind.values)
        raise Refusal(
            _("“%(kind)s” is not a report. Choose one of: %(kinds)s.") % {"kind": kind, "kinds": kinds}
        )
    known = set(Site.objects.filter(code__in=scope).values_list("code", flat=True))
    if missing := sorted(set(scope) - known):
        raise Refusal(
            _("There is no site with the code %(codes)s.") % {"codes": ", ".join(missing)}, where="sites"
        )
    if day > timezone.now().date():
        raise Refusal(_("%(day)s is still to come; a report is as of a day that has begun.") % {"day": day})
    refuse_before_facts(day)


def finish_report(job: Job) -> Report:
    """Build, draw and keep the report a job asks for; a job started again finds what is done.

    Raises: Refusal as `make_report` does.
    """
    from compliance.reports.build import build  # only where it is used: reportlab is heavy

    asked = job.arguments
    schedule = ReportSchedule.objects.filter(pk=asked["schedule"]).first()
    due_at = datetime.fromisoformat(asked["due_at"]) if asked["due_at"] else None
    if report := _made(job, schedule, due_at):
        return report
    day, scope = date.fromisoformat(asked["day"]), tuple(asked["scope"])
    refuse_request(asked["report"], day, scope)
    progress(job, 0, total=STEPS, message=_("Reading the facts"))
    value = build(
        day,
        scope,
        compared_on=date.fromisoformat(asked["compared_on"]),
        language=schedule.language if schedule else "en",
    )
    progress(job, 1, message=_("Drawing the pages"))
    with transaction.atomic():
        _one_at_a_time()
        if report := _made(job, schedule, due_at):
            return report
        report = _keep(job, asked["report"], value, schedule, due_at)
    progress(job, 2, message=_("Kept in the library"))
    return report


def _made(job: Job, schedule: ReportSchedule | None, due_at: datetime | None) -> Report | None:
    """The report this job, or this due time of its schedule, has led to."""
    made = Report.objects.filter(job=job)
    if schedule is not None and due_at is not None:
        made = made | Report.objects.filter(schedule=schedule, due_at=due_at)
    return made.first()


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [NUMBER_LOCK])


def _keep(
    job: Job, kind: str, value: ComplianceReport, schedule: ReportSchedule | None, due_at: datetime | None
) -> Report:
    """Store file and row under the next number, which the pages carry."""
    from compliance.reports.pdf import render_pdf  # only where it is used: reportlab is heavy

    number = next_number(kind, value.as_of)
    rendering = render_pdf(value, number)
    title = schedule.title if schedule else _("Compliance report")
    report = Report.objects.create(
        kind=kind,
        title=f"{title}, {value.as_of}",
        as_of=value.as_of,
        schedule=schedule,
        due_at=due_at,
        value=value.as_dict(),
        value_sha256=value.sha256,
        document=_document(number, title, value, rendering),
        job=job,
        made_by=job.created_by,
    )
    detail = {"number": number, "value_sha256": value.sha256, "file_sha256": report.document.sha256}
    record("report.made", report, by=job.created_by, detail=detail)
    return report


def next_number(kind: str, day: date) -> str:
    """The kind's prefix, the day and a running number over all reports of the kind; none is ever deleted."""
    return f"{PREFIX[ReportKind(kind)]}-{day}-{Report.objects.filter(kind=kind).count() + 1:04d}"


def _document(number: str, title: str, value: ComplianceReport, rendering: "Rendering") -> Document:
    return store(
        kind="compliance-report",
        number=number,
        title=f"{title}, {value.as_of}",
        filename=f"{number}.pdf",
        content=rendering.content,
        language=value.language,
        as_of=value.as_of,
        is_synthetic=value.is_synthetic,
        sources={
            "value_sha256": value.sha256,
            "data_time": value.data_time.isoformat(),
            "lists": {row.name: row.sha256 for row in value.sources.lists},
            "rules_sha256": value.sources.rules_sha256,
            "fonts_sha256": value.sources.fonts_sha256,
            "trail_sha256": value.sources.trail_sha256,
            "missing_characters": {char: list(fields) for char, fields in rendering.missing.items()},
        },
    )


def deliver(report: Report) -> int:
    """Mail the file to its schedule's recipients and note it; returns how many got it, none the second time.

    A worker killed between sending and noting sends again: twice is better than never.
    Raises: Refusal when the mail server does not take it.
    """
    recipients = list(report.schedule.recipients) if report.schedule else []
    if not recipients or report.delivered_at is not None:
        return 0
    document = report.document
    message = EmailMessage(
        subject=report.title,
        body=_("%(title)s is attached.\nNumber: %(number)s\nSHA-256 of the file: %(hash)s\n")
        % {"title": report.title, "number": document.number, "hash": document.sha256},
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=recipients,
        attachments=[(document.filename, bytes(document.content), document.media_type)],
    )
    try:
        message.send()
    except OSError as error:
        raise Refusal(
            _("The report %(number)s is in the library, but the mail was not taken: %(error)s.")
            % {"number": document.number, "error": error}
        ) from error
    with transaction.atomic():
        noted = Report.objects.filter(pk=report.pk, delivered_at__isnull=True)
        if noted.update(delivered_at=timezone.now(), delivered_to=recipients):
            record("report.delivered", report, by=None, detail={"recipients": len(recipients)})
    report.refresh_from_db()
    return len(recipients)


def rhythm_of(schedule: ReportSchedule) -> Rhythm:
    """A schedule row as the pure functions see it."""
    return Rhythm(schedule.frequency, schedule.at_time, schedule.time_zone)


def make_due_reports(now: datetime) -> list[Job]:
    """Ask for the report of every schedule that is due; one that missed several asks for the newest only."""
    for fresh in ReportSchedule.objects.filter(is_enabled=True, next_due_at__isnull=True):
        _move_on(fresh, None, next_due(rhythm_of(fresh), now))
    jobs = []
    for schedule in ReportSchedule.objects.filter(is_enabled=True, next_due_at__lte=now).order_by("pk"):
        assert schedule.next_due_at is not None
        due_at, following = latest_due(rhythm_of(schedule), schedule.next_due_at, now)
        with transaction.atomic():
            if _move_on(schedule, schedule.next_due_at, following):
                jobs.append(
                    make_report(
                        schedule.kind,
                        day_covered(due_at),
                        tuple(schedule.site_codes),
                        by=None,
                        schedule=schedule,
                        due_at=due_at,
                    )
                )
    return jobs


def _move_on(schedule: ReportSchedule, expected: datetime | None, following: datetime) -> bool:
    """Set the next due time if nobody else has: whoever changes the row makes the report."""
    standing = ReportSchedule.objects.filter(pk=schedule.pk, is_enabled=True)
    standing = (
        standing.filter(next_due_at__isnull=True)
        if expected is None
        else standing.filter(next_due_at=expected)
    )
    return bool(standing.update(next_due_at=following))


def save_schedule(
    schedule: ReportSchedule, *, by: "User | None", now: datetime | None = None
) -> ReportSchedule:
    """Store a schedule that can run, with its next due time.

    Raises: Refusal for an unknown zone, site or address.
    """
    if by is not None:
        require(by, "reports.edit")
    check_schedule(schedule)
    schedule.next_due_at = next_due(rhythm_of(schedule), now or timezone.now())
    with transaction.atomic():
        schedule.save()
        record("report.scheduled", schedule, by=by, detail={"next_due_at": schedule.next_due_at})
    return schedule


def check_schedule(schedule: ReportSchedule) -> None:
    """Refuse a schedule that could not run.

    Raises: Refusal, naming the field.
    """
    codes = _strings(schedule.site_codes, "site_codes")
    known = set(Site.objects.filter(code__in=codes).values_list("code", flat=True))
    if missing := sorted(set(codes) - known):
        raise Refusal(
            _("There is no site with the code %(codes)s.") % {"codes": ", ".join(missing)}, where="site_codes"
        )
    if wrong := [each for each in _strings(schedule.recipients, "recipients") if not _is_address(each)]:
        raise Refusal(
            _("“%(address)s” is not an e-mail address.") % {"address": wrong[0]}, where="recipients"
        )
    next_due(rhythm_of(schedule), timezone.now())


def _strings(listed: object, where: str) -> list[str]:
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Refusal(_("Write a list of texts in square brackets, or []."), where=where)
    return listed


def _is_address(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and "." in host) and not any(char.isspace() for char in text)


def yesterday(now: datetime | None = None) -> date:
    """The last day that has ended, UTC."""
    return (now or timezone.now()).date() - timedelta(days=1)
