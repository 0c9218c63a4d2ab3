from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

import compliance.urls
import fleet.urls
import hosting.urls
import kit.urls
from config.api import router
from kit.accounts.views import home

operator: list[URLPattern | URLResolver] = [
    *kit.urls.urlpatterns,
    *fleet.urls.urlpatterns,
    *hosting.urls.urlpatterns,
    *compliance.urls.urlpatterns,
]

urlpatterns = [
    path("", home, name="home"),
    path("admin/", include((operator, "operator"))),
    path("admin/", admin.site.urls),
    path("portal/", include(("hosting.portal.urls", "portal"))),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
    path("api/docs/redoc/", SpectacularRedocView.as_view(url_name="schema"), name="api-redoc"),
]
