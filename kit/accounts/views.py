from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to where their work is: the operator's overview, the portal, or the log-in."""
    if not request.user.is_authenticated:
        return redirect_to_login("/")
    return redirect("portal:home" if request.user.role == "customer" else "admin:index")
