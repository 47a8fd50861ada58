"""Where gunicorn starts."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()
# Loads every page now, before the workers part, instead of in each worker's first request.
resolve("/healthz")
