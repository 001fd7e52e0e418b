"""The sealed zone as one WSGI application; which origin answers is decided per request."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openregie.sealed.web.settings")
application = get_wsgi_application()
