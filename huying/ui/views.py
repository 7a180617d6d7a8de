"""Pages of the shell: service worker, manifest, page for no network, type size; and the style page."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from huying.ui.build import DIST, built
from huying.ui.hooks import hooks

YEAR = 365 * 24 * 3600


@require_GET
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told which files to keep. It must come from the root to watch over every page."""
    if not built():
        raise Http404
    kept = [
        "ui/dist/resident.css",
        "ui/dist/desk.css",
        "ui/dist/app.js",
        "ui/dist/icons.svg",
        "ui/img/logo.svg",
    ]
    kept += [f"ui/dist/{name}" for name in built()["files"] if name.startswith("chunks/chunk-")]
    told = {
        "version": built()["version"],
        "files": [static(name) for name in kept],
        "offline": reverse("ui:offline"),
    }
    text = f"self.HUYING={json.dumps(told)};\n{(DIST / 'sw.js').read_text(encoding='utf-8')}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest, in the language and with the name that the place uses."""
    brand = hooks.brand(request)
    name = brand.name or _("Huying")
    return JsonResponse(
        {
            "name": f"{brand.place} {name}".strip(),
            "short_name": name,
            "lang": request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else settings.LANGUAGE_CODE,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": "#1b4f93",
            "background_color": "#f4f6f9",
            "icons": [
                {
                    "src": static(f"ui/img/icon-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
            ],
        },
        json_dumps_params={"ensure_ascii": False},
        content_type="application/manifest+json",
    )


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when there is no network. The same for everybody."""
    return render(request, "ui/offline.html")


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switches the larger type on or off and goes back to where the visitor was."""
    goal = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(goal, {request.get_host()}, request.is_secure()):
        goal = "/"
    answer = HttpResponseRedirect(goal)
    if request.COOKIES.get("huying_elder") == "1":
        answer.delete_cookie("huying_elder")
    else:
        answer.set_cookie(
            "huying_elder", "1", max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return answer
