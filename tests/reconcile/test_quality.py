"""How well names are matched: 200 messy ones, of which 160 mean a company of companies.yaml and 40 mean none.

A name that two companies have in common counts as meaning none: nobody can say which one is meant.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import ServeDataset

HERE = Path(__file__).parent
LEAST_PRECISION = 0.98
LEAST_RECALL = 0.97
LEAST_FOUND = 0.99


@dataclass(frozen=True)
class Asked:
    """A name, the company that it means or None, the companies that were offered and the one that was matched."""

    name: str
    meant: str | None
    offered: list[str]
    matched: str | None


def messy_names() -> list[tuple[str, str | None]]:
    with (HERE / "messy_names.tsv").open(encoding="utf-8", newline="") as file:
        return [(name, None if slug == "-" else slug) for name, slug in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def ask(client: httpx.Client) -> list[Asked]:
    names = messy_names()
    batch = {f"q{number}": {"query": name, "limit": 5} for number, (name, _) in enumerate(names)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    results = [answer.json()[key]["result"] for key in batch]
    return [
        Asked(name, meant, [one["id"] for one in result], next((one["id"] for one in result if one["match"]), None))
        for (name, meant), result in zip(names, results, strict=True)
    ]


def test_two_hundred_messy_names_are_matched_well(serve_dataset: ServeDataset, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ask(serve_dataset((HERE / "companies.yaml").read_text(encoding="utf-8")))
    meaning = [one for one in asked if one.meant is not None]
    assert (len(asked), len(meaning)) == (200, 160)

    matched = [one for one in asked if one.matched is not None]
    right = [one for one in matched if one.matched == one.meant]
    found = [one for one in meaning if one.meant in one.offered]
    precision, recall, offered = len(right) / len(matched), len(right) / len(meaning), len(found) / len(meaning)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n200 messy names: precision {precision:.3f} ({len(right)} of {len(matched)} matches are right), "
            f"recall {recall:.3f} (of {len(meaning)} names), among the first 5: {offered:.3f}"
        )
    for one in asked:
        if one.matched != one.meant:
            print(f"{one.name!r} means {one.meant}, matched {one.matched}, offered {one.offered}")  # noqa: T201
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL
    assert offered >= LEAST_FOUND
