"""The operator's pages of this storey."""

from django.urls import path

from hosting.contracts.views import site_power
from hosting.liquidation.views import (
    liquidation_books,
    liquidation_csv,
    liquidation_gate,
    liquidation_open,
    liquidation_page,
    liquidation_work,
)

urlpatterns = [
    path("sites/<slug:code>/power/", site_power, name="site_power"),
    path("liquidations/open/", liquidation_open, name="liquidation_open"),
    path("liquidations/<str:number>/", liquidation_page, name="liquidation"),
    path("liquidations/<str:number>/tasks/", liquidation_work, name="liquidation_work"),
    path("liquidations/<str:number>/books/", liquidation_books, name="liquidation_books"),
    path("liquidations/<str:number>/allocation.csv", liquidation_csv, name="liquidation_csv"),
    path("liquidations/<str:number>/<slug:verb>/", liquidation_gate, name="liquidation_gate"),
]
