"""Where gunicorn starts."""

import gc
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
# What is loaded by now stays for good: the collector need not look at it again for each few hundred objects of a page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
