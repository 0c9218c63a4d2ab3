"""Acts on rows chosen in a list of the workshop: each asks what it needs and calls its verb row by row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.workshop import forms, verbs
from fleet.workshop.shipping import Detention, Shipment
from fleet.workshop.steps import ON_THE_BENCH, TICKET_STEPS, UNDER_WAY
from kit.accounts.gates import actor
from kit.accounts.models import User
from kit.errors import Refusal
from kit.jobs.models import Job

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AT_ONCE = 200  # rows an act takes; each is one act in the trail


@dataclass(frozen=True)
class Act:
    """One act: its name, what its button says, its form, its verb and the act of the role table it takes.

    Shape: `starts` are the states of a row in which its page offers the act; without any it always does.
    `suits` says of which rows it can be done at all.
    """

    name: str
    label: "_StrPromise"
    form: type[Form]
    verb: Callable[..., Any]
    needs: str = "miners.move"
    is_single: bool = False
    starts: tuple[str, ...] = ()
    suits: Callable[[Any], bool] = bool

    @property
    def asks(self) -> bool:
        """Whether it asks anything before it is done."""
        return bool(self.form.base_fields)


def _attach(shipment: Shipment, *, kind: str, file: Any, by: User) -> None:
    content = file.read(verbs.LARGEST_PAPER + 1)
    verbs.attach_paper(shipment, kind, file.name, content, media_type=file.content_type or "", by=by)


def _open_in(*verbs_: str) -> tuple[str, ...]:
    """The states of a ticket in which one of these steps starts."""
    return tuple(dict.fromkeys(status for verb in verbs_ for status in TICKET_STEPS[verb].from_status))


# In the order of their buttons: the next step first.
TICKET_ACTS = (
    Act("take_ticket", _("Take"), forms.SaidForm, verbs.take_ticket, starts=_open_in("take")),
    Act(
        "receive_back",
        _("Receive back"),
        forms.ReturnForm,
        verbs.receive_back,
        starts=_open_in("back_repaired", "back_as_it_was"),
    ),
    Act("resume", _("Go on"), forms.SaidForm, verbs.resume, starts=_open_in("resume")),
    Act(
        "swap_part",
        _("Swap a part"),
        forms.SwapForm,
        verbs.swap_part,
        starts=ON_THE_BENCH,
        is_single=True,
        suits=lambda ticket: ticket.miner_id is not None,
    ),
    Act(
        "mark_repaired",
        _("Mark repaired"),
        forms.RepairForm,
        verbs.mark_repaired,
        starts=_open_in("repaired"),
    ),
    Act(
        "wait_for_parts",
        _("Wait for parts"),
        forms.SaidForm,
        verbs.wait_for_parts,
        starts=_open_in("wait_for_parts"),
    ),
    Act("send_rma", _("Send out (RMA)"), forms.RmaForm, verbs.send_rma, starts=_open_in("send_rma")),
    Act("close_ticket", _("Close"), forms.ClosingForm, verbs.close_ticket, starts=_open_in("close")),
    Act("reopen", _("Work on it again"), forms.SaidForm, verbs.reopen, starts=_open_in("reopen")),
    Act("note", _("Add a note"), forms.NotedForm, verbs.note),
)
SHIPMENT_ACTS = (
    Act("send_shipment", _("Send"), forms.NothingForm, verbs.send_soon, starts=("planned",)),
    Act(
        "receive_shipment",
        _("Receive"),
        forms.ArrivalForm,
        verbs.receive_soon,
        starts=UNDER_WAY,
        is_single=True,
    ),
    Act(
        "hold_at_customs",
        _("Held at customs"),
        forms.NothingForm,
        verbs.hold_at_customs_soon,
        starts=("sent",),
    ),
    Act(
        "release_from_customs",
        _("Released by customs"),
        forms.NothingForm,
        verbs.release_from_customs_soon,
        starts=("customs",),
    ),
    Act("attach_paper", _("Add a paper"), forms.PaperForm, _attach, is_single=True),
    Act(
        "cancel_shipment",
        _("Cancel the shipment"),
        forms.GivingUpForm,
        verbs.cancel_shipment,
        starts=("planned",),
        needs="fleet.edit",
    ),
)
DETENTION_ACTS = (
    Act(
        "end_detention",
        _("Write down the end"),
        forms.EndingForm,
        verbs.end_detention,
        starts=("pending",),
        needs="fleet.edit",
    ),
)


def buttons(acts: tuple[Act, ...], row: Any, user: User) -> list[Act]:
    """The acts a user may do on a row as it stands; the first of them is the next step."""
    standing = row.outcome if isinstance(row, Detention) else row.status
    now = [act for act in acts if act.suits(row) and (not act.starts or standing in act.starts)]
    return [act for act in now if user.may(act.needs)]


def act_on(act: Act) -> Callable[..., HttpResponse | None]:
    """The list's action for an act."""

    @admin.action(description=act.label)
    def chosen(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return _perform(act, request, queryset)

    chosen.__name__ = act.name
    return chosen


def open_acts(request: HttpRequest, acts: tuple[Act, ...], shown: dict[str, Any]) -> dict[str, Any]:
    """Of the actions of a list those that the user's role may do."""
    may = actor(request).may
    return {act.name: shown[act.name] for act in acts if act.name in shown and may(act.needs)}


def _perform(act: Act, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    most = 1 if act.is_single else AT_ONCE
    rows: list[Model] = list(queryset.order_by("pk")[: most + 1])
    if len(rows) > most:
        messages.error(request, gettext("Choose at most {count} for this.").format(count=most))
        return None
    is_on_page = "from_page" in request.POST and len(rows) == 1
    page = _page_of(rows[0]) if len(rows) == 1 else ""
    form = act.form(request.POST, request.FILES) if "confirmed" in request.POST else act.form()
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                made = [act.verb(row, by=actor(request), **form.cleaned_data) for row in rows]
        except Refusal as refusal:
            where = refusal.where if refusal.where in form.fields else None
            form.add_error(where, refusal.message)
        else:
            messages.info(request, _said(act, rows, made))
            return redirect(page) if is_on_page else None
    context = {
        "act": act,
        "form": form,
        "rows": rows,
        "title": act.label,
        "is_on_page": is_on_page,
        "back": page if is_on_page else request.get_full_path(),
    }
    return render(request, "fleet/workshop_act.html", admin.site.each_context(request) | context)


def _page_of(row: Model) -> str:
    return reverse(f"admin:fleet_{row._meta.model_name}_change", args=[row.pk])


def _said(act: Act, rows: list[Model], made: list[Any]) -> str:
    """What was done to which rows; of jobs, where they are."""
    shown = ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
    said = gettext("{act}: {rows}").format(act=act.label, rows=shown)
    jobs = [job for job in made if isinstance(job, Job)]
    if not jobs:
        return said
    if len(jobs) == 1:
        where, words = reverse("operator:job", args=[jobs[0].pk]), gettext("See how far it is.")
    else:
        where, words = reverse("admin:kit_job_changelist"), gettext("See how far they are.")
    return format_html('{}. <a class="underline" href="{}">{}</a>', said, where, words)
