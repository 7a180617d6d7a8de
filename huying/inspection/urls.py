"""Addresses of the inspection channel."""

from django.urls import path

from huying.inspection.views import asking, cases, findings, papers, record

app_name = "inspection"
urlpatterns = [
    path("inspection/", findings.findings, name="findings"),
    path("inspection/findings/<uuid:ident>/", findings.finding, name="finding"),
    path("inspection/findings/<uuid:ident>/conclude/", findings.conclude, name="conclude"),
    path("inspection/orders/", papers.papers, name="papers"),
    path("inspection/orders/new/", papers.order, name="order"),
    path("inspection/cases/<str:number>/", cases.case, name="case"),
    path("inspection/log/", record.log, name="log"),
    path("inspection/ask/", asking.ask, name="ask"),
]
