"""What every API view set shares: a permission for each action, and instants that name their offset."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from rest_framework import pagination, serializers
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from clinic.core.errors import NotAllowed
from clinic.people.api_schema import ApiSchema
from clinic.people.models import User
from clinic.people.permissions import Permission, may

OF_PAGES = ("cursor", "format")


class GuardedViewSet(GenericViewSet[Any]):
    """Each action names its permission; one that does not is refused."""

    permissions: ClassVar[dict[str, Permission]] = {}
    schema = ApiSchema()

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        view = super().as_view(actions, **initkwargs)
        view.access = cls.permissions  # type: ignore[attr-defined]
        return view

    @property
    def caller(self) -> User:
        """The member of staff behind the request; check_permissions has seen to it."""
        return cast(User, self.request.user)

    def check_permissions(self, request: Request) -> None:
        """Raises NotAuthenticated, or NotAllowed without the action's permission."""
        if not request.user.is_authenticated:
            raise NotAuthenticated
        wanted = self.permissions.get(self.action or "")
        if self.action is not None and (wanted is None or not may(request.user, wanted)):
            raise NotAllowed(_("Your role does not include this. Ask the owner of the practice."))


def check_parameters(request: Request, known: Iterable[str], *, several: Iterable[str] = ()) -> None:
    """Raises ValidationError for a parameter that does not exist, says nothing, or comes twice: left out, it would show
    everything."""
    wrong = {}
    for name, values in request.query_params.lists():
        if name not in {*known, *OF_PAGES}:
            wrong[name] = [_("There is no such parameter.")]
        elif not all(values):
            wrong[name] = [_("Give a value, or leave it out.")]
        elif len(values) > 1 and name not in several:
            wrong[name] = [_("Give it once.")]
    if wrong:
        raise serializers.ValidationError(wrong)


class StrictCursor(pagination.CursorPagination):
    """Pages by a cursor of ours; one that is none is a 404 and not the first page again."""

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        if cursor is not None and not cursor.offset and not cursor.reverse and cursor.position is None:
            raise NotFound(self.invalid_cursor_message)
        return cursor


class InstantField(serializers.DateTimeField):
    """An instant with its offset. A local time without one may not exist or may exist twice, so it is refused."""

    def to_internal_value(self, value: Any) -> dt.datetime:
        try:
            instant = dt.datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise serializers.ValidationError(_("Give an instant such as 2026-03-12T09:30:00Z.")) from error
        if instant.tzinfo is None:
            raise serializers.ValidationError(_("Give the offset too, as in 2026-03-12T09:30:00+01:00."))
        if not 2000 <= instant.year <= 2100:
            raise serializers.ValidationError(_("Give an instant between the years 2000 and 2100."))
        return instant.astimezone(dt.UTC)
