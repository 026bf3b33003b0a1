"""The schemas of what clients send: records, merge patches of records, and datasets, under names that say so.

``CompanyInput`` creates or replaces a ``Company``, ``CompanyPatch`` changes it, ``DatasetCompany`` is one in a dataset.
"""

from typing import Any

from app.api.editing.examples import EXAMPLES
from app.datasets.json_schema import dataset_schema
from app.records.located import RECORDS
from app.values.resources import PLURALS, Kind

Json = dict[str, Any]

_MOST_ITEMS = 10_000_000
"""OpenAPI linters ask for a limit. A dataset is limited by its size only."""
_REFERENCE = "#/components/schemas/"
_NULL = {"type": "null"}
_MERGED = ("Date", "DateWithText", "Equivalent")
"""Objects within a record. A merge patch changes their members one by one."""


def input_name(kind: Kind) -> str:
    """The name of the schema of a record."""
    return _name(RECORDS[kind].__name__)


def patch_name(kind: Kind) -> str:
    """The name of the schema of a merge patch of a record."""
    return f"{kind.title()}Patch"


def _name(model: str) -> str:
    """The name of a model of a dataset in the OpenAPI document."""
    if model.endswith("Item"):
        return f"Dataset{model.removesuffix('Item')}"
    return f"{model.removesuffix('Record')}Input" if model.endswith("Record") or model == "OtherName" else model


def add_record_schemas(document: Json) -> None:
    """Adds the schemas of records, which clients send, to those of resources."""
    schemas = document["components"]["schemas"]
    dataset = _moved(dataset_schema())
    definitions = dataset.pop("$defs") | {"Dataset": {name: dataset[name] for name in dataset if name[0] != "$"}}
    company = definitions["CompanyItem"]
    without_facts = {name: field for name, field in company["properties"].items() if name not in PLURALS.values()}
    definitions["CompanyRecord"] = company | {"description": "A company without its facts.", "properties": without_facts}
    definitions["SourceRecord"].pop("anyOf")  # its description says so: generators make an unknown type of it
    for model, definition in definitions.items():
        shown = {"examples": [EXAMPLES[model]]} if model in EXAMPLES else {}
        schemas.setdefault(_name(model), definition | {"title": _name(model)} | shown)
    about = {"description": "A date, and the words of its source.", "examples": [EXAMPLES["DateRecord"]]}
    schemas["DateWithTextInput"] = schemas["DateInput"]["anyOf"].pop() | about
    schemas["DateInput"]["anyOf"].append({"$ref": f"{_REFERENCE}DateWithTextInput"})
    for name in _MERGED:
        schemas[f"{name}Patch"] = _patch(schemas[f"{name}Input"], f"{name}Input")
    for kind in RECORDS:
        shown = {"examples": [EXAMPLES[patch_name(kind)]]}
        schemas[patch_name(kind)] = _patch(schemas[input_name(kind)], input_name(kind)) | shown


def _patch(schema: Json, name: str) -> Json:
    """The schema of a merge patch (RFC 7396): every field may be left out, and null removes one that a record may lack."""
    title = name.replace("Input", "Patch")
    if "anyOf" in schema:
        return schema | {"title": title, "anyOf": [_of_member(part) for part in schema["anyOf"]]}
    required = schema.get("required", ())
    fields = {field: _patched(part, removable=field not in required) for field, part in schema["properties"].items()}
    about = f"Changes of {name}: fields that you leave out stay, null removes a field."
    kept = {key: value for key, value in schema.items() if key not in ("required", "title", "description")}
    return kept | {"title": title, "description": about, "properties": fields}


def _patched(schema: Json, *, removable: bool) -> Json:
    alternatives = [_of_member(part) for part in schema.get("anyOf", [])]
    if alternatives:
        return {"anyOf": alternatives}
    bare = _of_member({key: value for key, value in schema.items() if key != "description"})  # the record's schema has the texts
    return {"anyOf": [bare, _NULL]} if removable else bare


def _of_member(schema: Json) -> Json:
    merged = {f"{_REFERENCE}{name}Input": f"{_REFERENCE}{name}Patch" for name in _MERGED}
    return schema | {"$ref": merged.get(schema["$ref"], schema["$ref"])} if "$ref" in schema else schema


def _moved(schema: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """The same schema with definitions as components, and with a limit for every list."""
    if isinstance(schema, dict):
        bound = {"maxItems": _MOST_ITEMS} if schema.get("type") == "array" else {}
        return bound | {name: _moved(value) for name, value in schema.items()}
    if isinstance(schema, list):
        return [_moved(value) for value in schema]
    if isinstance(schema, str) and schema.startswith("#/$defs/"):
        return _REFERENCE + _name(schema.removeprefix("#/$defs/"))
    return schema
