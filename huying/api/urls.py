"""Addresses of the interfaces."""

from django.urls import include, path, re_path

from huying.api import docs, v1
from huying.api.open311 import views as open311

app_name = "api"

FORMAT = r"(?:\.(?P<format>xml|json))?$"

urlpatterns = [
    path("api/v1/docs", docs.docs, name="docs"),
    path("api/v1/", include(v1.patterns())),
    re_path(rf"^open311/v2/discovery{FORMAT}", open311.discovery, name="discovery"),
    re_path(rf"^open311/v2/services{FORMAT}", open311.service_list, name="services"),
    re_path(rf"^open311/v2/services/(?P<code>[^/]+?){FORMAT}", open311.service, name="service"),
    re_path(rf"^open311/v2/requests{FORMAT}", open311.requests, name="requests"),
    re_path(rf"^open311/v2/requests/(?P<number>[^/]+?){FORMAT}", open311.one, name="request"),
    re_path(rf"^open311/v2/tokens/(?P<number>[^/]+?){FORMAT}", open311.token, name="token"),
]
