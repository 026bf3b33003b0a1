"""Finds changes of the OpenAPI document that would break a client of the last release.

    python .ci/openapi_breaks.py             compares the program with docs/openapi/, and ends with 1 on a break
    python .ci/openapi_breaks.py OLD NEW     compares two files
    python .ci/openapi_breaks.py --remake    writes the program's description as the contract, at a release

docs/api/stability.md defines the promise: what a client may send stays accepted, and what it may receive stays as documented.
Limits of lengths and numbers are a promise about requests only. Something whose ``x-sunset`` date has passed may be removed.
"""

import datetime
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

ROOT = Path(__file__).parents[1]
CONTRACTS = ROOT / "docs" / "openapi"

Json: TypeAlias = Any
"""A part of an OpenAPI document."""
Direction = Literal["request", "response"]

LOWER, UPPER = ("minimum", "exclusiveMinimum", "minLength", "minItems"), ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
WORDS = ("description", "example", "examples", "externalDocs", "summary", "tags", "title")
_COMPARED = ("headers", "parameters", "responses", "schemas")
METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "trace")


def resolved(part: Json, document: Json) -> Json:
    """A part of a document, or what its reference points to. Names of components promise nothing."""
    while "$ref" in part:
        found = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = {**found, **{name: value for name, value in part.items() if name != "$ref"}}
    return part


class Schema(NamedTuple):
    """A schema, and the document that its references point into."""

    content: Json
    document: Json

    def resolved(self) -> "Schema":
        return Schema(resolved(self.content, self.document), self.document)

    def part(self, content: Json) -> "Schema":
        return Schema(content, self.document).resolved()

    def alternatives(self) -> "list[Schema]":
        """Each form that a value may have: of anyOf and oneOf, and of several types."""
        for combined in ("anyOf", "oneOf"):
            if combined in self.content:
                return [form for part in self.content[combined] for form in self.part(part).alternatives()]
        kinds = self.content.get("type")
        if isinstance(kinds, list):
            return [Schema({**self.content, "type": kind}, self.document) for kind in kinds]
        return [self]

    @property
    def kind(self) -> str | None:
        kind: str | None = self.content.get("type")
        return kind

    def values(self) -> list[Json] | None:
        """The allowed values, if they are listed."""
        return [self.content["const"]] if "const" in self.content else self.content.get("enum")


