"""What would break a client of the last release is found, and what may be added is not."""

import copy
import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openapi_breaks import bare, breaks, in_lines, last_contract

from app.main import create_app
from app.settings import Settings
from tests.project.openapi_example import DOCUMENT, Json

ROOT = Path(__file__).parents[2]
Change = Callable[[Json], object]


def listing(document: Json) -> Json:
    return document["paths"]["/companies"]["get"]


def creating(document: Json) -> Json:
    return document["paths"]["/companies"]["post"]


def limit(document: Json) -> Json:
    return listing(document)["parameters"][0]


def answered(document: Json) -> Json:
    return document["components"]["schemas"]["Company"]


def sent(document: Json) -> Json:
    return document["components"]["schemas"]["Changes"]


def found(change: Change) -> list[str]:
    """The breaks between the document and itself after a change."""
    new = copy.deepcopy(DOCUMENT)
    change(new)
    return breaks(DOCUMENT, new)


QUERY, BODY, ANSWER = (
    "GET /companies query parameter",
    "POST /companies body application/json",
    "GET /companies 200 application/json",
)
BREAKS: list[tuple[Change, str]] = [
    (lambda new: new["paths"].pop("/health"), "GET /health: is gone"),
    (lambda new: new["paths"]["/companies"].pop("post"), "POST /companies: is gone"),
    (lambda new: listing(new).update(operationId="companies"), "GET /companies: operationId is companies, was list_companies"),
    (lambda new: listing(new)["parameters"].pop(), f"{QUERY} sort: is gone"),
    (lambda new: limit(new).update(required=True), f"{QUERY} limit: is now required"),
    (
        lambda new: listing(new)["parameters"].append({"in": "query", "name": "q", "required": True, "schema": {}}),
        f"{QUERY} q: is now required",
    ),
    (lambda new: limit(new)["schema"].update(maximum=100), f"{QUERY} limit: maximum is 100, was 200"),
    (lambda new: limit(new)["schema"].update(minimum=1), f"{QUERY} limit: minimum is 1, was None"),
    (lambda new: limit(new)["schema"].update(default=20), f"{QUERY} limit: default is 20, was 50"),
    (lambda new: limit(new)["schema"].update(type="string"), f"{QUERY} limit: integer is no longer accepted"),
    (lambda new: limit(new).update(explode=False), f"{QUERY} limit: explode is False, was None"),
    (
        lambda new: listing(new)["parameters"][1]["schema"]["enum"].remove("founded"),
        f"{QUERY} sort: 'founded' is no longer accepted",
    ),
    (lambda new: listing(new).update(security=[{"key": []}]), "GET /companies: asks for another key"),
    (lambda new: creating(new).pop("requestBody"), "POST /companies body: is gone"),
    (lambda new: creating(new)["requestBody"].update(required=True), "POST /companies body: is now required"),
    (lambda new: creating(new)["requestBody"]["content"].clear(), f"{BODY}: is gone"),
    (lambda new: sent(new)["required"].append("note"), f"{BODY}.note: is now required"),
    (lambda new: sent(new)["properties"].pop("note"), f"{BODY}.note: is gone"),
    (lambda new: sent(new).update(additionalProperties=False), f"{BODY}: other properties are no longer accepted"),
    (lambda new: sent(new)["properties"]["name"].update(maxLength=200), f"{BODY}.name: maxLength is 200, was 300"),
    (lambda new: sent(new)["properties"]["note"].update(pattern="^x"), f"{BODY}.note: pattern is ^x, was None"),
    (lambda new: sent(new)["properties"]["note"].update(enum=["a"]), f"{BODY}.note: values are limited"),
    (lambda new: sent(new)["properties"]["kind"]["enum"].remove("fund"), f"{BODY}.kind: 'fund' is no longer accepted"),
    (lambda new: sent(new)["properties"]["country"]["anyOf"].pop(), f"{BODY}.country: null is no longer accepted"),
    (lambda new: sent(new)["properties"]["employees"].update(type="integer"), f"{BODY}.employees: is integer, was number"),
    (lambda new: listing(new)["responses"].pop("304"), "GET /companies 304: is gone"),
    (lambda new: listing(new)["responses"]["200"]["headers"].clear(), "GET /companies 200 header ETag: is gone"),
    (lambda new: listing(new)["responses"]["200"]["content"].pop("text/csv"), "GET /companies 200 text/csv: is gone"),
    (lambda new: answered(new)["properties"].pop("revenue"), f"{ANSWER}.revenue: is gone"),
    (lambda new: answered(new)["required"].remove("slug"), f"{ANSWER}.slug: may now be missing"),
    (
        lambda new: answered(new)["properties"].update(slug={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        f"{ANSWER}.slug: may now be null",
    ),
    (lambda new: answered(new)["properties"]["slug"].update(type=["string", "null"]), f"{ANSWER}.slug: may now be null"),
    (lambda new: answered(new)["properties"]["slug"].update(type="integer"), f"{ANSWER}.slug: may now be integer"),
    (lambda new: answered(new)["properties"]["slug"].pop("type"), f"{ANSWER}.slug: may now be any value"),
    (lambda new: answered(new)["properties"]["revenue"].update(type="number"), f"{ANSWER}.revenue: is number, was integer"),
    (lambda new: answered(new)["properties"]["kind"]["enum"].append("trust"), f"{ANSWER}.kind: may now be 'trust'"),
    (lambda new: answered(new)["properties"]["kind"].pop("enum"), f"{ANSWER}.kind: may have any value"),
    (lambda new: answered(new)["properties"]["names"]["items"].update(type="null"), f"{ANSWER}.names[]: may now be null"),
]
ADDITIONS: list[Change] = [
    lambda new: new.copy(),
    lambda new: new["paths"].update({"/products": {"get": {"responses": {"200": {}}}}}),
    lambda new: new["paths"]["/health"].update({"post": {"responses": {"200": {}}}}),
    lambda new: listing(new)["parameters"].append({"in": "query", "name": "q", "schema": {"type": "string"}}),
    lambda new: listing(new)["parameters"].reverse(),
    lambda new: limit(new)["schema"].update(maximum=500),
    lambda new: limit(new)["schema"].pop("maximum"),
    lambda new: listing(new)["parameters"][1]["schema"]["enum"].append("revision"),
    lambda new: listing(new)["responses"].update({"429": {}}),
    lambda new: listing(new)["responses"].pop("404"),
    lambda new: listing(new)["responses"]["200"]["content"].update({"application/ld+json": {"schema": {}}}),
    lambda new: listing(new)["responses"]["200"]["headers"].update({"Link": {"schema": {"type": "string"}}}),
    lambda new: creating(new).update(security=[{}]),
    lambda new: creating(new)["security"].append({"session": []}),
    lambda new: creating(new)["requestBody"]["content"].update({"application/yaml": {"schema": {}}}),
    lambda new: sent(new)["properties"].update({"motto": {"type": "string"}}),
    lambda new: sent(new)["required"].clear(),
    lambda new: sent(new)["properties"]["note"].update(type=["string", "null"]),
    lambda new: sent(new)["properties"]["kind"]["enum"].append("trust"),
    lambda new: sent(new)["properties"]["note"].clear(),
    lambda new: answered(new)["properties"].update({"motto": {"type": "string"}}),
    lambda new: answered(new)["required"].append("kind"),
    lambda new: answered(new)["properties"]["kind"]["enum"].remove("fund"),
    lambda new: answered(new)["properties"]["country"]["anyOf"].pop(),
    lambda new: answered(new)["properties"]["slug"].update(maxLength=500, description="Its name in addresses."),
]


@pytest.mark.parametrize(
    ("change", "reported"), BREAKS, ids=[f"{number} {reported}" for number, (_, reported) in enumerate(BREAKS)]
)
def test_a_break_is_found(change: Change, reported: str) -> None:
    assert found(change) == [reported]


@pytest.mark.parametrize("change", ADDITIONS, ids=range(len(ADDITIONS)))
def test_what_may_be_added_is_no_break(change: Change) -> None:
    assert found(change) == []


@pytest.mark.parametrize(("days", "expected"), [(0, []), (1, [f"{ANSWER}.revenue: is gone"])])
def test_what_was_announced_may_go_when_its_date_is_over(days: int, expected: list[str]) -> None:
    sunset = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)
    old = copy.deepcopy(DOCUMENT)
    answered(old)["properties"]["revenue"].update({"deprecated": True, "x-sunset": str(sunset)})
    new = copy.deepcopy(DOCUMENT)
    answered(new)["properties"].pop("revenue")

    assert breaks(old, new) == expected


def test_a_contract_without_its_words_finds_the_same() -> None:
    contract = json.loads(in_lines(bare(DOCUMENT)))
    new = copy.deepcopy(DOCUMENT)
    answered(new)["properties"].pop("revenue")

    assert breaks(contract, new) == breaks(DOCUMENT, new) != []


def test_the_command_ends_with_one_on_a_break(tmp_path: Path) -> None:
    command: list[str | Path] = [sys.executable, ROOT / ".ci" / "openapi_breaks.py"]
    files: list[str | Path] = []
    for name, document in (("old", DOCUMENT), ("new", {**DOCUMENT, "paths": {}})):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        files.append(file)

    same = subprocess.run([*command, files[0], files[0]], capture_output=True, check=False, text=True)
    assert (same.returncode, same.stdout, same.stderr) == (0, "", "3 operations compared: 0 breaks\n")
    broken = subprocess.run([*command, *files], capture_output=True, check=False, text=True)
    assert (broken.returncode, broken.stdout.splitlines()[0]) == (1, "GET /companies: is gone")


def test_the_program_keeps_what_the_last_release_promised() -> None:
    assert breaks(last_contract(), create_app(Settings(_env_file=None)).openapi()) == []
