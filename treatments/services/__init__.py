"""Every write of treatment."""

from treatments.services.answers import answers_for, import_answers, remove_answers
from treatments.services.aside import merge, set_aside, settle, unsettled
from treatments.services.carry import copy_forward, keep_copied, previous_note
from treatments.services.episodes import change_episode, close_episode, open_episode, reopen_episode
from treatments.services.exercises import move_prescription, prescribe, resume_prescription, stop_prescription
from treatments.services.follow_up import answer_follow_up, ask_follow_up
from treatments.services.notes import missing_for, open_note, save_draft
from treatments.services.programme import programme_link, send_programme, tick, untick
from treatments.services.scores import record_answers
from treatments.services.signing import add_addendum, co_sign_note, may_co_sign, sign_note
from treatments.services.templates import keep_as_template, use_template
from treatments.services.thinking import add_goal, adopt_goals, aim_goal, drop_goal, state_hypothesis

__all__ = [
    "add_addendum",
    "add_goal",
    "adopt_goals",
    "aim_goal",
    "answer_follow_up",
    "answers_for",
    "ask_follow_up",
    "change_episode",
    "close_episode",
    "co_sign_note",
    "copy_forward",
    "drop_goal",
    "import_answers",
    "keep_as_template",
    "keep_copied",
    "may_co_sign",
    "merge",
    "missing_for",
    "move_prescription",
    "open_episode",
    "open_note",
    "prescribe",
    "previous_note",
    "programme_link",
    "record_answers",
    "remove_answers",
    "reopen_episode",
    "resume_prescription",
    "save_draft",
    "send_programme",
    "set_aside",
    "settle",
    "sign_note",
    "state_hypothesis",
    "stop_prescription",
    "tick",
    "unsettled",
    "untick",
    "use_template",
]
