"""``company-profiles undo``: revisions taken back by new ones."""

import pytest

from app.database.database import Database
from tests.cli.conftest import CommandLine, message
from tests.history.conftest import url_of
from tests.history.newsroom import Fields, Newsroom

TEXT = "Lamps are made. Lamps are sold.\n"
PASSAGE = {"source": "paper", "paragraph": 1, "sentence": 2}
SALES: Fields = {"slug": "sales", "metric": "revenue", "name": "Sales", "value": 1, "unit": "NOK", "citations": [PASSAGE]}
DATASET: Fields = {
    "sources": [{"slug": "paper", "title": "Paper", "type": "article", "text": TEXT}],
    "companies": [
        {"slug": "fern", "name": "Fern", "other_names": [{"name": "Bregne"}], "metrics": [SALES]},
        {"slug": "moss", "name": "Moss", "identifiers": [{"scheme": "register", "value": "7"}], "metrics": [SALES]},
    ],
}


@pytest.fixture
def command(newsroom: Newsroom, database: Database) -> CommandLine:
    """The commands, on a source, two companies and a fact of each: revisions 1 to 5."""
    newsroom.load(DATASET)
    return CommandLine(url_of(database))


def state(command: CommandLine, newsroom: Newsroom) -> tuple[bytes, list[str]]:
    """The dataset, and what search finds."""
    hits = newsroom.read("/v1/search?q=fern&limit=50")["items"]
    return command.output("export"), sorted(hit["url"] for hit in hits)


def test_a_creation_is_undone_by_a_deletion(command: CommandLine, newsroom: Newsroom) -> None:
    before = state(command, newsroom)
    newsroom.create("/v1/companies", {"slug": "new", "name": "New Fern"})

    assert command("undo", "6", "--actor", "Ana", "--reason", "Too early").stderr == (
        "Undone: 1 of 1 changed something; newest revision 7\n"
    )
    assert state(command, newsroom) == before
    newest = newsroom.read("/v1/companies/new/history")["items"][0]
    assert (newest["action"], newest["actor"], newest["reason"]) == ("delete", "Ana", "Too early")


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("/v1/companies/fern", {"name": "Other", "other_names": None, "citations": [PASSAGE]}),
        ("/v1/companies/fern", {"slug": "fernhold"}),
        ("/v1/companies/fern/metrics/sales", {"value": 2, "citations": [PASSAGE | {"sentence": 1}]}),
        ("/v1/companies/fern/metrics/sales", {"slug": "turnover"}),
        ("/v1/sources/paper", {"title": "Other", "text": TEXT + "More.\n"}),
        ("/v1/sources/paper", {"slug": "gazette"}),
    ],
)
def test_a_change_is_undone_by_a_change(command: CommandLine, newsroom: Newsroom, address: str, change: Fields) -> None:
    before, served = state(command, newsroom), newsroom.read(address)
    assert newsroom.change(address, change).is_success

    command.output("undo", "6")

    assert state(command, newsroom) == before
    after = newsroom.read(address)
    assert {name for name in after if after[name] != served[name]} <= {"revision", "updated_at"}
    entry = newsroom.read(f"{address}/history")["items"][0]
    assert (entry["action"], entry["reason"]) == ("update", "Undo of revision 6")


def test_a_deleted_source_comes_back_with_its_text(command: CommandLine, newsroom: Newsroom) -> None:
    before = state(command, newsroom)
    for company in ("fern", "moss"):
        newsroom.delete(f"/v1/companies/{company}/metrics/sales")
    assert newsroom.delete("/v1/sources/paper").is_success

    command.output("undo", "6-8")

    assert state(command, newsroom) == before
    assert newsroom.read("/v1/companies/fern/metrics/sales")["citations"][0]["quote"] == "Lamps are sold."
    actions = [entry["action"] for entry in newsroom.read("/v1/sources/paper/history")["items"]]
    assert actions == ["create", "delete", "create"]


def test_a_merge_is_undone_with_the_addresses_that_it_took(command: CommandLine, newsroom: Newsroom) -> None:
    newsroom.change("/v1/companies/fern", {"slug": "fernhold"})
    before, newest = state(command, newsroom), newsroom.newest
    assert newsroom.merge("fernhold", "moss").is_success
    taken = newsroom.client.get("/v1/companies/fern").headers["location"]

    command.output("undo", f"{newest + 1}-{newsroom.newest}")

    assert taken == "/v1/companies/moss"
    assert state(command, newsroom) == before
    assert newsroom.client.get("/v1/companies/fern").headers["location"] == "/v1/companies/fernhold"


def test_a_text_and_what_cites_it_are_undone_together(command: CommandLine, newsroom: Newsroom) -> None:
    before = state(command, newsroom)
    text = "Years ago it began. Lamps are now sold here.\n"
    changed = {**DATASET, "sources": [DATASET["sources"][0] | {"text": text}]}
    assert newsroom.load(changed).is_success
    assert newsroom.newest == 8

    command.output("undo", "6-8")

    assert state(command, newsroom) == before
    assert newsroom.read("/v1/companies/moss/metrics/sales")["citations"][0]["quote"] == "Lamps are sold."


