"""Numbers as addresses, headers and forms carry them."""


def whole(text: str) -> int | None:
    """A whole number of at most nine plain digits, which any column holds; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
