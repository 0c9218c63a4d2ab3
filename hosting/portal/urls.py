"""The customer's pages; every one opens with `scope.page`."""

from django.urls import path

from hosting.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("miners/", views.miners, name="miners"),
    path("miners/<int:pk>/", views.miner, name="miner"),
    path("liquidation/", views.liquidation, name="liquidation"),
    path("liquidation/<str:number>/", views.case, name="case"),
    path("check/<int:pk>/", views.check, name="check"),
    path("papers/", views.papers, name="papers"),
    path("papers/<int:pk>/", views.paper, name="paper"),
    path("account/", views.account, name="account"),
]
