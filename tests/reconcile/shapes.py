"""The shapes of responses in both versions of the specification, as JSON Schemas of our own.

They say what the published schemas say, and forbid what those leave open, so that a member that no version knows is noticed.
"""

from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NOTES: Schema = {"type": "array", "items": TEXT, "minItems": 1}


def exactly(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TYPE = exactly({"id": TEXT, "name": TEXT})
FEATURE = exactly({"id": TEXT, "name": TEXT, "value": {"type": ["boolean", "number"]}})
CANDIDATE = exactly(
    {
        "id": TEXT,
        "name": TEXT,
        "type": many(TYPE),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "features": many(FEATURE),
    },
    {"description": TEXT},
)
VALUE: Schema = {
    "oneOf": [exactly({"str": TEXT}), exactly({"int": {"type": "integer"}}), exactly({"float": {"type": "number"}})],
}
META = many(exactly({"id": TEXT, "name": TEXT}))
SETTING_CHOICES = many(exactly({"value": TEXT, "name": TEXT}))
OLD_SETTING = exactly(
    {"type": {"const": "select"}, "label": TEXT, "name": TEXT, "default": TEXT, "help_text": TEXT, "choices": SETTING_CHOICES}
)
NEW_SETTING = exactly(
    {"type": {"const": "select"}, "id": TEXT, "name": TEXT, "default": TEXT, "helpText": TEXT, "choices": SETTING_CHOICES}
)
PLACE = exactly({"service_url": TEXT, "service_path": {"type": "string", "pattern": "^/"}})
SIZE: Schema = {"width": {"type": "integer"}, "height": {"type": "integer"}}
ALL_MANIFESTS: Schema = {
    "versions": {"type": "array", "items": TEXT, "allOf": [{"contains": {"const": "0.2"}}, {"contains": {"const": "1.0-draft"}}]},
    "name": TEXT,
    "defaultTypes": many(TYPE),
    "documentation": TEXT,
    "logo": TEXT,
    "serviceVersion": TEXT,
    "batchSize": {"type": "integer"},
    "standardizedScore": {"const": True},
}
NEW_EXTEND: Schema = {"proposeProperties": {"type": "boolean"}, "propertySettings": many(NEW_SETTING)}
KINDS = ("entity", "property", "type")

OLD: dict[str, Schema] = {
    "manifest": exactly(
        {
            **ALL_MANIFESTS,
            "identifierSpace": TEXT,
            "schemaSpace": TEXT,
            "view": exactly({"url": {"type": "string", "pattern": r"\{\{id\}\}"}}),
            "preview": exactly({"url": {"type": "string", "pattern": r"\{\{id\}\}"}, **SIZE}),
            "suggest": exactly(dict.fromkeys(KINDS, PLACE)),
            "extend": exactly({"propose_properties": PLACE, "property_settings": many(OLD_SETTING), **NEW_EXTEND}),
        }
    ),
    "match": {"type": "object", "additionalProperties": exactly({"result": many(CANDIDATE)}, {"notes": NOTES})},
    "extend": exactly(
        {
            "meta": META,
            "rows": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": many(VALUE)}},
        },
        {"notes": NOTES},
    ),
}
"""Version 0.2."""
NEW: dict[str, Schema] = {
    "manifest": exactly(
        {
            **ALL_MANIFESTS,
            "view": exactly({"url": {"type": "string", "pattern": r"[^{]\{id\}$"}}),
            "preview": exactly(SIZE),
            "suggest": exactly({kind: {"type": "boolean"} for kind in KINDS}),
            "extend": exactly(NEW_EXTEND),
        }
    ),
    "match": exactly({"results": many(exactly({"candidates": many(CANDIDATE)}, {"notes": NOTES}))}),
    "extend": exactly(
        {"meta": META, "rows": many(exactly({"id": TEXT, "properties": many(exactly({"id": TEXT, "values": many(VALUE)}))}))},
        {"notes": NOTES},
    ),
}
"""The draft of version 1.0."""


def require_shape(schema: Schema, content: object) -> None:
    """Fails with every place that does not conform."""
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(content)]
    assert errors == []
