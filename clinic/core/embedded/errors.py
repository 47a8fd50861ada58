"""What may go wrong while servers are set up, said so that the reader knows what to do."""


class EmbeddedError(Exception):
    """A server cannot be set up or started; the message says why and what to do."""
