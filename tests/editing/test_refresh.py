"""A source is downloaded again: its citations follow the new text, or go on to cite the text that has their passage."""

import hashlib
import json

import httpx
import pytest

from app.api.editing.undo import undo
from app.database.database import Database
from app.datasets.exporter import export_ndjson
from app.revisions.log import RevisionLog
from tests.editing.curator import Curator, Fields

SOURCE = "/v1/sources/kelp-memo"
METRICS = "/v1/companies/kelp-farm/metrics"
STAFF = f"{METRICS}/staff"
BOATS = f"{METRICS}/boats"
FIRST = "Kelp Farm has 40 staff. It has 3 boats."
SECOND = "Kelp Farm has 41 staff. It grows kelp."


FACTS: dict[int, dict[str, object]] = {
    1: {"slug": "staff", "metric": "employees", "name": "Staff", "value": 40, "unit": "people"},
    2: {"slug": "boats", "metric": "boats", "name": "Boats", "value": 3, "unit": "count"},
}
"""The fact that each sentence of the first text states."""


def edition(text: str | None, *sentences: int) -> Fields:
    """A dataset with a text, or its length and digest, and the facts of some of its sentences."""
    metrics = [FACTS[number] | {"citations": [cited(text or FIRST, number)]} for number in sentences]
    extent = {"text": text} if text else {"length": len(FIRST), "sha256": digest(FIRST)}
    described = {"slug": "kelp-memo", "title": "Memo", "type": "article"} | extent
    company = {"slug": "kelp-farm", "name": "Kelp Farm", "metrics": metrics}
    data: Fields = json.loads(json.dumps({"sources": [described], "companies": [company]}))
    return data


def cited(text: str, sentence: int) -> dict[str, object]:
    words = f"{text.split('. ')[sentence - 1].rstrip('.')}."
    start = text.index(words)
    place = {"source": "kelp-memo", "paragraph": 1, "sentence": sentence}
    return place | {"start": start, "end": start + len(words), "sha256": digest(words)}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def load(curator: Curator, dataset: Fields, query: str = "") -> Fields:
    answer = curator.post(f"/v1/datasets{query}", dataset)
    assert answer.status_code == 200, answer.text
    result: Fields = answer.json()
    return result


def citation(curator: Curator, url: str) -> Fields:
    [found] = curator.get(url).json()["citations"]
    fields: Fields = found
    return fields


