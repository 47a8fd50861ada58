"""What a client was asked and answered, in the client's record."""

from intake.client_record import doubted, entries, everything, flags, panels, proposals

__all__ = ["doubted", "entries", "everything", "flags", "panels", "proposals"]
