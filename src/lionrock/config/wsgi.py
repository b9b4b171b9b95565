"""The WSGI application that a web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from lionrock.config.environment import environment
from lionrock.config.unsafe import require_safe
from lionrock.database import ensure_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
require_safe(environment())
ensure_running(environment().home, environment().database_url)
application = get_wsgi_application()
# Reads every page's module now: whoever comes first after a start would wait for them.
reverse("people:sign_in")
