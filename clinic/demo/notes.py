"""Episodes with their notes: most signed, the newest few waiting, some never begun."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import prefetch_related_objects

from clinic.demo import sentences
from clinic.demo.bulk import copy_in
from clinic.demo.courses import Course
from clinic.demo.diary import Plan, draw_uuid
from clinic.demo.ground import Ground
from clinic.demo.homework import dose_of
from clinic.demo.visits import Booked
from intake.models import Condition, Exercise, PainDrawing, Structure, Technique
from scheduling.models import Appointment
from treatments.models import Episode, Finding, Hypothesis, Prescription, SessionNote, TechniqueApplied
from treatments.rules.choosing import code_for
from treatments.rules.spots import spot_of_region
from treatments.seal import PREFETCH, seal_note

TECHNIQUES = ("myofascial-release", "trigger-point-therapy", "deep-tissue-massage")
STRUCTURES = ("gluteus-medius", "gluteus-minimus-anterior", "piriformis", "gluteus-maximus", "quadratus-lumborum")
MOVEMENTS = (("hip-flexion", 118), ("hip-extension", 24), ("hip-abduction", 42), ("hip-internal-rotation", 40))
EXERCISES = ("figure-four-stretch", "hip-flexor-stretch", "pelvic-tilt", "bird-dog", "walking")
GAP = dt.timedelta(days=90)
SIGN = """
    UPDATE treatments_sessionnote AS note
    SET status = 'signed', version = 2, signed_by_id = therapist_id, signed_at = row.signed_at, seal = row.seal,
        seal_form = row.form, proof = row.proof, chain_number = row.number, previous_seal = row.previous
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::int[], %s::text[], %s::int[], %s::text[])
        AS row (id, signed_at, seal, form, proof, number, previous)
    WHERE note.id = row.id
