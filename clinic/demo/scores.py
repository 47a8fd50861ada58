"""Scores of the demo: from the form, from each signed note, and from follow-up questions that some never answer."""

import datetime as dt
import random

from clinic.core import tokens
from clinic.demo import change
from clinic.demo.bulk import copy_in
from clinic.demo.courses import Course
from clinic.demo.diary import draw_uuid
from clinic.demo.notes import Written
from clinic.messaging import links
from clinic.messaging.models import ClientLink, Purpose
from intake.answers import answers_of
from intake.fhir import Answers, Situation, enabled_items, write_response
from intake.form_cache import form_of
from intake.models import Invitation, Measure, Questionnaire, Response
from intake.scores import scores_of
from intake.scoring import score
from treatments.models import Episode, FollowUp
from treatments.outcomes.models import Score
from treatments.outcomes.services import rebuild_summaries

QUESTION = "nprs.average"
MEASURES = ("nprs", "psfs", "groc")
ASKED_ON_DAY = (43, 92)  # within the windows of six weeks and three months
ANSWERS = {Course.BETTER: 0.8, Course.UNCHANGED: 0.75, Course.WORSE: 0.7, Course.LOST: 0.12}
COMMENTS = ("", "", "", "Thank you, the pillow helps.", "The stretch at the wall still pulls.")


class ScoreWriter:
    def __init__(self, *, responses: list[Response], now: dt.datetime, chance: random.Random) -> None:
        self.now, self.chance = now, chance
        self.measures = {measure.code: measure for measure in Measure.objects.filter(code__in=MEASURES)}
        self.form_row: Questionnaire = Questionnaire.objects.get(slug="follow-up", status="published")
        self.form = form_of(self.form_row)
        self.first_forms = {(row.client_id, row.completed_at): row for row in responses if row.completed_at}
        self.links: list[ClientLink] = []
        self.invitations: list[Invitation] = []
        self.responses: list[Response] = []
        self.follow_ups: list[FollowUp] = []
        self.scores: list[Score] = []
        self.rated: dict[Episode, change.Rated] = {}
        self._enabled: dict[tuple[int, bool], set[str]] = {}

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
        copy_in(self.links)
        copy_in(self.invitations)
        through = Invitation.questionnaires.through
        copy_in(through(invitation_id=row.pk, questionnaire_id=self.form_row.pk) for row in self.invitations)
        copy_in(self.responses)
        copy_in(self.follow_ups)
        copy_in(self.scores)
        for code, measure in self.measures.items():
            scored = dict.fromkeys(row.episode for row in self.scores if row.measure is measure)
            rebuild_summaries(episodes=by_episode if code == "nprs" else scored, measure_code=code)

    def _score(
        self,
        episode: Episode,
        value: float,
        *,
        at: dt.datetime,
        note: Written | None = None,
        response: Response | None = None,
        measure: str = "nprs",
    ) -> None:
        self.scores.append(
            Score(
                id=draw_uuid(self.chance),
                episode=episode,
                measure=self.measures[measure],
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
                at = newest.completed_at or self.now
                if value is not None:
                    self._score(episode, value, at=at, response=newest)
                if "psfs" in newest.scores:
                    self._score(episode, newest.scores["psfs"], at=at, response=newest, measure="psfs")
                    self.rated[episode] = _activities_in(newest)

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
                relief = notes[0].booked.visit.pain - value
                self._answer(episode, asked, value, relief, answered_at)

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

    def _answer(self, episode: Episode, follow_up: FollowUp, value: int, relief: float, at: dt.datetime) -> None:
        answers = self._answers(episode, value, relief)
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
                enabled=self._enabled_for(answers),
            ),
            scores=scores_of(self.form, answers),
            completed_at=at,
        )
        follow_up.response, follow_up.answered_at = response, at
        follow_up.comment = self.chance.choice(COMMENTS)
        follow_up.invitation.state, follow_up.invitation.completed_at = Invitation.State.DONE, at
        self.responses.append(response)
        for out in score(self.form, answers):
            self._score(episode, float(out.value), at=at, response=response, measure=out.measure)

    def _answers(self, episode: Episode, value: int, relief: float) -> Answers:
        """Pain, and beside it the change and the activities of those who rate them too."""
        answers = Answers(values={QUESTION: [value]})
        if self.chance.random() < change.RATES_AGAIN:
            answers.put("groc.since", [episode.opened_at.date()])
            answers.put("groc", [change.rating_of_change(relief, self.chance)])
            change.put(answers, change.rated_again(self.rated.get(episode, []), relief, self.chance))
        return answers

    def _enabled_for(self, answers: Answers) -> set[str]:
        """What is asked depends on the rows and the day alone, so equal ones are reckoned once."""
        key = (answers.rows.get("psfs", 0), bool(answers.all("groc.since")))
        if key not in self._enabled:
            self._enabled[key] = enabled_items(self.form, answers, Situation())
        return self._enabled[key]


def _activities_in(response: Response) -> change.Rated:
    answers = answers_of(response)
    rows = range(answers.rows.get("psfs", 0))
    return [(answers.one(f"psfs:{n}/psfs.activity"), answers.one(f"psfs:{n}/psfs.rating")) for n in rows]
