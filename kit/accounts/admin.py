from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from kit.accounts.gates import GatedAdmin, actor
from kit.accounts.models import ApiToken, User
from kit.accounts.roles import STAFF_ROLES
from kit.accounts.tokens import issue_token
from kit.trail.verbs import record


@admin.register(User)
class UserAdmin(DjangoUserAdmin, GatedAdmin):  # type: ignore[misc]
    """The people who log in; a role says everything they may do."""

    view_act = edit_act = add_act = "accounts.edit"
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "get_full_name", "role", "is_active", "last_login", "is_synthetic"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password", "role", "is_active"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Seen"), {"fields": ["last_login", "date_joined", "is_synthetic"]}),
    ]
    readonly_fields = ["last_login", "date_joined", "is_synthetic"]
    add_fieldsets = [(None, {"fields": ["username", "role", "password1", "password2"]})]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = obj.role in STAFF_ROLES
        super().save_model(request, obj, form, change)
        record(
            "user.changed" if change else "user.created", obj, by=actor(request), detail={"role": obj.role}
        )


@admin.register(ApiToken)
class ApiTokenAdmin(GatedAdmin):
    """Keys for the API; the key itself is shown once, when it is issued."""

    view_act = add_act = edit_act = "accounts.edit"
    list_display = ["name", "user", "starts_with", "created_at", "expires_at", "ended_at"]
    list_select_related = ["user"]
    fields = ["user", "name", "expires_at", "ended_at"]
    search_fields = ["name", "user__username"]

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            record("token.changed", obj, by=actor(request))
            return
        key = issue_token(obj.user, name=obj.name, by=actor(request), expires_at=obj.expires_at)
        obj.pk = ApiToken.objects.latest("pk").pk
        messages.warning(request, _("The key is shown once, copy it now: %s") % key)
