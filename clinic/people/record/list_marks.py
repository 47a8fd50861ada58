"""What stands beside a client's name in lists: each app adds its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from clinic.people.models import Client, User
from clinic.people.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon with words for those who do not see it."""

    icon: str
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class ListMark:
    """One kind of mark: who sees it, and how it is found for a page of clients (`of` names its queries)."""

    name: str
    permission: Permission
    of: Callable[[Iterable[Client], User], Mapping[UUID, Mark]]


_marks: dict[str, ListMark] = {}


def register(mark: ListMark) -> None:
    _marks[mark.name] = mark


def marks_for(clients: list[Client], user: User) -> dict[UUID, list[Mark]]:
    """The marks of each client that has any."""
    found: dict[UUID, list[Mark]] = {}
    for kind in _marks.values():
        if may(user, kind.permission):
            for client_id, mark in kind.of(clients, user).items():
                found.setdefault(client_id, []).append(mark)
    return found
