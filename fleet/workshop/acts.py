"""Acts on rows chosen in a list of the workshop: each asks what it needs and calls its verb row by row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.workshop import forms, verbs
from fleet.workshop.shipping import Shipment
from kit.accounts.gates import actor
from kit.accounts.models import User
from kit.errors import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AT_ONCE = 200  # rows an act takes; each is one act in the trail


@dataclass(frozen=True)
class Act:
    """One act: its name, what its button says, its form, its verb and the act of the role table it takes."""

    name: str
    label: "_StrPromise"
    form: type[Form]
    verb: Callable[..., Any]
    needs: str = "miners.move"
    is_single: bool = False


def _attach(shipment: Shipment, *, kind: str, file: Any, by: User) -> None:
    content = file.read(verbs.LARGEST_PAPER + 1)
    verbs.attach_paper(shipment, kind, file.name, content, media_type=file.content_type or "", by=by)


TICKET_ACTS = (
    Act("take_ticket", _("Take"), forms.SaidForm, verbs.take_ticket),
    Act("note", _("Add a note"), forms.NotedForm, verbs.note),
    Act("wait_for_parts", _("Wait for parts"), forms.SaidForm, verbs.wait_for_parts),
    Act("resume", _("Go on"), forms.SaidForm, verbs.resume),
    Act("swap_part", _("Swap a part"), forms.SwapForm, verbs.swap_part, is_single=True),
    Act("mark_repaired", _("Mark repaired"), forms.RepairForm, verbs.mark_repaired),
    Act("reopen", _("Work on it again"), forms.SaidForm, verbs.reopen),
    Act("send_rma", _("Send out (RMA)"), forms.RmaForm, verbs.send_rma),
    Act("receive_back", _("Receive back"), forms.ReturnForm, verbs.receive_back),
    Act("close_ticket", _("Close"), forms.ClosingForm, verbs.close_ticket),
)
SHIPMENT_ACTS = (
    Act("send_shipment", _("Send"), forms.NothingForm, verbs.send_shipment),
    Act("hold_at_customs", _("Held at customs"), forms.NothingForm, verbs.hold_at_customs),
    Act("release_from_customs", _("Released by customs"), forms.NothingForm, verbs.release_from_customs),
    Act("receive_shipment", _("Receive"), forms.ArrivalForm, verbs.receive_shipment, is_single=True),
    Act("attach_paper", _("Add a paper"), forms.PaperForm, _attach, is_single=True),
    Act("cancel_shipment", _("Cancel"), forms.GivingUpForm, verbs.cancel_shipment, needs="fleet.edit"),
)
DETENTION_ACTS = (
    Act("end_detention", _("Write down the end"), forms.EndingForm, verbs.end_detention, needs="fleet.edit"),
)


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
    is_confirmed = "confirmed" in request.POST
    form = act.form(request.POST, request.FILES) if is_confirmed else act.form()
    if is_confirmed and form.is_valid():
        try:
            with transaction.atomic():
                for row in rows:
                    act.verb(row, by=actor(request), **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, f"{refusal}")
        else:
            messages.info(
                request, gettext("{act}: {rows}").format(act=act.label, rows=", ".join(map(str, rows[:5])))
            )
        return None
    context = {
        "act": act,
        "form": form,
        "rows": rows,
        "title": act.label,
        "back": request.get_full_path(),
    }
    return render(request, "fleet/workshop_act.html", admin.site.each_context(request) | context)
