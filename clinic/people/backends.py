"""Who is signed in, read once for each request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from clinic.people.models import StaffRole, User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Reads the roles along with the person: every page asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        """1 query."""
        roles = StaffRole.objects.filter(user=OuterRef("pk")).order_by("role").values("role")
        user: User | None = User.objects.filter(pk=user_id).annotate(known_roles=ArraySubquery(roles)).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.roles = frozenset(user.known_roles)  # type: ignore[attr-defined]
        return user
