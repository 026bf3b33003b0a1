"""Other forms of a response in the OpenAPI document.

OpenAPI cannot say that a response depends on a parameter. If a response listed CSV beside JSON, or items of chosen fields
beside whole ones, every generated client would type it as either. So ``content`` has the JSON of a plain request, and the
extension ``x-variants`` has the others: ``when`` is the parameter that asks for it, ``content`` what is returned then.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/"
_JSON = "application/json"


def variants(contents: Mapping[str, tuple[str, Json]]) -> Json:
    """The part of a response that describes its variants: media type and content by parameter, such as ``format=csv``."""
    return {"x-variants": [{"when": when, "content": {name: content}} for when, (name, content) in contents.items()]}


def variant_content(response: Json, media_type: str) -> Json:
    """The content of the variant with this media type."""
    found: list[Json] = [v["content"][media_type] for v in response["x-variants"] if media_type in v["content"]]
    return found[0]


def describe_variants(document: Json) -> None:
    """Describes what ``fields`` and ``group`` make of lists. A list's first model is what it returns without them."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            if not any(parameter["name"] == "fields" for parameter in operation.get("parameters", ())):
                continue
            response = operation["responses"]["200"]
            content = response["content"][_JSON]
            pages = [page["$ref"] for page in content["schema"].get("anyOf", [content["schema"]])]
            content["schema"] = {"$ref": pages[0]}
            whens = ["", "group=year"][: len(pages)]
            for when, page in zip(whens, pages, strict=True):
                partial = {"$ref": _REFERENCE + _add_partial(schemas, page.removeprefix(_REFERENCE))}
                found = {when: {"$ref": page}, "&".join(filter(None, (when, "fields"))): partial}
                response["x-variants"] += [{"when": w, "content": {_JSON: {"schema": s}}} for w, s in found.items() if w]


def _add_partial(schemas: Json, name: str) -> str:
    """Adds a schema with the same fields, of which any may be missing in an item; and that of the items. Returns its name."""
    partial = f"Partial{name}"
    if partial in schemas:
        return partial
    page = schemas[name]
    lists = {field: schema for field, schema in page["properties"].items() if field in ("items", "groups")}
    if not lists:
        fields = {field: _bare(schema) for field, schema in page["properties"].items()}
        schemas[partial] = {"type": "object", "description": f"The fields of {name} that `fields` names.", "properties": fields}
        return partial
    changed = {field: schema | {"items": _partial_items(schemas, schema["items"])} for field, schema in lists.items()}
    schemas[partial] = page | {
        "title": partial, "description": f"{page['description'][:-1]}, with the fields that `fields` names.",
        "properties": {field: _bare(schema) for field, schema in page["properties"].items()} | changed,
    }  # fmt: skip
    return partial


def _bare(schema: Json) -> Json:
    """A field of an item without its texts and form, which stand in the schema of the whole item."""
    bare = {key: value for key, value in schema.items() if key not in ("description", "examples", "minLength", "pattern")}
    if "anyOf" in bare:
        bare["anyOf"] = [_bare(alternative) for alternative in bare["anyOf"]]
    if "items" in bare:
        bare["items"] = _bare(bare["items"])
    return bare


def _partial_items(schemas: Json, items: Json) -> Json:
    return {
        **{key: value for key, value in items.items() if key not in ("$ref", "oneOf", "anyOf", "discriminator")},
        **_one_or_any([{"$ref": _REFERENCE + _add_partial(schemas, name)} for name in _names(items)]),
    }


def _names(items: Json) -> Iterator[str]:
    for item in items.get("oneOf", [items]):
        yield item["$ref"].removeprefix(_REFERENCE)


def _one_or_any(references: list[Json]) -> Json:
    return references[0] if len(references) == 1 else {"anyOf": references}