class Comparison:
    """Compares two schemas of a request or of a response. A recursive pair is compared once."""

    def __init__(self, direction: Direction) -> None:
        self._direction = direction
        self._under_way: set[str] = set()

    def breaks(self, old: Schema, new: Schema, place: str) -> list[str]:
        old, new = old.resolved(), new.resolved()
        pair = json.dumps([old.content, new.content], sort_keys=True)
        if old.content == new.content == {} or pair in self._under_way:
            return []
        self._under_way.add(pair)
        found = [*self._of_forms(old.alternatives(), new.alternatives(), place)]
        self._under_way.remove(pair)
        return found

    def _of_forms(self, old: list[Schema], new: list[Schema], place: str) -> Iterator[str]:
        """Each form of a request must still be accepted, and each form of a response must have been documented."""
        sent = self._direction == "request"
        for form in old if sent else new:
            others = new if sent else old
            alike = [other for other in others if other.kind == form.kind] or [
                other for other in others if other.kind is None or {form.kind, other.kind} == {"integer", "number"}
            ]
            tried = [self._of_form(*((form, other) if sent else (other, form)), place) for other in alike]
            if not tried:
                name = form.kind or "any value"
                yield f"{place}: {name} is no longer accepted" if sent else f"{place}: may now be {name}"
            elif all(tried):
                yield from min(tried, key=len)

    def _of_form(self, old: Schema, new: Schema, place: str) -> list[str]:
        found = [*self._of_kind(old, new, place), *self._of_values(old, new, place)]
        found += _narrowed(old.content, new.content, place) if self._direction == "request" else []
        found += self._of_object(old, new, place)
        for keyword, name in (("items", "[]"), ("additionalProperties", ".*")):
            parts = old.content.get(keyword), new.content.get(keyword)
            if all(isinstance(part, dict) for part in parts):
                found += self.breaks(old.part(parts[0]), new.part(parts[1]), place + name)
        return found

    def _of_kind(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        narrow, wide = (old, new) if self._direction == "request" else (new, old)
        if wide.kind is not None and narrow.kind != wide.kind and (narrow.kind, wide.kind) != ("integer", "number"):
            yield f"{place}: is {new.kind or 'any value'}, was {old.kind or 'any value'}"

    def _of_values(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        before, now = old.values(), new.values()
        if self._direction == "request" and now is not None:
            yield from [f"{place}: values are limited"] if before is None else []
            yield from (f"{place}: {value!r} is no longer accepted" for value in before or [] if value not in now)
        if self._direction == "response" and before is not None:
            yield from [f"{place}: may have any value"] if now is None else []
            yield from (f"{place}: may now be {value!r}" for value in now or [] if value not in before)

    def _of_object(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        before, now = old.content.get("properties", {}), new.content.get("properties", {})
        required = [set(schema.content.get("required", ())) for schema in (old, new)]
        for name in before:
            if name not in now and not is_over(old.part(before[name]).content):
                yield f"{place}.{name}: is gone"
            elif name in now:
                yield from self.breaks(old.part(before[name]), new.part(now[name]), f"{place}.{name}")
        if self._direction == "request":
            yield from (f"{place}.{name}: is now required" for name in sorted(required[1] - required[0]))
            if old.content.get("additionalProperties", True) and new.content.get("additionalProperties") is False:
                yield f"{place}: other properties are no longer accepted"
        else:
            yield from (f"{place}.{name}: may now be missing" for name in sorted((required[0] - required[1]) & now.keys()))


def _narrowed(old: Json, new: Json, place: str) -> Iterator[str]:
    """Limits of what is accepted."""
    for keyword in (*LOWER, *UPPER):
        if keyword in new:
            is_lower = keyword in LOWER
            before = old.get(keyword)
            if before is None or (new[keyword] > before if is_lower else new[keyword] < before):
                yield f"{place}: {keyword} is {new[keyword]}, was {before}"
    for keyword in ("pattern", "format", "multipleOf", "uniqueItems"):
        if new.get(keyword) and new[keyword] != old.get(keyword):
            yield f"{place}: {keyword} is {new[keyword]}, was {old.get(keyword)}"


def is_over(content: Json) -> bool:
    """Whether the last release announced that this would be removed by now."""
    sunset = content.get("x-sunset") if content.get("deprecated") else None
    return sunset is not None and datetime.date.fromisoformat(sunset) <= datetime.datetime.now(datetime.UTC).date()


def breaks(old: Json, new: Json) -> list[str]:
    """Every break between two descriptions, as ``GET /v1/companies parameter limit: is gone``."""
    found: list[str] = []
    for path, operations in old["paths"].items():
        for method in (method for method in METHODS if method in operations):
            now = new["paths"].get(path, {}).get(method)
            place = f"{method.upper()} {path}"
            if now is not None:
                found += _of_operation(operations[method], now, old, new, place)
            elif not is_over(operations[method]):
                found.append(f"{place}: is gone")
    return found


def _of_operation(old: Json, new: Json, old_document: Json, new_document: Json, place: str) -> Iterator[str]:
    if new.get("operationId") != old.get("operationId"):
        yield f"{place}: operationId is {new.get('operationId')}, was {old.get('operationId')}"
    was_enough = [set(alternative) for alternative in old.get("security", [])] or [set()]
    is_enough = [set(alternative) for alternative in new.get("security", [])] or [set()]
    if not all(any(needed <= given for needed in is_enough) for given in was_enough):
        yield f"{place}: asks for another key"
    yield from _of_parameters(old, new, old_document, new_document, place)
    yield from _of_request_body(old.get("requestBody"), new.get("requestBody"), old_document, new_document, f"{place} body")
    for status, answer in old["responses"].items():
        now = new["responses"].get(status, new["responses"].get("default") if status[0] in "45" else None)
        if now is not None:
            answers = resolved(answer, old_document), resolved(now, new_document)
            yield from _of_answer(*answers, old_document, new_document, f"{place} {status}")
        elif status[0] in "23":
            yield f"{place} {status}: is gone"


def _of_parameters(old: Json, new: Json, old_document: Json, new_document: Json, place: str) -> Iterator[str]:
    before, now = (
        {(one["in"], one["name"]): one for one in (resolved(part, document) for part in operation.get("parameters", []))}
        for operation, document in ((old, old_document), (new, new_document))
    )
    for key in before.keys() | now.keys():
        name = f"{place} {key[0]} parameter {key[1]}"
        if key not in now:
            yield from [] if is_over(before[key]) else [f"{name}: is gone"]
            continue
        was_required = key in before and before[key].get("required", False)
        if now[key].get("required") and not was_required:
            yield f"{name}: is now required"
        if key in before:
            schemas = Schema(before[key]["schema"], old_document), Schema(now[key]["schema"], new_document)
            yield from Comparison("request").breaks(*schemas, name)
            yield from _changed(schemas[0].resolved().content, schemas[1].resolved().content, ("default",), name)
            yield from _changed(before[key], now[key], ("explode", "style"), name)


def _changed(old: Json, new: Json, keywords: tuple[str, ...], place: str) -> Iterator[str]:
    for keyword in keywords:
        if (old.get(keyword), new.get(keyword)) != ([], None) and old.get(keyword) != new.get(keyword):  # no list is an empty one
            yield f"{place}: {keyword} is {new.get(keyword)}, was {old.get(keyword)}"


def _of_request_body(old: Json, new: Json, old_document: Json, new_document: Json, place: str) -> Iterator[str]:
    if new is None:
        yield from [] if old is None else [f"{place}: is gone"]
        return
    if new.get("required") and not (old or {}).get("required"):
        yield f"{place}: is now required"
    yield from _of_content((old or {}).get("content", {}), new["content"], old_document, new_document, place, "request")


def _of_answer(old: Json, new: Json, old_document: Json, new_document: Json, place: str) -> Iterator[str]:
    for name, header in old.get("headers", {}).items():
        now = new.get("headers", {}).get(name)
        if now is None:
            yield f"{place} header {name}: is gone"
        else:
            before, after = resolved(header, old_document), resolved(now, new_document)
            schemas = Schema(before["schema"], old_document), Schema(after["schema"], new_document)
            yield from Comparison("response").breaks(*schemas, f"{place} header {name}")
    yield from _of_content(_content_of(old), _content_of(new), old_document, new_document, place, "response")


def _content_of(answer: Json) -> dict[str, Json]:
    """What an answer may contain: without a parameter, and with one that an ``x-variants`` names."""
    content: dict[str, Json] = dict(answer.get("content", {}))
    for variant in answer.get("x-variants", ()):
        for media_type, described in variant["content"].items():
            content[media_type if media_type not in content else f"{media_type} with {variant['when']}"] = described
    return content


def _of_content(
    old: Mapping[str, Json], new: Mapping[str, Json], old_document: Json, new_document: Json, place: str, direction: Direction
) -> Iterator[str]:
    for media_type, content in old.items():
        if media_type not in new:
            yield f"{place} {media_type}: is gone"
        else:
            schemas = Schema(content.get("schema", {}), old_document), Schema(new[media_type].get("schema", {}), new_document)
            yield from Comparison(direction).breaks(*schemas, f"{place} {media_type}")


def bare(description: Json) -> Json:
    """A description without its words, which promise nothing."""
    if isinstance(description, list):
        return [bare(part) for part in description]
    if not isinstance(description, dict):
        return description
    return {
        name: {key: bare(part) for key, part in value.items()} if name in ("properties", "schemas") else bare(value)
        for name, value in description.items()
        if name not in WORDS
    }


def described() -> Json:
    """The OpenAPI document of the program."""
    sys.path.insert(0, str(ROOT))
    from app.main import create_app  # noqa: PLC0415 - two files are compared without it
    from app.settings import Settings  # noqa: PLC0415

    return create_app(Settings(_env_file=None)).openapi()


def version_of(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in path.stem.split("."))


def last_contract() -> Json:
    """The description of the last release."""
    return json.loads(max(CONTRACTS.glob("*.json"), key=version_of).read_text(encoding="utf-8"))


def remake() -> Path:
    description = described()
    path = CONTRACTS / f"{description['info']['version']}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(in_lines(bare(description)), encoding="utf-8")
    return path


def in_lines(contract: Json) -> str:
    """What is compared, as JSON with a line for each path and each schema, so that a release's changes can be read."""
    kept = {"openapi": contract["openapi"], "info": {"version": contract["info"]["version"]}, "paths": contract["paths"]}
    sections = {name: contract["components"][name] for name in _COMPARED if name in contract["components"]}
    return _spread({**kept, "components": sections}, {"paths", "components", *_COMPARED}) + "\n"


def _spread(content: Json, names: set[str]) -> str:
    lines = []
    for name, value in content.items():
        spread = _spread(value, names) if name in names else None
        lines.append(
            f"{json.dumps(name)}:{spread or json.dumps(value, ensure_ascii=False, separators=(',', ':'), sort_keys=True)}"
        )
    return "{\n" + ",\n".join(lines) + "\n}"


def main(arguments: list[str]) -> int:
    if arguments == ["--remake"]:
        print(f"Wrote {remake().relative_to(ROOT)}")  # noqa: T201
        return 0
    if arguments:
        old, new = (json.loads(Path(name).read_text(encoding="utf-8")) for name in arguments)
    else:
        old, new = last_contract(), described()
    found = breaks(old, new)
    for line in found:
        print(line)  # noqa: T201
    count = sum(len(operations) for operations in old["paths"].values())
    print(f"{count} operations compared: {len(found)} breaks", file=sys.stderr)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
