from django.urls import URLPattern, include, path

from clinic.people.views import (
    account,
    account_pin,
    clients,
    clients_merge,
    clients_records,
    demo,
    record,
    settings,
    welcome,
)
from clinic.people.views import settings_places as places
from clinic.people.views import settings_staff as staff

app_name = "people"
one_client = [
    path("", record.client_detail, name="client-detail"),
    path("export/", record.client_export, name="client-export"),
    path("edit/", clients.client_edit, name="client-edit"),
    path("archive/", clients_records.client_archive, name="client-archive"),
    path("restore/", clients_records.client_restore, name="client-restore"),
    path("contact/", clients_records.client_preferences, name="client-preferences"),
    path("alerts/new/", clients_records.alert_create, name="client-alert-create"),
    path("alerts/<uuid:alert_pk>/end/", clients_records.alert_end, name="client-alert-end"),
    path("alerts/<uuid:alert_pk>/reopen/", clients_records.alert_reopen, name="client-alert-reopen"),
    path("documents/new/", clients_records.document_create, name="client-document-create"),
    path("documents/<uuid:document_pk>/", clients_records.document_download, name="client-document"),
    path("documents/<uuid:document_pk>/remove/", clients_records.document_remove, name="client-document-remove"),
    path("merge/", clients_merge.client_merge, name="client-merge"),
]


def one_kind_of_place(kind: places.Kind) -> list[URLPattern]:
    """location-list, location-create and so on; the same for rooms."""
    extra = {"kind": kind}
    return [
        path("", places.place_list, extra, name=f"{kind.name}-list"),
        path("new/", places.place_create, extra, name=f"{kind.name}-create"),
        path("<uuid:pk>/", places.place_edit, extra, name=f"{kind.name}-edit"),
        path("<uuid:pk>/close/", places.place_close, extra, name=f"{kind.name}-close"),
        path("<uuid:pk>/reopen/", places.place_reopen, extra, name=f"{kind.name}-reopen"),
    ]


urlpatterns = [
    path("clients/", clients.client_list, name="client-list"),
    path("clients/search/", clients.client_search, name="client-search"),
    path("clients/new/", clients.client_create, name="client-create"),
    path("clients/<uuid:pk>/", include(one_client)),
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("signed-in/", account.signed_in, name="signed-in"),
    path("account/", account.account, name="account"),
    path("account/pin/", account_pin.account_pin, name="account-pin"),
    path("logo/", settings.show_logo, name="logo"),
    path("practice.css", settings.show_style, name="style"),
    path("settings/", settings.index, name="settings"),
    path("settings/practice/", settings.practice, name="settings-practice"),
    path("settings/practice/logo/", settings.logo, name="settings-logo"),
    path("settings/locations/", include(one_kind_of_place(places.LOCATIONS))),
    path("settings/rooms/", include(one_kind_of_place(places.ROOMS))),
    path("settings/staff/", staff.staff_list, name="staff-list"),
    path("settings/staff/new/", staff.staff_invite, name="staff-invite"),
    path("settings/staff/<uuid:pk>/", staff.staff_edit, name="staff-edit"),
    path("settings/staff/<uuid:pk>/invite/", staff.staff_invite_again, name="staff-invite-again"),
    path("settings/staff/<uuid:pk>/deactivate/", staff.staff_deactivate, name="staff-deactivate"),
    path("settings/staff/<uuid:pk>/reactivate/", staff.staff_reactivate, name="staff-reactivate"),
    path("settings/staff/<uuid:pk>/second-factor/", staff.staff_reset_factor, name="staff-reset-factor"),
]
