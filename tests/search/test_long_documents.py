"""Telling where long texts were matched takes long, and is done where it holds up nobody."""

import threading
from collections.abc import Sequence

import pytest

from app.api.search import hits
from app.api.search import service as answering
from app.search.words import Term
from tests.conftest import ServeDataset

SUMMARY = "\u77ed\u89c6\u9891" * 1_000
"""Short video, in Chinese, without a space."""


@pytest.mark.parametrize(("companies", "apart"), [(2, False), (6, True)])
def test_the_hits_of_long_texts_are_made_in_another_thread_than_the_others(
    serve_dataset: ServeDataset, monkeypatch: pytest.MonkeyPatch, companies: int, *, apart: bool
) -> None:
    made_in: set[str] = set()

    def telling(document: str, terms: Sequence[Term]) -> str:
        made_in.add(threading.current_thread().name)
        return hits.to_hit(document, terms)

    monkeypatch.setattr(answering, "to_hit", telling)
    client = serve_dataset(
        "companies:\n" + "".join(f"  - {{slug: c{i}, name: C{i}, summary: {SUMMARY}}}\n" for i in range(companies))
    )
    answer = client.get("/v1/search", params={"q": "\u89c6\u9891"}).json()

    assert [hit["match"]["spans"][0] for hit in answer["items"]] == [{"start": 1, "end": 3}] * companies
    assert [name for name in made_in if "worker" in name.lower()] == [*made_in] * apart
