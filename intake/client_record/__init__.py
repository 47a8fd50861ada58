"""What a client was asked and answered, in the client's record."""

from intake.client_record import entries, everything, flags, panels

__all__ = ["entries", "everything", "flags", "panels"]
