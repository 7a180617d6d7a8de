"""Addresses of this room."""

from django.urls import path

from huying.supervise.views import bulletins, opening, orders, papers, suggestions

app_name = "supervise"

urlpatterns = [
    path("supervise/", orders.orders, name="orders"),
    path("supervise/new/", opening.new, name="new"),
    path("supervise/orders/<str:number>/sign/", orders.sign, name="sign"),
    path("supervise/orders/<str:number>/order.docx", papers.docx, name="order_docx"),
    path("supervise/orders/<str:number>/order.pdf", papers.pdf, name="order_pdf"),
    path("supervise/suggestions/", suggestions.suggestions, name="suggestions"),
    path("supervise/suggestions/<uuid:trigger_id>/dismiss/", suggestions.dismiss, name="dismiss"),
    path("supervise/bulletins/", bulletins.bulletins, name="bulletins"),
    path("supervise/bulletins/<str:number>/", bulletins.bulletin, name="bulletin"),
]
