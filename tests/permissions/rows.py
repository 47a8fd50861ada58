"""The shape of a row, and the groups of people that rows speak of."""

from dataclasses import dataclass, field

STAFF = ("owner", "therapist", "other_therapist", "front_desk", "stranger")
HERE = ("owner", "therapist", "other_therapist", "front_desk")  # whoever works at `location`
CLINICAL = ("owner", "therapist", "other_therapist", "stranger")
CLINICAL_HERE = ("owner", "therapist", "other_therapist")
THERAPISTS = ("therapist", "other_therapist", "stranger")
THERAPISTS_HERE = ("therapist", "other_therapist")
AUTHOR = ("therapist",)
OWN = ("owner", "therapist")  # whose it is, and who sees all
DESK = ("owner", "front_desk")
OWNER = ("owner",)
ANONYMOUS = "anonymous"
CAST = (*STAFF, ANONYMOUS)
PUBLIC = CAST


@dataclass(frozen=True)
class Row:
    """Who may use an address.

    opens: who gets in. get: what they get (405 for addresses that only take POST). post: who gets past the door with
    a POST, when it is fewer. names: parameter → fixture, or =text. get_by: who gets something
    else than the others.
    """

    route: str
    opens: tuple[str, ...]
    get: int = 200
    post: tuple[str, ...] | None = None
    names: dict[str, str] = field(default_factory=dict)
    get_by: dict[str, int] = field(default_factory=dict)


def page(route: str, opens: tuple[str, ...], get: int = 200, **names: str) -> Row:
    """An address that shows something; most take a form back as well."""
    return Row(route, opens, get, names=names)


def action(route: str, opens: tuple[str, ...], **names: str) -> Row:
    """An address that only takes a POST."""
    return Row(route, opens, 405, names=names)
