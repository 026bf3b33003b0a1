"""Generates the client's models and filters from the OpenAPI document: python .ci/client_models.py

It writes app/client/models.py and app/client/filters.py. It needs the dependencies of the tests, one of which holds that both
are what the document gives.
"""

import json
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Any

from datamodel_code_generator import Formatter, GenerateConfig, LiteralType, PythonVersion, generate
from datamodel_code_generator.enums import DataModelType, InputFileType
from openapi_breaks import described, resolved

ROOT = Path(__file__).parents[1]
CLIENT = ROOT / "app" / "client"
GENERATED = "Generated from the OpenAPI document by .ci/client_models.py: do not edit."
FILTERS_HEADER = f'''"""The filters of lists, and options of changes. {GENERATED}"""

import datetime
from collections.abc import Sequence
from typing import Literal, TypedDict

AsOf = int | str | datetime.date | datetime.datetime
"""A revision, a day or a time: the dataset as it was then."""
'''
FILTERS = {
    "CompanyFilters": "/v1/companies",
    "SourceFilters": "/v1/sources",
    "MilestoneFilters": "/v1/milestones",
    "ProductFilters": "/v1/products",
    "MetricFilters": "/v1/metrics",
    "SeriesFilters": "/v1/companies/{company}/metrics",
    "SourceFactFilters": "/v1/sources/{source}/facts",
    "TimelineFilters": "/v1/timeline",
    "SearchFilters": "/v1/search",
    "ChangesFilters": "/v1/changes",
    "StreamFilters": "/v1/changes/stream",
}
OPTIONS = {"LoadOptions": "/v1/datasets", "UndoOptions": "/v1/changes/undo"}
NO_FILTERS = frozenset({"format", "fields", "cursor", "wait", "group", "q", "first", "bom", "defuse", "separator"})
"""The client reads whole objects as JSON, and follows the pages itself. ``q`` and ``first`` are arguments."""
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
LEFT_OUT = ("/reconcile", "/health", "/v1/datasets")
"""The client needs no models of these, except for the result of a load."""
PARTIAL = "Partial"
"""How the names of objects begin of which a request has chosen ``fields``. The client always requests whole objects."""
_NOT_NEEDED = ("examples", "example", "title", "pattern", "maxLength", "minLength", "maxItems", "minItems", "maximum", "minimum",
               "exclusiveMaximum", "exclusiveMinimum", "additionalProperties")  # fmt: skip
"""The server checks limits, and may raise them: a client that checked them too would refuse what a newer server accepts."""


def generated() -> dict[str, str]:
    """The source of each module."""
    document = described()
    return {"models.py": models(document), "filters.py": filters(document)}


def filters(document: dict[str, Any]) -> str:
    """The source of filters.py: a TypedDict for each list, and for each change of many resources."""
    parts = [FILTERS_HEADER]
    named = [(name, path, "get") for name, path in FILTERS.items()] + [(name, path, "post") for name, path in OPTIONS.items()]
    for name, path, method in named:
        parts.append(f"\n\nclass {name}(TypedDict, total=False):\n")
        for given in document["paths"][path][method]["parameters"]:
            parameter = resolved(given, document)
            if parameter["in"] == "query" and parameter["name"] not in NO_FILTERS:
                field = f"{parameter['name']}_" if iskeyword(parameter["name"]) else parameter["name"]
                parts.append(f"    {field}: {_type_of(field, parameter['schema'], document)}\n")
                parts.append(f'    """{parameter["description"]}"""\n')
    return "".join(parts)


def _type_of(name: str, given: dict[str, Any], document: dict[str, Any]) -> str:
    schema = resolved(given, document)
    if name == "as_of":
        return "AsOf"
    if schema.get("type") == "array":
        one = _type_of(name, schema["items"], document)
        return f"{one} | Sequence[{one}]"
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    return "str | datetime.date" if schema.get("format") == "date" else _TYPES[schema["type"]]


def models(document: dict[str, Any]) -> str:
    """The source of models.py."""
    schemas = document["components"]["schemas"]
    roots = [operation for path, operation in document["paths"].items() if path != "/v1" and not path.startswith(LEFT_OUT)]
    roots.append(document["paths"]["/v1/datasets"]["post"]["responses"])
    chosen = {name: _plain(schemas[name]) for name in sorted(_reachable(roots, schemas))}
    text = generate(
        json.dumps({"openapi": "3.1.0", "info": {}, "paths": {}, "components": {"schemas": chosen}}),
        config=GenerateConfig(
            input_file_type=InputFileType.OpenAPI,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            base_class="base.Model",
            custom_file_header=f'"""The objects of the API. {GENERATED}"""',
            enum_field_as_literal=LiteralType.All,
            use_schema_description=True,
            use_field_description=True,
            use_inline_field_description=True,
            use_single_line_docstring=True,
            use_annotated=True,
            collapse_root_models=True,
            use_standard_collections=True,
            use_union_operator=True,
            wrap_string_literal=False,
            formatters=[Formatter.RUFF_CHECK, Formatter.RUFF_FORMAT],
        ),
    )
    return str(text).replace("from base import", "from .base import")  # the package has two names, here and installed


def _reachable(roots: Any, schemas: dict[str, Any]) -> set[str]:  # noqa: ANN401 - JSON of any kind
    """The names of the schemas that the roots refer to, directly or through others."""
    found: set[str] = set()
    waiting = ["ProblemDetails", *_references(roots)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_references(schemas[name]))
    return found


def _references(part: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any kind
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).removeprefix("#/components/schemas/")
        if name and not name.startswith(("#", PARTIAL)):
            yield name
        for key, value in part.items():
            if key != "parameters":
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _plain(part: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - JSON of any kind
    """A schema without its limits and examples. With ``names`` the keys are names of fields, and stay."""
    if isinstance(part, dict):
        if not names and part.get("type") == "object" and "properties" not in part:
            return {"type": "object", "additionalProperties": True}  # with members of any name: a class would lose them
        return {
            key: _plain(value, names=key in ("properties", "$defs"))
            for key, value in part.items()
            if names or key not in _NOT_NEEDED
        }
    return [_plain(value) for value in part] if isinstance(part, list) else part


if __name__ == "__main__":
    for name, text in generated().items():
        (CLIENT / name).write_text(text, encoding="utf-8")
