"""Settings of the operator's frame: colours, sheets, title; the navigation is added in `config`."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# Order matters: later sheets refine earlier ones. The portal takes its own on top.
SHEETS: tuple[str, ...] = (
    "pithead/tokens.css",
    "pithead/base.css",
    "pithead/parts.css",
    "pithead/forms.css",
    "pithead/tables.css",
    "pithead/charts.css",
    "pithead/print.css",
)
PORTAL_SHEETS: tuple[str, ...] = (*SHEETS, "pithead/portal.css")


def _sheet_at(path: str) -> Any:
    """A callable that gives the hashed address of one sheet when a page asks for it."""

    def address(request: HttpRequest) -> str:
        return static(path)

    return address


# Petrol, hue 222, lightness chosen so that links keep 4.5 to 1 on unfold's own greys in both themes.
PETROL: dict[str, str] = {
    "50": "oklch(97.5% .012 222)",
    "100": "oklch(94.5% .025 222)",
    "200": "oklch(90% .045 222)",
    "300": "oklch(83% .07 222)",
    "400": "oklch(74% .095 222)",
    "500": "oklch(74% .095 222)",
    "600": "oklch(47% .09 222)",
    "700": "oklch(42% .08 222)",
    "800": "oklch(38% .07 222)",
    "900": "oklch(32% .055 222)",
    "950": "oklch(24% .04 222)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Pithead"),
    "SITE_HEADER": _("Pithead"),
    "SITE_SYMBOL": "architecture",
    "SITE_ICON": lambda request: static("pithead/mark.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("pithead/mark.svg"),
        },
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {"primary": PETROL},
    "STYLES": [_sheet_at(path) for path in SHEETS],
    "SCRIPTS": [lambda request: static("pithead/pithead.js")],
}
