"""How the API is described: also what lists of choices are called that are named alike, or appear under two names."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Palpate",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        **{f"{kind}State": f"scheduling.models.{kind}.State" for kind in ("WaitlistEntry", "WaitlistOffer")},
        **{f"{kind}Side": f"treatments.models.{kind}.Side" for kind in ("Episode", "Finding", "Prescription")},
        "NoteStatus": "treatments.models.SessionNote.Status",
        "CloseReason": "treatments.models.Episode.CloseReason",
    },
}
