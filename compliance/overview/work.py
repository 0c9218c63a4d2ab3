"""Long work and schedules as the overview shows them."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.overview.values import ScheduleLine
from compliance.reports.models import Report, ReportSchedule
from compliance.reports.schedule import Rhythm, next_due
from kit.accounts.models import User
from kit.charts import Ticks
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import may_stop
from kit.look.doors import door
from kit.look.values import JobLine
from kit.questions import Question, instances
from kit.units import format_instant

SHOWN_JOBS = 4
RUNS = 14


def jobs_question(most: int = SHOWN_JOBS) -> Question[list[Job]]:
    """What runs or waits, and the newest of what has ended, running first; asked with other questions."""
    rank = Case(When(status=JobStatus.RUNNING, then=0), When(status=JobStatus.QUEUED, then=1), default=2)
    return instances(Job.objects.annotate(rank=rank).order_by("rank", "-id")[:most], shape=list)


def job_line(job: Job, reader: User) -> JobLine:
    """One job as a row that asks for itself again while it runs."""
    is_going = job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
    ended = _("ended %(at)s") % {"at": format_instant(job.finished_at)} if job.finished_at else ""
    return JobLine(
        title=job.title,
        standing=job.status,
        done=job.done,
        total=job.total,
        message=job.message if is_going else " · ".join(part for part in (job.outcome, ended) if part),
        url=door("operator:job", job.pk),
        poll_url=door("operator:overview_job", job.pk) if is_going else "",
        stop_url=door("operator:overview_job_stop", job.pk) if is_going and may_stop(job, reader) else "",
    )


def schedules_question() -> Question[list[ReportSchedule]]:
    """The schedules with the due times of their newest `runs`; asked with other questions."""
    runs = Report.objects.filter(schedule=OuterRef("pk"), due_at__isnull=False).order_by("-due_at")
    newest = ArraySubquery(runs.values("due_at")[:RUNS])
    rows: QuerySet[ReportSchedule] = ReportSchedule.objects.annotate(runs=newest)
    return instances(rows.order_by("-is_enabled", "title"), shape=_with_runs)


def _with_runs(schedules: list[ReportSchedule]) -> list[ReportSchedule]:
    for schedule in schedules:
        schedule.runs = [datetime.fromisoformat(at) for at in schedule.runs]  # type: ignore[attr-defined]
    return schedules


def next_report(rows: Iterable[ReportSchedule]) -> ReportSchedule | None:
    """The schedule that falls due first."""
    due = [row for row in rows if row.is_enabled and row.next_due_at is not None]
    return min(due, key=lambda row: row.next_due_at or timezone.now(), default=None)


def schedule_line(schedule: ReportSchedule) -> ScheduleLine:
    """One schedule: when it runs, its last runs as ticks, and whether one was missed."""
    made = sorted(getattr(schedule, "runs", ()))
    due = _due_since(schedule, made)
    values = tuple(1 if at in made else None for at in due)
    missed = values.count(None)
    if not schedule.is_enabled:
        standing = _("off")
    elif not made:
        standing = _("no run yet")
    else:
        standing = _("%(n)s missed") % {"n": missed} if missed else _("on time")
    words = {
        "often": schedule.get_frequency_display(),
        "at": f"{schedule.at_time:%H:%M}",
        "zone": schedule.time_zone.rpartition("/")[2].replace("_", " "),
    }
    return ScheduleLine(
        title=schedule.title,
        rhythm=_("%(often)s, %(at)s %(zone)s") % words,
        ticks=Ticks(schedule.title, values),
        standing=standing,
        url=door("admin:compliance_report_changelist", schedule__id__exact=schedule.pk),
    )


def _due_since(schedule: ReportSchedule, made: list[datetime]) -> list[datetime]:
    """The due times from the first of the runs to the last that has passed, newest fourteen."""
    if not made:
        return []
    rhythm = Rhythm(schedule.frequency, schedule.at_time, schedule.time_zone)
    due, until = [made[0]], min(schedule.next_due_at or timezone.now(), timezone.now())
    try:
        while len(due) < 1_000:
            following = next_due(rhythm, due[-1])
            if following >= until and following > made[-1]:
                break
            due.append(following)
    except Refusal:
        return made  # a rhythm nobody can read any more; what was made is still shown
    return sorted({*due, *made})[-RUNS:]


def local_time(at: datetime, zone: str) -> str:
    """The time of day in a zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
