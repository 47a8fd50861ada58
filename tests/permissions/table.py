"""Every address of the product and who may use it. A new address fails the suite until it has a row here.

    page("app:name", WHO, pk="fixture")      who gets 200; the others 403, 404 (elsewhere) or the sign-in
    page("app:name", WHO, 302, …)            what those who get in get instead of 200
    action("app:name", WHO, pk="fixture")    takes only POST
    Row("app:name", WHO, post=AUTHOR, …)     seen by more people than may change it

Groups are in rows.py, fixtures in objects.py (add yours, and its name to conftest.py).
"""

from tests.permissions.rows import (
    AUTHOR,
    CLINICAL,
    CLINICAL_HERE,
    DESK,
    HERE,
    OWNER,
    PUBLIC,
    STAFF,
    THERAPISTS_HERE,
    Row,
    action,
    page,
)

ROOT = [
    page("home", PUBLIC, 302),
    page("audit-list", OWNER),
    page("healthz", PUBLIC, 503),  # no worker runs here
]
SIGN_IN = [
    Row("account_login", PUBLIC, 302, get_by={"anonymous": 200}),
    Row("account_logout", PUBLIC, get_by={"anonymous": 302}),
    page("account_inactive", PUBLIC),
    page("account_reset_password", PUBLIC),
    page("account_reset_password_done", PUBLIC),
    page("account_reset_password_from_key", PUBLIC, uidb36="=0", key="=set-password"),
    page("account_reset_password_from_key_done", PUBLIC),
    page("account_reauthenticate", STAFF),
    page("account_change_password", STAFF),
    page("mfa_index", STAFF),
    page("mfa_authenticate", PUBLIC, 302),
    page("mfa_login_webauthn", PUBLIC, 302),
    page("mfa_reauthenticate", STAFF, 302),
    page("mfa_reauthenticate_webauthn", STAFF, 302),
    page("mfa_activate_totp", STAFF, 302),  # first: is it you?
    page("mfa_deactivate_totp", (), 404),
    page("mfa_view_recovery_codes", (), 404),
    page("mfa_download_recovery_codes", (), 404),
    page("mfa_generate_recovery_codes", STAFF, 302),  # first: is it you?
    page("mfa_list_webauthn", STAFF),
    page("mfa_add_webauthn", STAFF, 302),  # first: is it you?
    page("mfa_edit_webauthn", STAFF, 302, pk="=1"),  # first: is it you?
    page("mfa_remove_webauthn", STAFF, 302, pk="=1"),  # first: is it you?
    page("people:demo-sign-in", (), 404),
    page("people:welcome", (), 404),
    page("people:signed-in", STAFF),
    page("people:account", STAFF),
]
SETTINGS = [
    page("people:logo", (), 404),
    page("people:style", PUBLIC),
    page("people:settings", OWNER),
    page("people:settings-practice", OWNER),
    action("people:settings-logo", OWNER),
    page("people:location-list", OWNER),
    page("people:location-create", OWNER),
    page("people:location-edit", OWNER, pk="location"),
    action("people:location-close", OWNER, pk="location"),
    action("people:location-reopen", OWNER, pk="location"),
    page("people:room-list", OWNER),
    page("people:room-create", OWNER),
    page("people:room-edit", OWNER, pk="room"),
    action("people:room-close", OWNER, pk="room"),
    action("people:room-reopen", OWNER, pk="room"),
    page("people:staff-list", OWNER),
    page("people:staff-invite", OWNER),
    page("people:staff-edit", OWNER, pk="therapist"),
    action("people:staff-invite-again", OWNER, pk="therapist"),
    page("people:staff-deactivate", OWNER, pk="therapist"),
    action("people:staff-reactivate", OWNER, pk="therapist"),
    page("people:staff-reset-factor", OWNER, pk="therapist"),
]
CLIENTS = [
    page("people:client-list", STAFF),
    page("people:client-search", STAFF),
    page("people:client-create", STAFF),
    page("people:client-detail", HERE, pk="client_record"),
    page("people:client-edit", HERE, pk="client_record"),
    action("people:client-archive", HERE, pk="client_record"),
    action("people:client-restore", HERE, pk="client_record"),
    page("people:client-preferences", HERE, pk="client_record"),
    page("people:client-alert-create", HERE, pk="client_record"),
    action("people:client-alert-end", HERE, pk="client_record", alert_pk="alert"),
    action("people:client-alert-reopen", HERE, pk="client_record", alert_pk="alert"),
    page("people:client-document-create", CLINICAL_HERE, pk="client_record"),
    page("people:client-document", CLINICAL_HERE, pk="client_record", document_pk="document"),
    page("people:client-document-remove", CLINICAL_HERE, pk="client_record", document_pk="document"),
    action("people:client-export", OWNER, pk="client_record"),
    page("people:client-merge", DESK, pk="client_record"),
]
MESSAGES = [
    page("messaging:message-list", STAFF),
    page("messaging:message-detail", HERE, pk="message"),
    action("messaging:message-resend", HERE, pk="message"),
    action("messaging:message-void", HERE, pk="message"),
    page("messaging:wording-list", DESK),
    page("messaging:wording-edit", DESK, purpose="=booking"),
    action("messaging:wording-preview", DESK, purpose="=booking"),
    action("messaging:wording-reset", DESK, purpose="=booking"),
    page("messaging:mailbox", STAFF),
    page("messaging:mailbox-mail", (), 404, name="=nothing"),
    page("messaging:mailbox-attachment", (), 404, name="=nothing", number="=1"),
]
UI = [
    action("ui:set-theme", PUBLIC),
    page("ui:styleguide", PUBLIC),
]
INTAKE = [
    page("intake:form-gate", PUBLIC, token="form_token"),
    page("intake:form-step", PUBLIC, 302, token="form_token", number="=1"),
    page("intake:form-save", PUBLIC, 302, token="form_token", number="=1"),
    page("intake:form-advice", PUBLIC, 302, token="form_token"),
    page("intake:form-done", PUBLIC, 302, token="form_token"),
    page("intake:response-detail", CLINICAL_HERE, pk="response"),
    page("intake:upload-download", CLINICAL_HERE, pk="upload"),
    page("intake:flag-list", STAFF),
    page("intake:flag-banner", STAFF),
    page("intake:flag-acknowledge", HERE, pk="flag"),
    action("intake:client-invite", HERE, client_id="client_record"),
    page("intake:client-maps", CLINICAL_HERE, pk="client_record"),
    page("intake:map-create", THERAPISTS_HERE, pk="client_record"),
    page("intake:map-svg", CLINICAL_HERE, pk="drawing", view="=front"),
    page("intake:map-png", CLINICAL_HERE, pk="drawing", view="=front"),
    action("intake:alert-confirm", HERE, pk="alert"),
    page("intake:consent-text-list", OWNER),
    page("intake:consent-text-edit", OWNER, kind="=treatment", language="=en"),
    page("intake:consent-detail", HERE, pk="consent"),
    page("intake:consent-pdf", HERE, pk="consent"),
    action("intake:consent-withdraw", HERE, pk="consent"),
    action("intake:consent-send", HERE, pk="consent"),
    page("intake:consent-copy", PUBLIC, token="consent_token"),
    page("intake:consent-copy-pdf", PUBLIC, token="consent_token"),
    action("intake:consent-copy-withdraw", PUBLIC, token="consent_token", kind="=treatment"),
    page("intake:form-at-desk", HERE, pk="form_request"),
    action("intake:send-to-tablet", HERE, pk="form_request", device_pk="tablet"),
    action("intake:proposal-accept", HERE, pk="proposal"),
    action("intake:proposal-keep", HERE, pk="proposal"),
    page("intake:tablet-list", STAFF),
    action("intake:tablet-revoke", HERE, pk="tablet"),
    page("intake:kiosk", (), 404),  # a tablet only
    page("intake:kiosk-next", (), 404),
    page("intake:turn-gate", (), 404, turn="turn"),
    page("intake:turn-step", (), 404, turn="turn", number="=1"),
    page("intake:turn-save", (), 404, turn="turn", number="=1"),
    page("intake:turn-advice", (), 404, turn="turn"),
    page("intake:turn-done", (), 404, turn="turn"),
    page("intake:turn-end", (), 404, turn="turn"),
    page("intake:flag-watch-list", OWNER),
    page("intake:flag-watch-edit", OWNER, pk="location"),
    page("intake:questionnaire-list", OWNER),
    page("intake:questionnaire-upload", OWNER),
    page("intake:questionnaire-create", OWNER),
    page("intake:questionnaire-detail", OWNER, pk="questionnaire"),
    page("intake:questionnaire-document", OWNER, pk="questionnaire"),
    page("intake:questionnaire-preview", OWNER, pk="questionnaire"),
    page("intake:questionnaire-publish", OWNER, pk="form_draft"),
    page("intake:questionnaire-retire", OWNER, pk="questionnaire"),
    page("intake:questionnaire-bring-back", OWNER, pk="questionnaire"),
    page("intake:questionnaire-discard", OWNER, pk="form_draft"),
    action("intake:questionnaire-draft", OWNER, pk="questionnaire"),
    page("intake:questionnaire-edit", OWNER, pk="form_draft"),
    action("intake:form-item-add", OWNER, pk="form_draft"),
    action("intake:form-item-move", OWNER, pk="form_draft"),
    page("intake:form-item-remove", OWNER, 302, pk="form_draft"),  # says first which item
    page("intake:form-answer", OWNER, 404, pk="form_draft"),  # asks for an item
    page("intake:instrument-list", OWNER),
    page("intake:instrument-detail", OWNER, code="=lefs"),
    action("intake:instrument-begin", OWNER, code="=lefs"),
    page("intake:instrument-licence", OWNER, 302, code="=lefs"),  # its questions are not here yet
]
SCHEDULING = [
    page("scheduling:day", STAFF),
    page("scheduling:appointment-create", STAFF),
    page("scheduling:appointment-clients", STAFF),
    action("scheduling:appointment-new-client", STAFF),
    page("scheduling:appointment-detail", HERE, pk="appointment"),
    action("scheduling:appointment-status", HERE, pk="appointment"),
    action("scheduling:appointment-ask-consents", HERE, pk="appointment"),
    page("scheduling:appointment-move", HERE, pk="appointment"),
    page("scheduling:appointment-cancel", HERE, pk="appointment"),
    action("scheduling:appointment-undo", HERE, pk="appointment", version="=1"),
    page("scheduling:client-page", PUBLIC, token="appointment_token"),
    page("scheduling:client-page-calendar", PUBLIC, token="appointment_token"),
    action("scheduling:client-page-confirm", PUBLIC, token="appointment_token"),
    action("scheduling:client-page-cancel", PUBLIC, token="appointment_token"),
    page("scheduling:practice", OWNER),
    page("scheduling:booking-rules", OWNER),
    page("scheduling:service-list", OWNER),
    page("scheduling:service-create", OWNER),
    page("scheduling:service-edit", OWNER, pk="service"),
    page("scheduling:hours-list", OWNER),
    page("scheduling:hours-of-therapist", OWNER, pk="therapist"),
    action("scheduling:hours-end", OWNER, pk="working_hours"),
    page("scheduling:time-off-list", OWNER),
    action("scheduling:time-off-remove", OWNER, pk="time_off"),
]
TREATMENTS = [
    page("treatments:before", CLINICAL_HERE, pk="appointment"),
    Row("treatments:note-open", THERAPISTS_HERE, 405, AUTHOR, {"pk": "past_appointment"}),
    action("treatments:map-prompts", CLINICAL),
    page("treatments:note-list", CLINICAL),
    page("treatments:note-edit", CLINICAL_HERE, pk="draft"),
    Row("treatments:note-save", THERAPISTS_HERE, 405, AUTHOR, {"pk": "draft"}),
    Row("treatments:note-draft", THERAPISTS_HERE, 405, AUTHOR, {"pk": "draft"}),
    Row("treatments:note-sign", THERAPISTS_HERE, 405, AUTHOR, {"pk": "draft"}),
    action("treatments:note-addendum", THERAPISTS_HERE, pk="signed"),
    page("treatments:episode-detail", CLINICAL_HERE, pk="episode"),
    action("treatments:episode-close", THERAPISTS_HERE, pk="episode"),
    action("treatments:episode-reopen", THERAPISTS_HERE, pk="episode"),
    action("treatments:hypothesis-state", THERAPISTS_HERE, pk="episode"),
    action("treatments:exercise-stop", THERAPISTS_HERE, pk="prescription"),
    page("treatments:client-episodes", CLINICAL_HERE, pk="client_record"),
    page("treatments:note-marks", STAFF),
    page("treatments:follow-up", PUBLIC, token="follow_up_token"),
]
OUTCOMES = [
    page("outcomes:index", CLINICAL),
    page("outcomes:table", CLINICAL),
    page("outcomes:condition", CLINICAL, condition="=greater-trochanteric-pain-syndrome"),
    page("outcomes:condition-map", CLINICAL, condition="=greater-trochanteric-pain-syndrome"),
    page("outcomes:condition-map-table", CLINICAL, condition="=greater-trochanteric-pain-syndrome"),
]

API = [
    page("api:schema", STAFF),
    page("api:client-list", STAFF),
    page("api:client-detail", HERE, pk="client_record"),
    page("api:appointment-list", STAFF, 400),  # asks for a day
    page("api:appointment-detail", HERE, pk="appointment"),
    action("api:appointment-cancel", HERE, pk="appointment"),
    page("api:questionnaire-list", OWNER),
    page("api:questionnaire-detail", OWNER, pk="questionnaire"),
    page("api:questionnaire-document", OWNER, pk="questionnaire"),
    action("api:questionnaire-publish", OWNER, pk="questionnaire"),
    action("api:questionnaire-retire", OWNER, pk="questionnaire"),
    action("api:questionnaire-bring-back", OWNER, pk="questionnaire"),
    page("api:questionnaire-response-list", CLINICAL, 400),  # asks for a client
    page("api:questionnaire-response-detail", CLINICAL_HERE, pk="response"),
]

TABLE = [*ROOT, *SIGN_IN, *SETTINGS, *CLIENTS, *MESSAGES, *UI, *INTAKE, *SCHEDULING, *TREATMENTS, *OUTCOMES, *API]
