"""What several operations have in common is written once in the OpenAPI document: parameters, headers and responses."""

import json
from collections import Counter
from typing import Any, NamedTuple

from app.http.openapi_problems import MEDIA_TYPE

Json = dict[str, Any]


class _Use(NamedTuple):
    """A part of an operation, and where it stands."""

    holder: Any
    key: Any
    name: str
    operation: str


def share(document: Json) -> None:
    """Moves every problem, and whatever else two operations have in common, to the components."""
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    parameters, headers, responses = [], [], []
    for operation in operations:
        name, held = operation["operationId"], operation.get("parameters", [])
        parameters += [_Use(held, index, _titled(parameter), name) for index, parameter in enumerate(held)]
        for status, response in operation["responses"].items():
            if status[0] != "2":
                responses.append(_Use(operation["responses"], status, _name(status, response), name))
            headers += [_Use(response["headers"], header, header, name) for header in response.get("headers", ())]
    for section, uses in (("headers", headers), ("parameters", parameters), ("responses", responses)):
        _share(document["components"].setdefault(section, {}), f"#/components/{section}/", uses)


def _titled(parameter: Json) -> str:
    """The name of a parameter in the components: its title, which is said there only. By default that is its own name."""
    title: str = parameter["schema"].pop("title", parameter["name"])
    return title.lower().replace(" ", "_")


def _name(status: str, response: Json) -> str:
    """The name of a response in the components, such as NotFound."""
    problems = response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    names = {"default": "Problem", "304": "NotModified", "308": "Moved"}
    return names.get(status) or "Or".join(problem.title().replace("-", "") for problem in problems)


def _share(components: Json, path: str, uses: list[_Use]) -> None:
    """If two different parts have the same name, the second gets the name of its first operation too."""
    texts = [json.dumps(use.holder[use.key], sort_keys=True) for use in uses]
    count, names = Counter(texts), dict[str, str]()
    for use, text in zip(uses, texts, strict=True):
        if count[text] == 1 and MEDIA_TYPE not in text:
            continue
        if text not in names:
            names[text] = f"{use.name}_of_{use.operation}" if use.name in components else use.name
            components[names[text]] = use.holder[use.key]
        use.holder[use.key] = {"$ref": path + names[text]}
