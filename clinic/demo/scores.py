"""Scores of the demo: from the form, from each signed note, and from follow-up questions that some never answer."""

import datetime as dt
import random

from clinic.core import tokens
from clinic.demo.courses import Course
from clinic.demo.diary import draw_uuid
from clinic.demo.notes import Written
from clinic.messaging import links
from clinic.messaging.models import ClientLink, Purpose
from intake.fhir import Answers, Situation, enabled_items, write_response
from intake.form_cache import form_of
from intake.models import Invitation, Measure, Questionnaire, Response
from treatments.models import Episode, FollowUp
from treatments.outcomes.models import Score
from treatments.outcomes.services import rebuild_summaries

QUESTION = "nprs.average"
ASKED_ON_DAY = (43, 92)  # within the windows of six weeks and three months
ANSWERS = {Course.BETTER: 0.8, Course.UNCHANGED: 0.75, Course.WORSE: 0.7, Course.LOST: 0.12}
COMMENTS = ("", "", "", "Thank you, the pillow helps.", "The stretch at the wall still pulls.")


class ScoreWriter:
    def __init__(self, *, responses: list[Response], now: dt.datetime, chance: random.Random) -> None:
        self.now, self.chance = now, chance
        self.measure = Measure.objects.get(code="nprs")
        self.form_row: Questionnaire = Questionnaire.objects.get(slug="follow-up", status="published")
        self.form = form_of(self.form_row)
        self.first_forms = {(row.client_id, row.completed_at): row for row in responses if row.completed_at}
        self.links: list[ClientLink] = []
        self.invitations: list[Invitation] = []
        self.responses: list[Response] = []
        self.follow_ups: list[FollowUp] = []
        self.scores: list[Score] = []

    def write(self, written: list[Written]) -> None:
        """Insert every score and rebuild the summaries from them."""
        by_episode: dict[Episode, list[Written]] = {}
        for each in written:
            by_episode.setdefault(each.episode, []).append(each)
            if each.note.is_signed:
                self._score(each.episode, each.booked.visit.pain, at=each.booked.appointment.during.lower, note=each)
        self._score_first_forms(by_episode)
        for episode, notes in by_episode.items():
            self._ask(episode, [note for note in notes if note.note.is_signed])
        ClientLink.objects.bulk_create(self.links, batch_size=500)
        Invitation.objects.bulk_create(self.invitations, batch_size=500)
        through = Invitation.questionnaires.through
        through.objects.bulk_create(
            through(invitation_id=row.pk, questionnaire_id=self.form_row.pk) for row in self.invitations
        )
        Response.objects.bulk_create(self.responses, batch_size=500)
        FollowUp.objects.bulk_create(self.follow_ups, batch_size=500)
        Score.objects.bulk_create(self.scores, batch_size=2000)
        rebuild_summaries(episodes=by_episode, measure_code="nprs")

    def _score(
        self,
        episode: Episode,
        value: int,
        *,
        at: dt.datetime,
        note: Written | None = None,
        response: Response | None = None,
    ) -> None:
        self.scores.append(
            Score(
                id=draw_uuid(self.chance),
                episode=episode,
                measure=self.measure,
                value=value,
                recorded_at=at,
                note=note.note if note else None,
                response=response,
            )
        )

    def _score_first_forms(self, by_episode: dict[Episode, list[Written]]) -> None:
        """The newest form of the fortnight before an episode began is its baseline."""
        of_client: dict[object, list[Response]] = {}
        for response in self.first_forms.values():
            of_client.setdefault(response.client_id, []).append(response)
        for episode in by_episode:
            fitting = [
                response
                for response in of_client.get(episode.client_id, [])
                if response.completed_at
                and dt.timedelta() <= episode.opened_at - response.completed_at < dt.timedelta(days=13)
            ]
            if fitting:
                newest = max(fitting, key=lambda row: row.completed_at or self.now)
                value = newest.scores.get(QUESTION)
                if value is not None:
                    self._score(episode, value, at=newest.completed_at or self.now, response=newest)

    def _ask(self, episode: Episode, notes: list[Written]) -> None:
        """A question in each window that has been reached, at a session of its own; some answer."""
        for day, note in zip(ASKED_ON_DAY, reversed(notes), strict=False):
            asked_at = episode.opened_at + dt.timedelta(days=day + self.chance.randint(-6, 6))
            if asked_at > self.now or asked_at < note.booked.appointment.during.upper:
                continue
            plan = note.booked.plan
            asked = self._follow_up(note, asked_at)
            answered_at = asked_at + dt.timedelta(hours=self.chance.randint(1, 60))
            if answered_at < self.now and self.chance.random() < ANSWERS[plan.course]:
                value = max(0, min(10, round(notes[-1].booked.visit.pain + self.chance.gauss(0, 0.8))))
                self._answer(episode, asked, value, answered_at)

    def _follow_up(self, written: Written, asked_at: dt.datetime) -> FollowUp:
        client = written.note.client
        invitation = Invitation(
            id=draw_uuid(self.chance),
            client=client,
            location=written.episode.location,
            purpose=Purpose.FOLLOW_UP,
            created_at=asked_at,
        )
        link = ClientLink(
            id=draw_uuid(self.chance),
            client=client,
            purpose="follow_up",
            object_id=invitation.pk,
            expires_at=asked_at + dt.timedelta(days=14),
        )
        link.token_digest = tokens.digest(links.token_of(link))
        invitation.link = link
        follow_up = FollowUp(id=draw_uuid(self.chance), note=written.note, invitation=invitation, asked_at=asked_at)
        self.links.append(link)
        self.invitations.append(invitation)
        self.follow_ups.append(follow_up)
        return follow_up

    def _answer(self, episode: Episode, follow_up: FollowUp, value: int, at: dt.datetime) -> None:
        answers = Answers(values={QUESTION: [value]})
        response = Response(
            id=draw_uuid(self.chance),
            questionnaire=self.form_row,
            client=episode.client,
            invitation=follow_up.invitation,
            status=Response.Status.COMPLETED,
            answers=write_response(
                self.form,
                answers,
                questionnaire=f"{self.form_row.definition['url']}|{self.form_row.version}",
                status="completed",
                authored=at,
                enabled=enabled_items(self.form, answers, Situation()),
            ),
            scores={QUESTION: value},
            completed_at=at,
        )
        follow_up.response, follow_up.answered_at = response, at
        follow_up.comment = self.chance.choice(COMMENTS)
        follow_up.invitation.state, follow_up.invitation.completed_at = Invitation.State.DONE, at
        self.responses.append(response)
        self._score(episode, value, at=at, response=response)
