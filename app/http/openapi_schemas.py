"""Changes the schemas that Pydantic generates into ones that client generators read well."""

from typing import Any

Json = dict[str, Any]

_SAID_ELSEWHERE = ("default", "title")
"""Generators take a field with a default for one that is always there. A title repeats the name."""


def responses_without_null(schemas: Json) -> None:
    """A field that a response may lack is never null: the response leaves it out."""
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            if name not in schema.get("required", ()):
                schema["properties"][name] = _without_null(field)


def parameter_schema(schema: Json) -> Json:
    """A parameter is present or absent. A URL cannot say the null that its model allows, nor an empty list."""
    said = ("description",) if schema.get("default") != [] else ("default", "description")
    return {name: value for name, value in _without_null(schema).items() if name not in said}


def finish_schemas(document: Json) -> None:
    """Removes what generators misread, and sorts the schemas."""
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: _reduced(schemas[name]) for name in sorted(schemas)}


def _without_null(schema: Json) -> Json:
    alternatives = [alternative for alternative in schema.get("anyOf", []) if alternative != {"type": "null"}]
    if len(alternatives) != 1:
        return schema
    return {**alternatives[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _reduced(schema: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    if isinstance(schema, list):
        return [_reduced(part) for part in schema]
    if isinstance(schema, float) and schema.is_integer():
        return int(schema)  # FastAPI makes every bound a number with decimals
    if not isinstance(schema, dict):
        return schema
    kept = {name: _part(name, value) for name, value in schema.items() if name not in _SAID_ELSEWHERE}
    if "examples" in kept and "properties" in kept:  # the example of an object shows its fields
        kept["properties"] = {
            name: {key: value for key, value in field.items() if key != "examples"} for name, field in kept["properties"].items()
        }
    return kept


def _part(keyword: str, value: Any) -> Any:  # noqa: ANN401 - as above
    if keyword == "properties":
        return {name: _reduced(field) for name, field in value.items()}
    return value if keyword == "examples" else _reduced(value)
