"""What people themselves have to say about a client: contact, alerts, documents, and who opened the record."""

from clinic.people.client_record import entries, everything, pieces

__all__ = ["entries", "everything", "pieces"]
