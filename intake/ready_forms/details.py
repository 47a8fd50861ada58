"""What the record has of the client, to be confirmed or put right. What differs is proposed to staff."""

from intake.ready_forms.parts import Row, item, section

LONGEST_ADDRESS = 500


def details_section() -> Row:
    """One tap where nothing has changed: what the record has stands in its box, and nothing is required."""
    emergency = [
        _detail("details.emergency-name", "Who should we ring?", "emergency_contact_name", 120),
        _detail("details.emergency-phone", "Their phone", "emergency_contact_phone", 40),
    ]
    return section(
        "details",
        "Your details",
        "Are these still right? Change what is not. We read every change before it goes into your record.",
        [
            _detail("details.preferred-name", "What should we call you?", "preferred_name", 80),
            _detail("details.pronouns", "Your pronouns", "pronouns", 40),
            _detail("details.phone", "Phone", "phone", 40),
            _detail("details.email", "E-mail", "email", 254),
            _detail("details.address", "Address", "address", LONGEST_ADDRESS, type_="text"),
            item("details.emergency", "group", "In an emergency", item=emergency),
        ],
    )


def _detail(link_id: str, question: str, field: str, most: int, *, type_: str = "string") -> Row:
    return item(link_id, type_, question, ext={"client-field": field}, maxLength=most)
