from clinic.people.models.client import Alert, Client, ContactPreference, Document, NameWord
from clinic.people.models.practice import Location, Practice, Room
from clinic.people.models.user import Role, SigningPin, StaffRole, TherapistProfile, User

__all__ = [
    "Alert",
    "Client",
    "ContactPreference",
    "Document",
    "Location",
    "NameWord",
    "Practice",
    "Role",
    "Room",
    "SigningPin",
    "StaffRole",
    "TherapistProfile",
    "User",
]
