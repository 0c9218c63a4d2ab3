"""Acts on the miners chosen in a list: each shows what it touches, asks what it needs, has a job do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fleet.miners import forms, verbs
from fleet.miners.chosen import WORKS, choices, miners_of
from fleet.miners.models import Choice, Miner
from fleet.miners.moves import holds_over
from kit.accounts.gates import actor, needs
from kit.accounts.models import User
from kit.errors import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHOWN_HOLDS = 5


@dataclass(frozen=True)
class Act:
    """One act: its name among the works, what its button says, its form, and the field that says whereto."""

    name: str
    label: "_StrPromise"
    form: type[Form]
    field: str


ACTS = {
    act.name: act
    for act in (
        Act("move", _("Move to a site"), forms.MoveForm, "site"),
        Act("receive", _("Receive at a site"), forms.MoveForm, "site"),
        Act("set_state", _("Set the state"), forms.StateForm, "status"),
        Act("transfer", _("Give to another owner"), forms.TransferForm, "owner"),
        Act("end", _("Mark sold or scrapped"), forms.EndForm, "status"),
    )
}


def act_on(act: Act) -> Callable[..., HttpResponse | None]:
    """The list's action for an act: the choice is kept, and the page that shows it opens."""

    @admin.action(description=act.label)
    def chosen(model_admin: Any, request: HttpRequest, queryset: QuerySet[Miner]) -> HttpResponse | None:
        try:
            choice = verbs.choose(queryset, by=actor(request), query=request.GET.urlencode())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return None
        return redirect("admin:fleet_miner_chosen", choice.pk, act.name)

    chosen.__name__ = act.name
    return chosen


def may_act(user: User, name: str) -> bool:
    """Whether the list offers a user an act; what is none is offered to all."""
    return name not in WORKS or user.may(WORKS[name].needs)


@needs("fleet.view")
def chosen_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What an act would touch, and the form that has a job do it to exactly those miners."""
    if name not in ACTS:
        raise Http404
    act = ACTS[name]
    choice = get_object_or_404(choices(), pk=pk, created_by=actor(request))
    back = reverse("admin:fleet_miner_changelist") + (f"?{choice.query}" if choice.query else "")
    form = act.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            job = verbs.act_soon(choice, name, given.pop(act.field), by=actor(request), back=back, **given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operator:job", job.pk)
    context = {"act": act, "form": form, "back": back, "title": act.label} | touched_by(choice)
    return render(request, "fleet/miner_act.html", admin.site.each_context(request) | context)


def touched_by(choice: Choice) -> dict[str, Any]:
    """What an act on a choice touches: machines, power, owners, and the first of the holds on them."""
    miners = miners_of(choice)
    figures = miners.order_by().aggregate(
        machines=Count("pk"), power_w=Sum("power_w"), owners=Count("owner", distinct=True)
    )
    return {"touched": figures, "holds": list(holds_over(miners)[:SHOWN_HOLDS])}
