from django.urls import path

from clinic.messaging.views import ledger, mailbox, wordings

app_name = "messaging"
urlpatterns = [
    path("messages/", ledger.message_list, name="message-list"),
    path("messages/wordings/", wordings.wording_list, name="wording-list"),
    path("messages/wordings/<slug:purpose>/", wordings.wording_edit, name="wording-edit"),
    path("messages/wordings/<slug:purpose>/preview/", wordings.wording_preview, name="wording-preview"),
    path("messages/wordings/<slug:purpose>/reset/", wordings.wording_reset, name="wording-reset"),
    path("messages/<uuid:pk>/", ledger.message_list, name="message-detail"),
    path("messages/<uuid:pk>/resend/", ledger.message_resend, name="message-resend"),
    path("messages/<uuid:pk>/void/", ledger.message_void, name="message-void"),
    path("mailbox/", mailbox.mailbox_list, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.mailbox_list, name="mailbox-mail"),
    path("mailbox/<str:name>/attachments/<int:number>/", mailbox.mailbox_attachment, name="mailbox-attachment"),
]
