"""What the schedule has to say about a client: visits, and what they wait for."""

from scheduling.client_record import visits, waitlist

__all__ = ["visits", "waitlist"]