"""


@dataclass(slots=True)
class Written:
    """One note with its rows, and where it stands."""

    booked: Booked
    episode: Episode
    note: SessionNote
    findings: list[Finding] = field(default_factory=list)
    techniques: list[TechniqueApplied] = field(default_factory=list)
    part_proofs: dict[str, str] = field(default_factory=dict)


class NoteWriter:
    def __init__(self, *, ground: Ground, now: dt.datetime, drawings: list[PainDrawing], chance: random.Random) -> None:
        self.ground, self.now, self.chance = ground, now, chance
        self.conditions = {row.code: row for row in Condition.objects.all()}
        self.techniques = {row.code: row for row in Technique.objects.filter(code__in=TECHNIQUES)}
        self.structures = {row.code: row for row in Structure.objects.filter(code__in=STRUCTURES)}
        self.exercises = list(Exercise.objects.filter(code__in=EXERCISES))
        self.drawings: dict[object, list[PainDrawing]] = defaultdict(list)
        for drawing in sorted(drawings, key=lambda row: row.drawn_at):
            self.drawings[drawing.client_id].append(drawing)

    def write(self, booked: list[Booked]) -> list[Written]:
        """Episodes, notes and their rows, signed and sealed."""
        held: dict[int, list[Booked]] = defaultdict(list)
        for entry in booked:
            if entry.was_held:
                held[id(entry.plan)].append(entry)
        written, episodes, hypotheses, prescriptions = [], [], [], []
        for entries in held.values():
            episode = self._episode(entries)
            episodes.append(episode)
            hypotheses.append(self._hypothesis(episode))
            prescriptions.extend(self._prescriptions(episode))
            written.extend(self._notes(entries, episode))
        copy_in(episodes)
        copy_in(hypotheses)
        copy_in(prescriptions)
        self._insert(written)
        return written

    def _episode(self, entries: list[Booked]) -> Episode:
        plan, first, last = entries[0].plan, entries[0].appointment, entries[-1].appointment
        episode = Episode(
            id=draw_uuid(self.chance),
            client=first.client,
            location=first.location,
            therapist=first.therapist,
            condition=self.conditions[plan.picture.condition],
            side=plan.side,
            onset_on=first.during.lower.date() - dt.timedelta(days=self.chance.randint(20, 400)),
            mechanism=self.chance.choice(("", "Little by little", "After a long drive", "After a fall")),
            goals=self.chance.choice(("Sleep through. Walk an hour.", "Drive without pain.", "Run again by summer.")),
            opened_at=first.during.lower,
            planned_sessions=self.chance.choice((6, 8)),
            icd10cm_code=code_for(self.conditions[plan.picture.condition].data.get("icd10cm"), plan.side),
        )
        if last.during.upper + dt.timedelta(days=30) < self.now:
            episode.close_reason = self._how_it_closed(plan)
            episode.closed_at = min(
                self.now, last.during.upper + (GAP if plan.course is Course.LOST else dt.timedelta())
            )
        return episode

    def _how_it_closed(self, plan: Plan) -> str:
        reasons = Episode.CloseReason
        return {
            Course.BETTER: reasons.DISCHARGED,
            Course.UNCHANGED: reasons.REFERRED,
            Course.WORSE: reasons.REFERRED,
            Course.LOST: reasons.GAP,
        }[plan.course]

    def _hypothesis(self, episode: Episode) -> Hypothesis:
        return Hypothesis(
            id=draw_uuid(self.chance),
            episode=episode,
            condition=episode.condition,
            confidence_percent=self.chance.choice((40, 50, 60, 70, 80)),
            stated_at=episode.opened_at,
            stated_by=episode.therapist,
        )

    def _prescriptions(self, episode: Episode) -> list[Prescription]:
        return [
            Prescription(
                id=draw_uuid(self.chance),
                episode=episode,
                exercise=exercise,
                **dose_of(exercise),
                position=position,
                prescribed_by=episode.therapist,
                prescribed_at=episode.opened_at,
                stopped_at=episode.closed_at,
            )
            for position, exercise in enumerate(self.chance.sample(self.exercises, 2), start=1)
        ]

    def _notes(self, entries: list[Booked], episode: Episode) -> list[Written]:
        written = []
        for index, entry in enumerate(entries):
            if self._is_unwritten(entry.appointment):
                continue
            before = entries[index - 1].visit.pain if index else entry.visit.pain
            written.append(self._note(entry, episode, before, number=index))
        return written

    def _is_unwritten(self, appointment: Appointment) -> bool:
        """The newest session of the day may have no note yet."""
        return appointment.status == Appointment.Status.IN_SESSION and self.chance.random() < 0.5

    def _note(self, entry: Booked, episode: Episode, before: int, *, number: int) -> Written:
        appointment, pain = entry.appointment, entry.visit.pain
        label = episode.condition.label
        note = SessionNote(
            id=draw_uuid(self.chance),
            appointment=appointment,
            client=appointment.client,
            episode=episode,
            therapist=appointment.therapist,
            subjective=sentences.subjective(number, before, pain, self.chance),
            objective=self.chance.choice(sentences.OBJECTIVE),
            assessment=sentences.assessment(label, before, pain, number),
            plan=self.chance.choice(sentences.PLAN),
            pain_now=max(0, pain - self.chance.randint(0, 2)),
            pain_worst=min(10, pain + self.chance.randint(1, 3)),
            pain_average=pain,
            pain_drawing=self._drawing_for(appointment),
            created_at=appointment.during.lower,
        )
        written = Written(entry, episode, note)
        self._examine(written, number)
        self._treat(written)
        return written

    def _drawing_for(self, appointment: Appointment) -> PainDrawing | None:
        seen = [row for row in self.drawings[appointment.client_id] if row.drawn_at < appointment.during.upper]
        return seen[-1] if seen else None

    def _examine(self, written: Written, number: int) -> None:
        side = written.episode.side if written.episode.side in {"left", "right"} else "right"
        stiffness = max(0, written.booked.visit.pain * 2 - number)
        for position, (code, normal) in enumerate(MOVEMENTS if number % 3 == 0 else ()):
            angle = normal - stiffness + self.chance.randint(-3, 3)
            written.findings.append(
                Finding(
                    id=draw_uuid(self.chance),
                    note=written.note,
                    kind=Finding.Kind.RANGE_OF_MOTION,
                    code=code,
                    side=side,
                    angle_degrees=angle,
                    is_painful=stiffness > 8 and position % 2 == 0,
                    position=position,
                )
            )
        code = self.chance.choice(STRUCTURES)
        lies_in, *_others = self.structures[code].data["local_regions"]
        spot = spot_of_region(f"{lies_in}.{side}")
        written.findings.append(
            Finding(
                id=draw_uuid(self.chance),
                note=written.note,
                kind=Finding.Kind.TRIGGER_POINT,
                code=code,
                side=side,
                spot=spot.as_json() if spot else None,
                tenderness_grade=min(3, 1 + written.booked.visit.pain // 4),
                reproduces_pain=written.booked.visit.pain > 4,
                position=len(MOVEMENTS),
            )
        )

    def _treat(self, written: Written) -> None:
        side = written.episode.side if written.episode.side in {"left", "right"} else "none"
        for position, code in enumerate(self.chance.sample(TECHNIQUES, 2)):
            written.techniques.append(
                TechniqueApplied(
                    id=draw_uuid(self.chance),
                    note=written.note,
                    technique=self.techniques[code],
                    structure=self.structures[self.chance.choice(STRUCTURES)],
                    side=side,
                    duration_minutes=self.chance.choice((6, 8, 10, 12)),
                    pressure_grade=self.chance.choice((2, 2, 3, 4)),
                    response=self.chance.choice(("eased", "eased", "no_change")),
                    position=position,
                )
            )

    def _insert(self, written: list[Written]) -> None:
        """Drafts first, then their rows, then the signatures: the order that the database's locks ask for."""
        copy_in(each.note for each in written)
        copy_in(row for each in written for row in each.findings)
        copy_in(row for each in written for row in each.techniques)
        signed = [each for each in written if self._is_signed(each.booked.appointment)]
        self._seal(signed)
        notes = [each.note for each in signed]
        names = ("pk", "signed_at", "seal", "seal_form", "proof", "chain_number", "previous_seal")
        with connection.cursor() as cursor:
            cursor.execute(SIGN, [[getattr(note, name) for note in notes] for name in names])

    def _seal(self, signed: list[Written]) -> None:
        """In the order of their signing, each client's notes chained."""
        heads: dict[object, SessionNote] = {}
        prefetch_related_objects([each.note for each in signed], *PREFETCH)
        for each in signed:
            note = each.note
            note.status, note.version = SessionNote.Status.SIGNED, 2
            note.signed_by = note.therapist
            note.signed_at = each.booked.appointment.during.upper + dt.timedelta(minutes=6)
        for each in sorted(signed, key=lambda each: (each.note.signed_at, str(each.note.pk))):
            each.part_proofs = seal_note(each.note, heads.get(each.note.client_id))
            heads[each.note.client_id] = each.note

    def _is_signed(self, appointment: Appointment) -> bool:
        age = self.now - appointment.during.upper
        if appointment.status == Appointment.Status.IN_SESSION or age < dt.timedelta(hours=3):
            return False
        return self.chance.random() < (0.85 if age < dt.timedelta(days=3) else 0.998)
