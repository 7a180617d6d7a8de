"""GET /healthz: may a load balancer send requests here?"""

from __future__ import annotations

from django.db.utils import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huying import clock
from huying.site import pulse


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with ``{"status": "ok"}`` while the database answers, else 503. Holds nothing worth hiding.

    ``worker`` says how the background worker does: ``ok``, or which lane is stuck or silent. It is no reason to send
    people elsewhere, so the status stays 200. One SQL statement.
    """
    try:
        worker = pulse.told()
    except Error:
        return JsonResponse({"status": "database unreachable"}, status=503)
    now = clock.now().isoformat(timespec="seconds")
    return JsonResponse({"status": "ok", "time": now, "worker": worker})
