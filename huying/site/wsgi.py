"""What the web server imports."""

import gc
import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
application: Any = get_wsgi_application()

from huying.site.rooms import rooms  # noqa: E402 - after Django was set up

if "huying.api" in rooms():
    from huying.api.direct import serving

    # The two calls that carry the load go past Django's middleware (docs/decisions/intake-path.md).
    application = serving(application)

# What was loaded to begin with stays: the collector need not walk through it again and again while pages are made.
gc.collect()
gc.freeze()
