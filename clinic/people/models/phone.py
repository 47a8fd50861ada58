"""A telephone number that is parsed when somebody looks at it: lists load many rows that show none."""

from typing import Any

from phonenumber_field.modelfields import PhoneNumberDescriptor
from phonenumber_field.modelfields import PhoneNumberField as EagerField
from phonenumber_field.phonenumber import to_python


class Stored(str):
    """A number as the database has it, not parsed yet."""

    __slots__ = ()


class LazyDescriptor(PhoneNumberDescriptor):  # type: ignore[misc]
    """Parses what was stored at the first look; what is assigned is parsed at once."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is not None:
            kept = instance.__dict__.get(self.field.name)
            if isinstance(kept, Stored):
                super().__set__(instance, to_python(str(kept)))
        return super().__get__(instance, owner)

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Stored):
            instance.__dict__[self.field.name] = value
        else:
            super().__set__(instance, value)


class PhoneNumberField(EagerField):  # type: ignore[misc]
    """To migrations the same as the one it derives from."""

    descriptor_class = LazyDescriptor

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Stored | None:
        return None if value is None else Stored(value)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, f"{EagerField.__module__}.{EagerField.__name__}", args, kwargs
