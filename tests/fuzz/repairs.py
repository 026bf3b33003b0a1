"""Puts right, in what schemathesis is about to send, what a schema cannot say, so that most writes come through.

What is sent to be refused is left as it is, and so is what was taken from an earlier answer.
"""

import re
from typing import Any

from schemathesis import Case, HookContext

from app.values.text import INVISIBLE, SLUG_PATTERN

KNOWN = {"company": ("kuaishou", "baidu"), "source": ("chinas-sci-tech-is-going-global",), "slug": ("revenue", "founded")}
"""Resources of the seed by the parameters that name them."""

PLACE = {
    "source": "chinas-sci-tech-is-going-global", "paragraph": 3, "sentence": 5, "start": 2281, "end": 2357,
    "sha256": "743246bc5671c2c43108af8656772dbb1183c2338d51c403631bab82b5f53fd1",
}  # fmt: skip
GOOD: dict[str, Any] = {
    **dict.fromkeys(("date", "founded", "launched", "period", "published"), "2014"),
    "citations": [PLACE],
    "country": "CN",
    "equivalent": {"value": 7.5, "unit": "USD"},
    "identifiers": [{"scheme": "register", "value": "7"}],
    "unit": "CNY",
    "value": 50,
}
"""Values with rules beyond their schemas: lists of codes, forms of dates, numbers of digits, and what must be there."""
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def map_case(_context: HookContext, case: Case[Any]) -> Case[Any]:
    """Repairs what is meant to be accepted."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return case
    responses = case.operation.definition.raw["responses"]
    if "401" in responses:
        _put_write_right(case, conditional="412" in responses)
    else:
        case.query.pop("cursor", None)
        if "as_of" in case.query:
            case.query["as_of"] = str(len(case.query["as_of"]) % 64)
    return case


def _put_write_right(case: Case[Any], *, conditional: bool) -> None:
    for name, value in case.path_parameters.items():
        if not re.fullmatch(SLUG_PATTERN, str(value)):
            case.path_parameters[name] = KNOWN[name][len(str(value)) % len(KNOWN[name])]
    if conditional and not str(case.headers.get("if-match", "")).startswith('"'):
        case.headers["if-match"] = "*"
    if "into" in case.query:
        case.query["into"] = next(slug for slug in KNOWN["company"] if slug != case.path_parameters["company"])
    if isinstance(case.body, dict):
        case.body = _patch(str(case.query.get("reason", ""))) if case.method == "PATCH" else _repaired(case.body)


def _repaired(record: dict[str, Any]) -> dict[str, Any]:
    """The record with good values in the place of those that it has, and a source with a text, which decides the rest."""
    fields = {name: _printed(GOOD.get(name, value)) for name, value in record.items() if value is not None}
    if "type" in fields and "title" in fields:
        fields = {name: value for name, value in fields.items() if name not in ("sha256", "length", "body_start")}
        fields.setdefault("text", "Said so.")
    return fields


def _patch(reason: str) -> dict[str, Any]:
    """A merge patch has no schema that says more than that it is an object."""
    return {"note": _printed(reason).strip() or None}


def _printed(value: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """A value whose texts have no control characters, turn no text round and have something to see."""
    if isinstance(value, str):
        printed = CONTROL_CHARACTERS.sub("", value).strip()
        return printed if re.search(f"[^{INVISIBLE}]", printed) else "x"
    if isinstance(value, dict):
        return {name: _printed(part) for name, part in value.items()}
    return [_printed(part) for part in value] if isinstance(value, list) else value
