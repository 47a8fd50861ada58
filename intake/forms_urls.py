"""The forms of the practice, in the settings."""

from django.urls import path

from intake.views.forms import editor, instruments, listing, preview, states

urlpatterns = [
    path("settings/forms/", listing.questionnaire_list, name="questionnaire-list"),
    path("settings/forms/upload/", listing.questionnaire_upload, name="questionnaire-upload"),
    path("settings/forms/new/", editor.questionnaire_create, name="questionnaire-create"),
    path("settings/forms/<uuid:pk>/", listing.questionnaire_detail, name="questionnaire-detail"),
    path("settings/forms/<uuid:pk>/document/", listing.questionnaire_document, name="questionnaire-document"),
    path("settings/forms/<uuid:pk>/preview/", preview.questionnaire_preview, name="questionnaire-preview"),
    path("settings/forms/<uuid:pk>/publish/", states.questionnaire_publish, name="questionnaire-publish"),
    path("settings/forms/<uuid:pk>/retire/", states.questionnaire_retire, name="questionnaire-retire"),
    path("settings/forms/<uuid:pk>/bring-back/", states.questionnaire_bring_back, name="questionnaire-bring-back"),
    path("settings/forms/<uuid:pk>/discard/", states.questionnaire_discard, name="questionnaire-discard"),
    path("settings/forms/<uuid:pk>/draft/", editor.questionnaire_draft, name="questionnaire-draft"),
    path("settings/forms/<uuid:pk>/edit/", editor.questionnaire_edit, name="questionnaire-edit"),
    path("settings/forms/<uuid:pk>/edit/add/", editor.item_add, name="form-item-add"),
    path("settings/forms/<uuid:pk>/edit/move/", editor.item_move, name="form-item-move"),
    path("settings/forms/<uuid:pk>/edit/remove/", editor.item_remove, name="form-item-remove"),
    path("settings/forms/<uuid:pk>/edit/answer/", editor.when_answer, name="form-answer"),
    path("settings/instruments/", instruments.instrument_list, name="instrument-list"),
    path("settings/instruments/<slug:code>/", instruments.instrument_detail, name="instrument-detail"),
    path("settings/instruments/<slug:code>/begin/", instruments.instrument_begin, name="instrument-begin"),
    path("settings/instruments/<slug:code>/licence/", instruments.instrument_licence, name="instrument-licence"),
]
