"""The worker and the clock behind it. The broker is only a doorbell: every task sweeps the database."""

import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from clinic import heartbeat
from clinic.people.checks import refuse_wrong_mode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

# How often the database is swept for what is due; tests sweep faster than a clinic needs.
SWEEP_SECONDS = float(os.environ.get("SWEEP_SECONDS", "60"))
# What waited ten seconds for somebody to undo it does not wait another minute.
OUTBOX_SECONDS = SWEEP_SECONDS / 4

app = Celery("clinic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=50,
    task_time_limit=60,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    timezone="UTC",
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
    beat_schedule={
        "heartbeat": {
            "task": heartbeat.TASK,
            "schedule": heartbeat.EVERY_SECONDS,
            "options": {"expires": heartbeat.EXPIRES_SECONDS},
        },
        "drain-outbox": {"task": "clinic.messaging.tasks.drain_outbox", "schedule": OUTBOX_SECONDS},
        "seal-audit": {"task": "clinic.audit.tasks.seal_events", "schedule": SWEEP_SECONDS},
        "delete-what-may-go": {"task": "clinic.tasks.delete_what_may_go", "schedule": 60 * SWEEP_SECONDS},
        "escalate-flags": {"task": "intake.tasks.escalate_flags", "schedule": SWEEP_SECONDS},
        "count-first-drawings": {
            "task": "treatments.tasks.count_first_drawings",
            "schedule": 360 * SWEEP_SECONDS,
        },
        "ask-before-visits": {"task": "scheduling.tasks.ask_before_visits", "schedule": 5 * SWEEP_SECONDS},
        "forget-answers": {"task": "scheduling.tasks.forget_answers", "schedule": 60 * SWEEP_SECONDS},
        "remind-of-forms": {"task": "scheduling.tasks.remind_of_forms", "schedule": 5 * SWEEP_SECONDS},
        "expire-offers": {"task": "scheduling.tasks.expire_offers", "schedule": SWEEP_SECONDS},
        "read-outside-calendars": {"task": "scheduling.tasks.read_outside_calendars", "schedule": SWEEP_SECONDS},
        "keep-holidays-up": {
            "task": "scheduling.tasks.keep_holidays_up",
            "schedule": crontab(minute="17", hour="3", day_of_month="1"),
        },
        "release-holds": {"task": "scheduling.tasks.release_holds", "schedule": SWEEP_SECONDS},
        "score-answers": {"task": "treatments.tasks.score_answers", "schedule": SWEEP_SECONDS},
        "verify-notes": {"task": "treatments.tasks.verify_notes", "schedule": crontab(minute="23", hour="2")},
        "remind-of-notes": {"task": "treatments.tasks.remind_of_notes", "schedule": 30 * SWEEP_SECONDS},
        "ask-how-it-went": {"task": "treatments.tasks.ask_how_it_went", "schedule": 5 * SWEEP_SECONDS},
    },
)
app.autodiscover_tasks()


@signals.worker_init.connect
@signals.beat_init.connect
def refuse_to_start_in_the_wrong_mode(**_: Any) -> None:
    """As the web does. Celery swallows what a listener raises, all but the exit. Raises SystemExit."""
    try:
        refuse_wrong_mode()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
    connections.close_all()  # no child may inherit this one