def test_facts_of_the_file_follow_the_new_text(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    load(curator, edition(SECOND, 1))

    assert citation(curator, STAFF)["quote"] == "Kelp Farm has 41 staff."
    assert citation(curator, STAFF)["edition"] is None


def test_a_fact_that_left_the_file_cites_the_text_that_has_its_passage(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    checked_at = citation(curator, BOATS)["checked_at"]

    assert load(curator, edition(SECOND, 1))["left"] == [BOATS]

    kept = citation(curator, BOATS)
    assert kept["quote"] == "It has 3 boats."
    assert kept["sha256"] == digest("It has 3 boats.")
    assert kept["edition"] == digest(FIRST) == curator.read(f"{SOURCE}?as_of={curator.newest() - 4}")["sha256"]
    assert (kept["checked"], kept["checked_at"]) == ("text", checked_at)


def test_loading_the_same_edition_again_changes_nothing(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    load(curator, edition(SECOND, 1))
    again = load(curator, edition(SECOND, 1))

    assert (again["created"], again["updated"], again["left"]) == (0, 0, [])


def test_a_restored_value_cites_the_current_text_again(curator: Curator) -> None:
    for text, sentences in ((FIRST, (1, 2)), (SECOND, (1,)), (FIRST, (1, 2))):
        load(curator, edition(text, *sentences))

    assert citation(curator, BOATS)["edition"] is None
    assert citation(curator, BOATS)["quote"] == "It has 3 boats."


def test_a_fact_keeps_its_edition_while_the_text_goes_on_to_change(curator: Curator) -> None:
    for text in (FIRST, SECOND, SECOND + " It is small."):
        load(curator, edition(text, *((1, 2) if text == FIRST else (1,))))

    assert citation(curator, BOATS)["edition"] == digest(FIRST)


def test_pruning_deletes_before_it_checks(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    result = load(curator, edition("Kelp Farm has 41 staff.", 1), "?prune=true&prune_source=kelp-memo")

    assert (result["deleted"], result["left"]) == (1, [])
    assert curator.client.get(BOATS).status_code == 410


@pytest.mark.parametrize("scope", ["prune_company=kelp-farm", "prune_source=kelp-memo"])
def test_pruning_within_a_scope_deletes_nothing_else(curator: Curator, scope: str) -> None:
    load(curator, edition(FIRST, 1, 2))
    before = curator.read("/v1/companies?total=true")["total"]

    assert load(curator, edition(FIRST, 1), f"?prune=true&{scope}")["deleted"] == 1
    assert curator.read("/v1/companies?total=true")["total"] == before


def test_a_scope_that_names_nothing_is_refused(curator: Curator) -> None:
    answer = curator.post("/v1/datasets?prune=true&prune_company=nobody", edition(FIRST, 1))

    assert answer.status_code == 422
    assert "there is no company 'nobody'" in answer.text


def test_a_scope_without_pruning_is_refused(curator: Curator) -> None:
    assert curator.post("/v1/datasets?prune_company=kelp-farm", edition(FIRST, 1)).status_code == 422


def test_an_export_brings_the_passage_of_an_earlier_text_along(curator: Curator, database: Database) -> None:
    load(curator, edition(FIRST, 1, 2))
    load(curator, edition(SECOND, 1))
    before = curator.read(BOATS)
    with database.reading() as connection:
        exported = "".join(export_ndjson(connection))

    answer = curator.send("POST", "/v1/datasets", exported.encode(), content_type="application/x-ndjson")
    assert answer.json()["updated"] == 0, answer.text
    assert curator.read(BOATS) == before


def test_words_of_an_earlier_text_must_have_the_digest_of_the_passage(curator: Curator) -> None:
    load(curator, edition(SECOND, 1))
    wrong = cited(FIRST, 2) | {"edition": digest(FIRST), "quote": "It has 4 boats."}

    refused(curator.patch(STAFF, {"citations": [wrong]}), "citations[0].quote", "has another digest than the passage")


def test_undoing_a_refresh_restores_the_citations(curator: Curator, database: Database) -> None:
    load(curator, edition(FIRST, 1, 2))
    newest, before = curator.newest(), citation(curator, BOATS)
    load(curator, edition(SECOND, 1))
    with database.writing() as connection, RevisionLog(connection, actor="tests", reason="Undone") as log:
        undo(connection, log, newest + 1, log.newest)

    assert citation(curator, BOATS) == before


def test_a_quote_takes_the_place_of_the_numbers(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    curator.patch(BOATS, {"citations": [{"source": "kelp-memo", "quote": "3 boats"}]})

    found = citation(curator, BOATS)
    assert (found["paragraph"], found["sentence"], found["start"], found["end"]) == (1, 2, 31, 38)
    assert (found["quote"], found["sha256"], found["checked"]) == ("3 boats", digest("3 boats"), "text")


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("9 boats", "stands nowhere in the text"),
        ("has", "stands in paragraph 1 sentence 1 and paragraph 1 sentence 2: say which, or quote more words"),
        ("staff. It", "goes beyond one sentence: cite each sentence by itself"),
    ],
)
def test_a_quote_that_names_no_single_place_is_refused(curator: Curator, quote: str, message: str) -> None:
    load(curator, edition(FIRST, 1, 2))

    refused(curator.patch(BOATS, {"citations": [{"source": "kelp-memo", "quote": quote}]}), "citations[0].quote", message)


def test_a_paragraph_and_a_sentence_tell_equal_words_apart(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    curator.patch(BOATS, {"citations": [{"source": "kelp-memo", "paragraph": 1, "sentence": 2, "quote": "has"}]})

    assert citation(curator, BOATS)["start"] == FIRST.index("has 3")


def test_citations_of_a_source_without_text_are_claimed(curator: Curator) -> None:
    load(curator, edition(None, 1, 2))

    assert (citation(curator, STAFF)["checked"], citation(curator, STAFF)["checked_at"]) == ("claimed", None)


def test_facts_are_listed_by_what_their_citations_were_checked_against(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    load(curator, {"sources": [{"slug": "else", "title": "Else", "type": "page", "length": 90, "sha256": digest("?")}]})
    claimed = {"source": "else", "paragraph": 1, "sentence": 1, "start": 0, "end": 9, "sha256": digest("Kelp Farm")}
    curator.patch(BOATS, {"citations": [cited(FIRST, 2), claimed]})

    for checked, expected in (("text", ["staff"]), ("claimed", ["boats"]), ("text", ["staff"])):
        assert [item["slug"] for item in curator.get(f"{METRICS}?checked={checked}").json()["items"]] == expected


def test_a_check_survives_a_change_of_another_field(curator: Curator) -> None:
    load(curator, edition(FIRST, 1, 2))
    before = citation(curator, STAFF)
    curator.patch(STAFF, {"note": "Counted in May."})

    assert citation(curator, STAFF) == before


def refused(answer: httpx.Response, field: str, message: str) -> None:
    assert answer.status_code == 422, answer.text
    assert [(error["field"], error["message"]) for error in answer.json()["errors"]] == [(field, message)]
