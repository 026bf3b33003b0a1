"""Ways to walk through an OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlencode

Json: TypeAlias = Any
"""A piece of a JSON document, whose shape is what is tested."""


class Operation(NamedTuple):
    """One method of one address."""

    name: str
    path: str
    content: dict[str, Json]

    def parameters(self) -> list[dict[str, Json]]:
        parameters: list[dict[str, Json]] = self.content.get("parameters", [])
        return parameters

    def example(self, **also: str) -> str:
        """An address made of the examples of the parameters that it must have, and of others."""
        path, query = self.path, {}
        for parameter in self.parameters():
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", parameter["schema"]["examples"][0])
            elif parameter["required"]:
                query[parameter["name"]] = parameter["schema"]["examples"][0]
        return f"{path}?{urlencode(query | also)}"


@dataclass(frozen=True)
class Document:
    """An OpenAPI document."""

    content: dict[str, Json]

    @property
    def schemas(self) -> dict[str, Json]:
        schemas: dict[str, Json] = self.content["components"]["schemas"]
        return schemas

    def operations(self) -> list[Operation]:
        return [
            Operation(f"{method.upper()} {path}", path, operation)
            for path, methods in self.paths().items()
            for method, operation in methods.items()
        ]

    def paths(self) -> dict[str, dict[str, Json]]:
        """The operations by path and method, with the parameters, responses and headers that they refer to."""
        return {
            path: {method: self._whole(operation) for method, operation in methods.items()}
            for path, methods in self.content["paths"].items()
        }

    def _whole(self, operation: dict[str, Json]) -> dict[str, Json]:
        parameters = [self.resolved(parameter) for parameter in operation.get("parameters", ())]
        parameters = [parameter | {"schema": self.resolved(parameter["schema"])} for parameter in parameters]
        responses = {status: self.resolved(response) for status, response in operation["responses"].items()}
        for response in responses.values():
            if "headers" in response:
                response["headers"] = {name: self.resolved(header) for name, header in response["headers"].items()}
        return operation | {"parameters": parameters, "responses": responses}

    def resolved(self, part: dict[str, Json]) -> dict[str, Json]:
        """A copy of a part, or of what it refers to with what stands beside the reference."""
        found: Json = self.content
        for name in part.get("$ref", "#").split("/")[1:]:
            found = found[name]
        return {**(found if "$ref" in part else {}), **{name: value for name, value in part.items() if name != "$ref"}}

    def parameters(self) -> list[tuple[str, dict[str, Json]]]:
        return [
            (f"{operation.name} {parameter['name']}", parameter)
            for operation in self.operations()
            for parameter in operation.parameters()
        ]

    def every_schema(self) -> Iterator[tuple[str, dict[str, Json]]]:
        """Each schema of components, parameters, headers and answers, and each one within it, with its place."""
        for name, schema in self.schemas.items():
            yield from _within(name, schema)
        for name, parameter in self.parameters():
            yield from _within(name, parameter["schema"])
        for operation in self.operations():
            for status, answer in operation.content["responses"].items():
                for part, holder in (*answer.get("headers", {}).items(), *answer.get("content", {}).items()):
                    yield from _within(f"{operation.name} {status} {part}", holder["schema"])

    def properties(self) -> Iterator[tuple[str, dict[str, Json]]]:
        for place, schema in self.every_schema():
            for name, schema_of_property in schema.get("properties", {}).items():
                yield f"{place}.{name}", schema_of_property

    def has_example(self, schema: dict[str, Json]) -> bool:
        """Whether a schema shows a value: itself, or in each part that it refers to."""
        if schema.keys() & {"examples", "example", "const", "enum"}:
            return True
        if "$ref" in schema:
            target = self.schemas[schema["$ref"].rpartition("/")[2]]
            if "examples" in target or "properties" not in target:
                return self.has_example(target)
            return all(self.has_example(part) for part in target["properties"].values())
        alternatives = [part for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())) if part != {"type": "null"}]
        if alternatives:
            return all(self.has_example(part) for part in alternatives)
        return "items" in schema and self.has_example(schema["items"])


def _within(place: str, schema: dict[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    yield place, schema
    for name, part in schema.get("properties", {}).items():
        yield from _within(f"{place}.{name}", part)
    if "items" in schema:
        yield from _within(f"{place}[]", schema["items"])
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _within(place, part)