def test_a_text_alone_is_not_undone_where_citations_would_not_hold(command: CommandLine, newsroom: Newsroom) -> None:
    text = "Years ago it began. Lamps are now sold here.\n"
    newsroom.load({**DATASET, "sources": [DATASET["sources"][0] | {"text": text}]})
    before = state(command, newsroom)

    said = message(command("undo", "6"), 1)

    assert said.startswith("nothing was undone: ")
    assert "/v1/companies/fern/metrics/sales" in said
    assert state(command, newsroom) == before
    assert newsroom.newest == 8


def test_an_undo_is_undone(command: CommandLine, newsroom: Newsroom) -> None:
    newsroom.delete("/v1/companies/fern", with_facts="true")
    before = state(command, newsroom)
    command.output("undo", "6-7")
    command.output("undo", "8-9")

    assert state(command, newsroom) == before
    assert newsroom.client.get("/v1/companies/fern").status_code == 410
    assert newsroom.newest == 11


def test_what_was_changed_since_is_not_undone(command: CommandLine, newsroom: Newsroom) -> None:
    newsroom.change("/v1/companies/fern", {"name": "Second"})
    newsroom.change("/v1/companies/fern", {"name": "Third"})

    assert message(command("undo", "6"), 1) == (
        "nothing was undone: revision 7 changed /v1/companies/fern after revision 6; undo that first"
    )
    assert newsroom.newest == 7
    command.output("undo", "6-7")
    assert newsroom.read("/v1/companies/fern")["name"] == "Fern"


def test_what_is_referred_to_is_not_undone(command: CommandLine, newsroom: Newsroom) -> None:
    assert message(command("undo", "2"), 1) == (
        "nothing was undone: /v1/companies/fern is referred to by /v1/companies/fern/metrics/sales; undo or delete that first"
    )
    assert "is referred to by" in message(command("undo", "1-3"), 1)
    assert newsroom.newest == 5


def test_an_address_that_another_one_has_now_is_not_taken_from_it(command: CommandLine, newsroom: Newsroom) -> None:
    newsroom.change("/v1/companies/fern", {"slug": "fernhold"})
    newsroom.create("/v1/companies", {"slug": "fern", "name": "Another"})

    assert message(command("undo", "6"), 1) == "nothing was undone: /v1/companies/fernhold: There is a company 'fern' already."


def test_a_fact_comes_back_only_with_the_source_that_it_cites(command: CommandLine, newsroom: Newsroom) -> None:
    second = {"slug": "gazette", "title": "Gazette", "type": "article", "text": TEXT}
    newsroom.create("/v1/sources", second)
    both = [PASSAGE, PASSAGE | {"source": "gazette"}]
    newsroom.create("/v1/companies/fern/products", {"slug": "lamp", "name": "Lamp", "category": "product", "citations": both})
    newsroom.delete("/v1/companies/fern/products/lamp")
    newsroom.delete("/v1/sources/gazette")

    assert "there is no source 'gazette'" in message(command("undo", "8"), 1)
    newsroom.change("/v1/sources/paper", {"slug": "daily"})
    newsroom.create("/v1/sources", second)
    command.output("undo", "8")
    cited = [citation["source"] for citation in newsroom.read("/v1/companies/fern/products/lamp")["citations"]]
    assert cited == ["daily", "gazette"]


def test_a_fact_does_not_come_back_to_a_company_that_was_merged(command: CommandLine, newsroom: Newsroom) -> None:
    newsroom.delete("/v1/companies/fern/metrics/sales")
    newsroom.merge("fern", "moss")

    assert message(command("undo", "6"), 1) == (
        "nothing was undone: /v1/companies/fern/metrics/sales: what was /v1/companies/fern is /v1/companies/moss now"
    )


@pytest.mark.parametrize(
    ("revisions", "code", "reported"),
    [
        ("6", 1, "nothing was undone: there is no revision 6; the newest is 5"),
        ("1-999999999999999", 1, "nothing was undone: there is no revision 999999999999999; the newest is 5"),
        ("0", 2, "expected revision numbers from 1, the smaller first, not '0'"),
        ("3-2", 2, "expected revision numbers from 1, the smaller first, not '3-2'"),
        ("last", 2, "expected a revision number, or FIRST-LAST, not 'last'"),
        ("1,2", 2, "expected a revision number, or FIRST-LAST, not '1,2'"),
        ("٣", 2, "expected a revision number, or FIRST-LAST, not '٣'"),
    ],
)
def test_what_is_no_revision_is_reported(command: CommandLine, revisions: str, code: int, reported: str) -> None:
    assert message(command("undo", revisions), code) == reported
