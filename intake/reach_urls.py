"""How forms reach the client at the desk: codes to scan, tablets, and the form on a tablet; what comes of them."""

from django.urls import path

from intake.views import client, kiosk, proposals, reach

urlpatterns = [
    path("intake/requests/<uuid:pk>/desk/", reach.form_at_desk, name="form-at-desk"),
    path("intake/requests/<uuid:pk>/tablet/<uuid:device_pk>/", reach.send_to_tablet, name="send-to-tablet"),
    path("intake/proposals/<uuid:pk>/accept/", proposals.accept, name="proposal-accept"),
    path("intake/proposals/<uuid:pk>/keep/", proposals.keep, name="proposal-keep"),
    path("settings/tablets/", reach.tablet_list, name="tablet-list"),
    path("settings/tablets/<uuid:pk>/revoke/", reach.tablet_revoke, name="tablet-revoke"),
    path("kiosk/", kiosk.neutral, name="kiosk"),
    path("kiosk/next/", kiosk.next_turn, name="kiosk-next"),
    path("k/<uuid:turn>/", client.gate, name="turn-gate"),
    path("k/<uuid:turn>/step/<int:number>/", client.step, name="turn-step"),
    path("k/<uuid:turn>/step/<int:number>/save/", client.save, name="turn-save"),
    path("k/<uuid:turn>/advice/", client.advice, name="turn-advice"),
    path("k/<uuid:turn>/done/", client.done, name="turn-done"),
    path("k/<uuid:turn>/end/", kiosk.end, name="turn-end"),
]
