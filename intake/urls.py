from django.urls import URLPattern, path

from intake.views import client, questionnaires, staff

app_name = "intake"


def _link_pages(prefix: str, name: str, purpose: str) -> list[URLPattern]:
    given = {"purpose": purpose}
    here = f"{prefix}/<str:token>/"
    return [
        path(here, client.gate, given, name=f"{name}-gate"),
        path(f"{here}step/<int:number>/", client.step, given, name=f"{name}-step"),
        path(f"{here}step/<int:number>/save/", client.save, given, name=f"{name}-save"),
        path(f"{here}advice/", client.advice, given, name=f"{name}-advice"),
        path(f"{here}done/", client.done, given, name=f"{name}-done"),
    ]


urlpatterns = [
    *_link_pages("i", "form", "intake"),
    path("intake/responses/<uuid:pk>/", staff.response_detail, name="response-detail"),
    path("intake/flags/", staff.flag_list, name="flag-list"),
    path("intake/flags/<uuid:pk>/", staff.flag_acknowledge, name="flag-acknowledge"),
    path("intake/flags/banner/", staff.flag_banner, name="flag-banner"),
    path("intake/clients/<uuid:client_id>/forms/", staff.client_forms, name="client-forms"),
    path("intake/clients/<uuid:client_id>/invite/", staff.client_invite, name="client-invite"),
    path("settings/forms/", questionnaires.questionnaire_list, name="questionnaire-list"),
    path("settings/forms/<uuid:pk>/", questionnaires.questionnaire_preview, name="questionnaire-preview"),
]
