from django.urls import path

from intake import forms_urls, map_urls, reach_urls, safety_urls
from intake.views import client, files, staff

app_name = "intake"
urlpatterns = [
    path("i/<str:token>/", client.gate, name="form-gate"),
    path("i/<str:token>/step/<int:number>/", client.step, name="form-step"),
    path("i/<str:token>/step/<int:number>/save/", client.save, name="form-save"),
    path("i/<str:token>/advice/", client.advice, name="form-advice"),
    path("i/<str:token>/done/", client.done, name="form-done"),
    path("intake/responses/<uuid:pk>/", staff.response_detail, name="response-detail"),
    path("intake/files/<uuid:pk>/", files.upload_download, name="upload-download"),
    path("intake/flags/", staff.flag_list, name="flag-list"),
    path("intake/flags/<uuid:pk>/", staff.flag_acknowledge, name="flag-acknowledge"),
    path("intake/flags/banner/", staff.flag_banner, name="flag-banner"),
    *map_urls.urlpatterns,
    *safety_urls.urlpatterns,
    *reach_urls.urlpatterns,
    path("intake/clients/<uuid:client_id>/invite/", staff.client_invite, name="client-invite"),
    *forms_urls.urlpatterns,
]
