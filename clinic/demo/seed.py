"""Writes the whole demo practice in one transaction: all of it is there, or nothing."""

import datetime as dt
import random
from collections.abc import Callable

from django.db import transaction

from clinic.core import clock
from clinic.demo import closed, diary, folk, ground, homework, letters, thinking, trail, visits
from clinic.demo.intakes import IntakeWriter
from clinic.demo.mail import MailWriter
from clinic.demo.notes import NoteWriter
from clinic.demo.scores import ScoreWriter
from clinic.demo.waitlist import WaitlistWriter
from clinic.people.models import Practice
from treatments.outcomes.tallies import rebuild_tallies

SEED = 20_260
CLIENTS = 600
DAYS_BACK = 548  # 18 months

Say = Callable[[str], None]


@transaction.atomic
def seed_demo(*, say: Say, now: dt.datetime | None = None, clients: int = CLIENTS, days_back: int = DAYS_BACK) -> bool:
    """Seed an empty database; `now` is the instant everything is relative to. Returns False when a practice exists."""
    if Practice.objects.exists():
        return False
    now = now or clock.now()
    chance = random.Random(SEED)  # noqa: S311  # the same demo every time
    today = now.astimezone(ground.ZONE).date()
    say("practice, places and staff")
    base = ground.lay(today, since=today - dt.timedelta(days=days_back + 30))
    weeks, shut = [base.weeks[therapist] for therapist in base.therapists], closed.keep_holidays(base, today)
    plans = diary.plan_all(clients=clients, weeks=weeks, today=today, days_back=days_back, chance=chance, closed=shut)
    home_of = {plan.client: base.place_of(base.therapists[plan.therapist]) for plan in plans}
    say(f"{clients} clients")
    homes = [home_of.get(number, base.places[0]) for number in range(clients)]
    people = folk.write(homes=homes, today=today, first_number=1001, chance=chance)
    booked = visits.prepare(plans=plans, ground=base, clients=people, now=now, chance=chance)
    say(f"forms, pain maps and red flags for {len(plans)} episodes")
    paper = IntakeWriter(ground=base, now=now, chance=chance).write(booked)
    say(f"{len(booked)} appointments")
    visits.insert(booked)
    closed.differ(ground=base, booked=booked, today=today)
    letters.date_people()
    letters.write(clients=people, ground=base, chance=chance)
    say("session notes")
    written = NoteWriter(ground=base, now=now, drawings=paper.drawings, chance=chance).write(booked)
    say("exercises at home")
    homework.write(ground=base, now=now, chance=chance)
    say("follow-ups and scores")
    ScoreWriter(responses=paper.responses, now=now, chance=chance).write(written)
    thinking.write(written, seed=SEED)
    rebuild_tallies()
    say("messages and the audit trail")
    MailWriter(ground=base, now=now, chance=chance).write(booked)
    WaitlistWriter(ground=base, now=now).write(people, booked)
    trail.write(booked=booked, written=written, ground=base, now=now)
    return True
