"""Red flags and consents: who answers for them, what is agreed to in which words."""

from django.urls import path

from intake.views import alerts, consent_copy, consent_texts, consents, flag_watch

urlpatterns = [
    path("settings/red-flags/", flag_watch.flag_watch_list, name="flag-watch-list"),
    path("settings/red-flags/<uuid:pk>/", flag_watch.flag_watch_edit, name="flag-watch-edit"),
    path("settings/consents/", consent_texts.consent_text_list, name="consent-text-list"),
    path("settings/consents/<slug:kind>/<slug:language>/", consent_texts.consent_text_edit, name="consent-text-edit"),
    path("intake/alerts/<uuid:pk>/confirm/", alerts.alert_confirm, name="alert-confirm"),
    path("intake/consents/<uuid:pk>/", consents.consent_detail, name="consent-detail"),
    path("intake/consents/<uuid:pk>/consent.pdf", consents.consent_pdf, name="consent-pdf"),
    path("intake/consents/<uuid:pk>/withdraw/", consents.consent_withdraw, name="consent-withdraw"),
    path("intake/consents/<uuid:pk>/send/", consents.consent_send, name="consent-send"),
    path("c/<str:token>/", consent_copy.show, name="consent-copy"),
    path("c/<str:token>/consent.pdf", consent_copy.download, name="consent-copy-pdf"),
    path("c/<str:token>/<slug:kind>/withdraw/", consent_copy.withdraw, name="consent-copy-withdraw"),
]
