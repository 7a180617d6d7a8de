"""Address of the service circle."""

from django.urls import path

from huying.cases.views import circle

urlpatterns = [path("circle/", circle.service_circle, name="circle")]
