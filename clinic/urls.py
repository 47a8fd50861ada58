"""Every address of the product. Apps own their paths; the order here is the order of the floors."""

from django.urls import include, path

from clinic import audit_views, health, views
from clinic.ui import errors

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("clinic.people.sign_in_urls")),
    path("audit/", audit_views.audit_list, name="audit-list"),  # here and not in people: it joins the trail with people
    path("", include("clinic.people.urls")),
    path("", include("clinic.messaging.urls")),
    path("", include("clinic.ui.urls")),
    path("", include("intake.urls")),
    path("", include("scheduling.urls")),
    path("", include("treatments.urls")),
    path("outcomes/", include("treatments.outcomes.urls")),
    path("api/v1/", include("clinic.api")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
