"""How well names are matched, with precision and recall of two tables.

messy_names.tsv has 200 messy names (typos, scripts, word orders): 160 mean a company of companies.yaml and 40 mean none.
written_forms.tsv has 40 names in other written forms (legal forms, abbreviations, aliases, a country): 31 mean a company.
A name that two companies have in common counts as meaning none: nobody can say which one is meant.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.conftest import ServeDataset

HERE = Path(__file__).parent


class Case(NamedTuple):
    """A name, the country that is given with it, and the company that it means or None."""

    name: str
    country: str
    meant: str | None

    def query(self) -> dict[str, Any]:
        properties = [{"pid": "country", "v": self.country}] if self.country else []
        return {"query": self.name, "limit": 5, "properties": properties}


@dataclass(frozen=True)
class Asked:
    """A case, the companies that were offered and the one that was matched."""

    case: Case
    offered: list[str]
    matched: str | None


def cases(file: str) -> list[Case]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Case(name, "".join(country), None if slug == "-" else slug) for name, *country, slug in rows]


def ask(client: httpx.Client, file: str) -> list[Asked]:
    asked = cases(file)
    batch = {f"q{number}": case.query() for number, case in enumerate(asked)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    results = [answer.json()[key]["result"] for key in batch]
    return [
        Asked(case, [one["id"] for one in result], next((one["id"] for one in result if one["match"]), None))
        for case, result in zip(asked, results, strict=True)
    ]


@pytest.mark.parametrize(
    ("file", "names", "least_recall", "least_offered"),
    [("messy_names.tsv", 200, 0.97, 0.99), ("written_forms.tsv", 40, 0.97, 1.0)],
)
def test_names_are_matched_well_and_none_of_them_wrongly(
    serve_once: ServeDataset,
    capsys: pytest.CaptureFixture[str],
    file: str,
    names: int,
    least_recall: float,
    least_offered: float,
) -> None:
    more = (HERE / "written_forms.yaml").read_text(encoding="utf-8").partition("companies:\n")[2]
    asked = ask(serve_once((HERE / "companies.yaml").read_text(encoding="utf-8") + more), file)
    assert len(asked) == names

    meaning = [one for one in asked if one.case.meant is not None]
    matched = [one for one in asked if one.matched is not None]
    right = [one for one in matched if one.matched == one.case.meant]
    found = [one for one in meaning if one.case.meant in one.offered]
    precision, recall, offered = len(right) / len(matched), len(right) / len(meaning), len(found) / len(meaning)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{file}: precision {precision:.3f} ({len(right)} of {len(matched)} matches are right), "
            f"recall {recall:.3f} (of {len(meaning)} names), among the first 5: {offered:.3f}"
        )
    for one in asked:
        if one.matched != one.case.meant:
            print(f"{one.case} matched {one.matched}, offered {one.offered}")  # noqa: T201
    assert precision == 1.0
    assert recall >= least_recall
    assert offered >= least_offered
