"""The difference between two versions of a resource, field by field."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, Field, JsonValue, WithJsonSchema
from pydantic.config import JsonDict
from typing_extensions import TypeAliasType

_TEXT: JsonDict = {"type": "string", "maxLength": 10_000_000}
_SCALARS: list[JsonDict] = [_TEXT, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]
_MEMBERS: JsonDict = {"type": "object", "additionalProperties": {"anyOf": [*_SCALARS]}}
FieldValue = TypeAliasType(
    "FieldValue",
    Annotated[
        JsonValue,
        WithJsonSchema(
            {
                "description": "The value of a field: a text, a number, true or false, null, an object of these, or a list.",
                "anyOf": [*_SCALARS, _MEMBERS, {"type": "array", "maxItems": 1000, "items": {"anyOf": [*_SCALARS, _MEMBERS]}}],
            }
        ),
    ],
)
_STAMPS = frozenset(("revision", "updated_at"))
"""Fields that differ between any two versions."""


class Difference(BaseModel):
    """A field before and after a change. null means that it was missing."""

    field: Annotated[
        str,
        Field(max_length=200, description="Name of the field, with dots before members.", examples=["founded.edtf"]),
    ]
    before: Annotated[FieldValue, Field(description="The value before; null if there was none.", examples=["2000-01"])]
    after: Annotated[FieldValue, Field(description="The value after; null if there is none.", examples=["2000-01-18"])]


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
