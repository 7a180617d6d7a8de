"""Every room's addresses, in layer order, and the few that belong to no room.

A room's ``urls.py`` states its own full paths (``app_name`` and ``urlpatterns``); it is included at the root.
"""

from django.urls import include, path

from huying.site import errors, health, metrics
from huying.site.rooms import room_modules

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(urls)) for urls in room_modules("urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
