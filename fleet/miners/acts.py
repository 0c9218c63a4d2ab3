"""Acts on the miners chosen in a list: each shows what it touches, asks what it needs, calls its verb."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.miners import forms, verbs
from fleet.miners.models import Miner
from fleet.miners.reads import open_holds
from fleet.miners.serializers import BULK_AT_MOST
from kit.accounts.gates import actor
from kit.errors import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Act:
    """One act: its name, what its button says, its form, its verb, and the form's field the verb is given."""

    name: str
    label: "_StrPromise"
    form: type[Form]
    verb: Callable[..., int]
    field: str


ACTS = (
    Act("move", _("Move to a site"), forms.MoveForm, verbs.move_miners, "site"),
    Act("receive", _("Receive at a site"), forms.MoveForm, verbs.receive_miners, "site"),
    Act("set_state", _("Set the state"), forms.StateForm, verbs.set_status, "status"),
    Act("transfer", _("Give to another owner"), forms.TransferForm, verbs.transfer_ownership, "owner"),
    Act("end", _("Mark sold or scrapped"), forms.EndForm, verbs.end_stays, "status"),
)


def act_on(act: Act) -> Callable[..., HttpResponse | None]:
    """The list's action for an act."""

    @admin.action(description=act.label)
    def chosen(model_admin: Any, request: HttpRequest, queryset: QuerySet[Miner]) -> HttpResponse | None:
        return _perform(act, request, queryset)

    chosen.__name__ = act.name
    return chosen


def _perform(act: Act, request: HttpRequest, miners: QuerySet[Miner]) -> HttpResponse | None:
    keys = list(miners.order_by().values_list("pk", flat=True)[: BULK_AT_MOST + 1])
    if len(keys) > BULK_AT_MOST:
        messages.error(request, gettext("More than 10,000 miners: change them by an import."))
        return None
    form = act.form(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            changed = act.verb(keys, given.pop(act.field), by=actor(request), **given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.info(request, gettext("{count} miners changed.").format(count=f"{changed:,}"))
            return None
    touched = Miner.objects.filter(pk__in=keys).aggregate(
        machines=Count("pk"), power_w=Sum("power_w"), owners=Count("owner", distinct=True)
    )
    sites = set(Miner.objects.filter(pk__in=keys, site__isnull=False).values_list("site_id", flat=True))
    context = {
        "act": act,
        "form": form,
        "keys": keys,
        "touched": touched,
        "holds": open_holds(keys, sites)[:5],
        "title": act.label,
    }
    return render(request, "fleet/miner_act.html", admin.site.each_context(request) | context)
