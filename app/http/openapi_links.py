"""OpenAPI links from a resource to the operations on it (OpenAPI 3.1, section 4.8.20, Link Object)."""

import re
from typing import Any

_READ_FROM = {"if-match": "$response.header.ETag", "company": "$response.body#/company"}
"""Where the response has the value of a parameter. The last part of a resource's path is its slug."""


def add_links(document: dict[str, Any]) -> None:
    """Add links to each response with an editable resource: to all operations at its path and below."""
    paths = document["paths"]
    links = document["components"].setdefault("links", {})
    for path, operations in paths.items():
        if "patch" not in operations:
            continue
        found = _links_from(path, paths)
        links |= found
        references = {name: {"$ref": f"#/components/links/{name}"} for name in found}
        created = paths[path.rpartition("/")[0]]["post"]["responses"]["201"]
        for response in (created, *(operations[method]["responses"]["200"] for method in ("get", "put", "patch"))):
            response["links"] = dict(references)


def _links_from(path: str, paths: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The links of a resource, by the IDs of their operations."""
    own = re.findall(r"\{(\w+)\}", path)
    read_from = {**_READ_FROM, own[-1]: "$response.body#/slug"}
    found = {}
    for below, operations in paths.items():
        if below != path and not (below.startswith(f"{path}/") and re.findall(r"\{(\w+)\}", below) == own):
            continue
        for operation in operations.values():
            names = [parameter["name"] for parameter in operation.get("parameters", [])]
            given = {name: read_from[name] for name in names if name in (*own, "if-match")}
            target = operation["operationId"]
            found[target] = {"operationId": target, "parameters": given}  # the operation says what it does
    return found
