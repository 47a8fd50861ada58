"""How the practice ran: a period beside the one before, in a constant number of queries however many visits."""
