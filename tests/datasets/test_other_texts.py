"""A text file that is no dataset says in one line what it is."""

from pathlib import Path

import pytest

from app.datasets.reader import read_dataset
from app.records.located import DatasetInvalid
from tests.datasets.examples import problems_of

OTHERS = {
    "is a table with the columns company, metric, value:": [
        "company,metric,value\nexample-works,revenue,7\n",
        "company;metric;value\r\nexample-works;revenue;7\r\n",
        "company\tmetric\tvalue\n",
        '\ufeff"company", "metric", "value"\n',
    ],
    "is a web page or XML": [
        "<!doctype html>\n<title>Not found</title>",
        " <html>",
        "<?xml version='1.0'?>",
        "<rss version='2.0'>",
    ],
    "is a problem that the API returned": ['{"type": "/problems/not-found", "status": 404}'],
    "is a page of a list of the API": ['{"items":[{"slug":"a","name":"A"}],"next":null}'],
    "load it with --format sec-companyfacts": ['{"cik": 1, "entityName": "A", "facts": {}}', '{"entityName": "A", "cik": 1}'],
    "load it with --format wikidata": ['{"entities": {"Q1": {}}}'],
    "load it with --format gleif-lei": ['{"data": [{"type": "lei-records"}]}', '{"meta": {"goldenCopy": {}}, "data": []}'],
}


@pytest.mark.parametrize("ending", [".yaml", ".json", ".ndjson", ".csv", ".txt"])
@pytest.mark.parametrize(("reported", "text"), [(what, text) for what, texts in OTHERS.items() for text in texts])
def test_it_says_what_it_is(tmp_path: Path, reported: str, text: str, ending: str) -> None:
    file = tmp_path / f"file{ending}"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(DatasetInvalid) as invalid:
        list(read_dataset([file]))
    [(_, _, message)] = problems_of(invalid)
    assert reported in message


@pytest.mark.parametrize(
    "text",
    [
        "companies: [{slug: a, name: A, summary: 'one, two, three'}]\n",
        "companies:\n- {slug: entities, name: data}\n",
        '{"companies": [{"slug": "entities", "name": "lei-records"}]}',
        '{"kind": "company", "slug": "cik", "name": "cik"}\n',
    ],
)
def test_a_dataset_is_not_taken_for_another_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / ("file.ndjson" if "kind" in text else "file.yaml")
    file.write_text(text, encoding="utf-8")

    assert len(list(read_dataset([file]))) == 1
