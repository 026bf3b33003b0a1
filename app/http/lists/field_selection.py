"""``fields=``: lists whose items have only some of their fields."""

from collections.abc import Iterable, Iterator, Sequence

import orjson
from pydantic import BaseModel

from app.errors.problem import FieldError
from app.errors.reading import InvalidParameters
from app.values.text import nearest


def choose_fields(fields: str | None, models: Sequence[type[BaseModel]]) -> frozenset[str] | None:
    """The names in ``fields``, or None for all. Raises InvalidParameters for an unknown name."""
    if fields is None:
        return None
    known = {name for model in models for name in model.model_fields}
    errors = [
        FieldError(
            field="fields",
            message=f"unknown field {name[:100]!r}; expected {', '.join(sorted(known))}, comma-separated",
            suggestion=nearest(name, known),
        )
        for name in dict.fromkeys(fields.split(","))
        if name not in known
    ]
    if errors:
        raise InvalidParameters.of(errors)
    return frozenset(fields.split(","))


def select_fields(documents: Iterable[str], chosen: frozenset[str] | None) -> Iterator[str]:
    """The documents with only the chosen fields, in the documents' own order."""
    for document in documents:
        if chosen is None:
            yield document
        else:
            yield orjson.dumps({name: value for name, value in orjson.loads(document).items() if name in chosen}).decode()
