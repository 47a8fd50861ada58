from django.urls import path

from treatments.views import autosave, before, episodes, files, follow_up, lists, merge, notes, practice

app_name = "treatments"
urlpatterns = [
    path("sessions/<uuid:pk>/before/", before.before, name="before"),
    path("sessions/<uuid:pk>/note/", notes.note_open, name="note-open"),
    path("prompts/", before.map_prompts, name="map-prompts"),
    path("notes/", lists.note_list, name="note-list"),
    path("notes/<uuid:pk>/", notes.note_edit, name="note-edit"),
    path("notes/<uuid:pk>/save/", notes.note_save, name="note-save"),
    path("notes/<uuid:pk>/draft/", autosave.note_draft, name="note-draft"),
    path("notes/<uuid:pk>/merge/", merge.note_merge, name="note-merge"),
    path("notes/<uuid:pk>/sign/", notes.note_sign, name="note-sign"),
    path("notes/<uuid:pk>/addenda/", notes.note_addendum, name="note-addendum"),
    path("notes/<uuid:pk>/files/", files.note_files, name="note-files"),
    path("notes/<uuid:pk>/files/<uuid:file_pk>/", files.note_file_caption, name="note-file-caption"),
    path("notes/<uuid:pk>/files/<uuid:file_pk>/remove/", files.note_file_remove, name="note-file-remove"),
    path("notes/<uuid:pk>/files/<uuid:file_pk>/small/", files.note_file_small, name="note-file-small"),
    path("episodes/<uuid:pk>/", episodes.episode_detail, name="episode-detail"),
    path("episodes/<uuid:pk>/close/", episodes.episode_close, name="episode-close"),
    path("episodes/<uuid:pk>/reopen/", episodes.episode_reopen, name="episode-reopen"),
    path("episodes/<uuid:pk>/hypotheses/", episodes.hypothesis_state, name="hypothesis-state"),
    path("exercises/<uuid:pk>/stop/", episodes.exercise_stop, name="exercise-stop"),
    path("clients/<uuid:pk>/episodes/", lists.client_episodes, name="client-episodes"),
    path("calendar/note-marks/", lists.note_marks, name="note-marks"),
    path("practice/cards/", practice.practice_cards, name="practice-cards"),
    path("practice/plans/<slug:which>/", practice.practice_plans, name="practice-plans"),
    path("f/<str:token>/", follow_up.follow_up, name="follow-up"),
]
