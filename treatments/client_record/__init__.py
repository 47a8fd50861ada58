"""Episodes of care and what was written of each session, in the client's record."""

from treatments.client_record import bonds, entries, episodes, everything

__all__ = ["bonds", "entries", "episodes", "everything"]
