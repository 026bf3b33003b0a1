"""The searchable fields of each kind of resource: names of companies, titles, and texts."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

Part = Literal["names", "titles", "texts"]
PARTS: tuple[Part, ...] = ("names", "titles", "texts")


class SearchedField(NamedTuple):
    """A field of a document: its name there, the part of the index that it belongs to, and its text."""

    name: str
    part: Part
    text: str


_FIELDS: dict[str, dict[Part, tuple[str, ...]]] = {
    "company": {"names": ("name", "other_names", "slug"), "texts": ("summary", "identifiers", "note")},
    "milestone": {"titles": ("title",), "texts": ("description", "category", "scope", "note")},
    "product": {"titles": ("name",), "texts": ("description", "category", "note")},
    "metric": {"titles": ("name",), "texts": ("metric", "stated_as", "scope", "unit", "note")},
    "source": {"titles": ("title",), "texts": ("authors", "publisher", "type", "note")},
}


def searched_fields(kind: str, resource: Mapping[str, Any]) -> Iterator[SearchedField]:
    """The fields of a resource that can be searched and have a text, the most telling first."""
    for part, names in _FIELDS[kind].items():
        for name in names:
            value = resource[name]
            for text in map(_text, value if isinstance(value, list) else [value]):
                if text:
                    yield SearchedField(name, part, text)


def _text(value: str | dict[str, str] | None) -> str | None:
    """The text of a value; of another name that name, of an identifier its value."""
    return value.get("name") or value.get("value") if isinstance(value, dict) else value


def title_of(resource: Mapping[str, Any]) -> str:
    """What a resource is called."""
    title: str = resource.get("title") or resource["name"]
    return title
