"""The difference between two versions of a resource, field by field."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, Field, WithJsonSchema
from typing_extensions import TypeAliasType

_Text = Annotated[str, Field(max_length=10_000_000)]
_Scalar = _Text | Annotated[int | float, WithJsonSchema({"type": "number"})] | bool | None
FieldMembers = TypeAliasType(
    "FieldMembers",
    Annotated[dict[str, _Scalar], Field(description="The members of a field that is an object, such as a date.")],
)
_Value = _Scalar | FieldMembers | Annotated[list[_Text | FieldMembers], Field(max_length=1000)]
_STAMPS = frozenset(("revision", "updated_at"))
"""Fields that differ between any two versions."""


class Difference(BaseModel):
    """A field before and after a change. null means that it was missing."""

    field: Annotated[
        str,
        Field(max_length=200, description="Name of the field, with dots before members.", examples=["founded.edtf"]),
    ]
    before: Annotated[_Value, Field(description="The value before; null if there was none.", examples=["2000-01"])]
    after: Annotated[_Value, Field(description="The value after; null if there is none.", examples=["2000-01-18"])]


def differences(before: str | None, after: str | None) -> list[Difference]:
    """The fields in which two documents of a resource differ; None means no document.

    Objects are compared member by member, lists as a whole.
    """
    earlier, later = (orjson.loads(document) if document else {} for document in (before, after))
    return list(_compare("", earlier, later))


def _compare(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if not path and name in _STAMPS:
            continue
        earlier, later = before.get(name), after.get(name)
        if isinstance(earlier, dict) and isinstance(later, dict):
            yield from _compare(f"{path}{name}.", earlier, later)
        elif earlier != later:
            yield Difference(field=f"{path}{name}", before=earlier, after=later)
