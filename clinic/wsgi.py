"""Where gunicorn starts."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import resolve

from clinic.people.checks import refuse_wrong_mode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()
# Loads every page now, before the workers part, instead of in each worker's first request.
resolve("/healthz")
refuse_wrong_mode()
connections.close_all()  # no worker may inherit this one
