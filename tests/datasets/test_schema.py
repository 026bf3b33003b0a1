"""The JSON Schema of datasets takes what loads, refuses what does not, and says something of every field."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from sqlalchemy import Connection

import seed
from app.datasets.json_schema import dataset_schema
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from app.datasets.yaml_nodes import NodeReader
from app.records.located import Findings
from tests.datasets.examples import dataset, load_text

DOCS = Path(__file__).parents[2] / "docs" / "operate"
TEMPLATE = DOCS / "template.yaml"
HOW_TO = DOCS / "from-article-to-api.md"
PLACE = {"source": "s", "paragraph": 1, "sentence": 1}
COMPANY = {"slug": "a", "name": "A"}
METRIC = {"slug": "m", "metric": "revenue", "name": "M", "value": 1, "unit": "CNY", "citations": [PLACE]}


def how_to_block(language: str) -> str:
    [text] = re.findall(rf"```{language} [^\n]*\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    return str(text)


DATASETS = {
    **{file.stem: file.read_text(encoding="utf-8") for file in seed.files()},
    "template": TEMPLATE.read_text(encoding="utf-8"),
    "how-to": how_to_block("yaml"),
    "example": dataset(),
}


def value(text: str) -> object:
    """What a dataset's YAML says, as the reader understands it."""
    reader = NodeReader("data.yaml", text, Findings())
    events = iter(reader.next_event, None)
    start = next(event for event in events if isinstance(event, yaml.MappingStartEvent))
    return reader.node(start, "").value()


def errors(instance: object) -> list[str]:
    return [error.message for error in Draft202012Validator(dataset_schema()).iter_errors(instance)]


def test_it_is_a_json_schema() -> None:
    schema = dataset_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "/v1/datasets/schema"


@pytest.mark.parametrize("text", DATASETS.values(), ids=DATASETS)
def test_it_takes_what_loads(text: str) -> None:
    assert errors(value(text)) == []


@pytest.mark.parametrize(
    "instance",
    [
        {},
        {"$schema": "http://127.0.0.1:8000/v1/datasets/schema", "companies": None},
        {"companies": [COMPANY | {"founded": 2014}]},
        {"companies": [COMPANY | {"founded": "2014/.."}]},
        {"companies": [COMPANY | {"founded": {"edtf": 2014, "text": "2014"}, "country": None, "metrics": None}]},
        {"metrics": [METRIC | {"company": "a", "value": 0.5}]},
        {"sources": [{"slug": "s", "title": "S", "type": "article", "length": 3, "sha256": "0" * 64}]},
    ],
)
def test_it_takes_each_way_of_writing(instance: object) -> None:
    assert errors(instance) == []


@pytest.mark.parametrize(
    "instance",
    [
        [],
        {"companys": []},
        {"companies": {}},
        {"companies": ["a"]},
        {"companies": [{"slug": "a"}]},
        {"companies": [COMPANY | {"slug": "A b"}]},
        {"companies": [COMPANY | {"nam": "A"}]},
        {"companies": [COMPANY | {"country": False}]},
        {"companies": [COMPANY | {"founded": True}]},
        {"companies": [COMPANY | {"metrics": [METRIC | {"company": "a"}]}]},
        {"companies": [COMPANY | {"metrics": [METRIC | {"value": "much"}]}]},
        {"companies": [COMPANY | {"metrics": [METRIC | {"qualifier": "roughly"}]}]},
        {"companies": [COMPANY | {"metrics": [METRIC | {"citations": []}]}]},
        {"companies": [COMPANY | {"metrics": [METRIC | {"citations": [PLACE | {"paragraph": 0}]}]}]},
        {"metrics": [METRIC]},
        {"sources": [{"slug": "s", "title": "S", "type": "article"}]},
    ],
)
def test_it_refuses_what_does_not_load(instance: object) -> None:
    assert errors(instance)


def test_it_says_something_of_every_field() -> None:
    schema: dict[str, Any] = dataset_schema()
    objects = [schema, *schema["$defs"].values()]
    objects += [variant for one in objects for variant in one.get("anyOf", []) if "properties" in variant]
    fields = [(one["title"], name, field) for one in objects for name, field in one.get("properties", {}).items()]
    named = {f"#/$defs/{name}": one for name, one in schema["$defs"].items()}
    described = [
        (title, name, field.get("description") or named[field["$ref"]].get("description")) for title, name, field in fields
    ]
    assert [(title, name) for title, name, description in described if not description] == []
    assert all(one["additionalProperties"] is False for one in objects if "properties" in one)
    assert len(fields) > 60


def test_the_template_loads_as_it_is(connection: Connection) -> None:
    report = load(connection, read_dataset([TEMPLATE]), actor="tests", reason="Template")
    assert report.created.total() == 5
    assert TEMPLATE.read_text(encoding="utf-8").startswith(
        f"# yaml-language-server: $schema=http://127.0.0.1:8000{dataset_schema()['$id']}\n"
    )


def test_the_dataset_of_the_how_to_loads_and_its_correction_updates_one_fact(connection: Connection, tmp_path: Path) -> None:
    text = how_to_block("yaml")
    wrong, right = "value: 3100\n", "value: 31000\n"
    assert text.count(wrong) == 1
    assert load_text(connection, tmp_path, text).created.total() == 5
    report = load_text(connection, tmp_path, text.replace(wrong, right))
    assert (report.updated.total(), report.unchanged.total(), report.newest) == (1, 4, 6)


def test_the_dataset_of_the_how_to_has_the_text_of_its_article() -> None:
    written: Any = value(how_to_block("yaml"))
    assert written["sources"][0]["text"] == how_to_block("text")
