"""The doors of pages and admin lists: each names the act of the role table that opens it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from kit.accounts.capped import CappedPaginator
from kit.accounts.dress import dressed
from kit.accounts.models import User

View = Callable[..., HttpResponse]


def needs(act: str) -> Callable[[View], View]:
    """Open a view to users whose role includes the act: others get 403, nobody logged in gets the log-in."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.may(act):
                raise PermissionDenied(act)
            return view(request, *args, **kwargs)

        guarded.needs_act = act  # type: ignore[attr-defined]
        return guarded

    return guard


def actor(request: HttpRequest) -> User:
    """The logged-in user behind a guarded page or API view."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class GatedAdmin(ModelAdmin):  # type: ignore[misc]
    """An admin list opened by one act and, where named, edited by another; nothing is ever deleted here."""

    view_act: str
    edit_act: str | None = None
    add_act: str | None = None
    compressed_fields = True
    show_full_result_count = False
    list_max_show_all = 0
    paginator = CappedPaginator
    change_list_template = "kit/change_list.html"
    nothing_yet: Any = ""  # what an empty list says belongs here

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return dressed(super().get_form(request, obj, **kwargs))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_authenticated and request.user.may(self.view_act)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.edit_act) and request.user.is_authenticated and request.user.may(str(self.edit_act))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.add_act) and request.user.is_authenticated and request.user.may(str(self.add_act))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        # Django looks for the row first and so tells those who may see no list which rows exist.
        if not self.has_view_permission(request):
            raise PermissionDenied(self.view_act)
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        return answer

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
