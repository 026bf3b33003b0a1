"""A text that its publisher withdrew is served no more, in any quote of it, by no endpoint, format or past state."""

import io
import zipfile
from collections.abc import Iterator, Sequence

import httpx
import pytest

from app.api.editing.undo import undo
from app.database.database import Database
from app.datasets.exporter import export_ndjson, export_yaml
from app.revisions.log import RevisionLog
from tests.editing.conftest import Serve, key_of
from tests.editing.curator import Curator, content, errors_of
from tests.editing.lamps import CATALOGUE, CATALOGUE_ADDRESS, CATALOGUE_SOURCE, METRIC, MILESTONE
from tests.openapi.documents import Document, Operation

LOADED, RENAMED = 7, 9
"""The revisions after the lamps were loaded, and after their source got another slug."""
QUOTES = ("Fernhold makes lamps.", "founded in spring 1999 in Norway", "💡 sells in 12", "billion crowns in 2023", "Lamps glow")
OTHER = "These words are of another source."
LEAFLET = "/v1/sources/leaflet"
COMPANY = "/v1/companies/fernhold"
BEGUN = MILESTONE | {"slug": "begun", "citations": [{"source": "catalogue", "quote": "It was founded in spring 1999 in Norway."}]}
IN_PATHS = {
    "{company}": "fernhold", "{source}": "leaflet", "milestones/{slug}": "milestones/founded",
    "products/{slug}": "products/glod", "metrics/{slug}": "metrics/sales",
}  # fmt: skip
IN_QUERIES = {
    "companies": "fernhold,nordlys", "q": "lamps", "id": "fernhold", "since": "0", "include": "milestones,products,metrics",
    "extend": '{"ids": ["fernhold"], "properties": [{"id": "metric:revenue.citation"}]}',
}  # fmt: skip


def prepare(curator: Curator) -> None:
    """A past with quotes of two texts, under two slugs, in a deleted fact and in a stored response."""
    assert curator.post(f"{COMPANY}/milestones", BEGUN, idempotency_key="begun").status_code == 201
    curator.changed(CATALOGUE_ADDRESS, slug="leaflet")
    curator.changed(f"{COMPANY}/milestones/founded", note="Seen")
    curator.created("/v1/sources", {"slug": "catalogue", "title": "Another", "type": "page", "text": OTHER})
    place = {"source": "catalogue", "paragraph": 1, "sentence": 1}
    curator.created(f"{COMPANY}/metrics", METRIC | {"slug": "other", "citations": [place, place | {"source": "leaflet"}]})
    assert curator.delete(f"{COMPANY}/products/glod").status_code == 204
    edition = CATALOGUE.replace("It was founded", "Lamps glow. It was founded")
    assert curator.post("/v1/datasets", {"sources": [CATALOGUE_SOURCE | {"slug": "leaflet", "text": edition}]}).json()["left"]
    curator.changed(f"{COMPANY}/metrics/other", note="Read twice")


def quoted(text: str) -> bool:
    return any(quote in text for quote in QUOTES)


def urls(document: Document, revisions: Sequence[int]) -> Iterator[str]:
    """Everything that can be read: each GET operation, in each format, at each of the revisions."""
    for operation in document.operations():
        if operation.name.startswith("GET "):
            parameters = {parameter["name"]: parameter["schema"] for parameter in operation.parameters()}
            formats = parameters["format"].get("enum", ["json"]) if "format" in parameters else [None]
            variants: list[dict[str, object]] = [{"format": format} if format else {} for format in formats]
            variants += [{"as_of": revision} for revision in revisions if "as_of" in parameters]
            query = {name: value for name, value in IN_QUERIES.items() if name in parameters}
            yield from (str(httpx.URL(path(operation), params=query | variant)) for variant in variants)
    yield from ("/", "/search?q=lamps")


def path(operation: Operation) -> str:
    found = operation.path
    for placeholder, value in IN_PATHS.items():
        found = found.replace(placeholder, value)
    return found


def read(client: httpx.Client, curator: Curator, url: str, newest: int) -> str:
    """What a response says: the whole of it, of a workbook its sheets, of a stream the revisions that there are."""
    if "/stream" in url:
        with client.stream("GET", url) as response:
            lines = []
            for line in response.iter_lines():
                lines.append(line)
                if line == f"id: {newest}":
                    return "\n".join(lines)
    response = client.get(url)
    response = curator.client.get(url) if response.status_code == 401 else response
    assert response.status_code < 500, response.text
    if not response.content.startswith(b"PK"):
        return response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as workbook:
        return "".join(workbook.read(name).decode() for name in workbook.namelist())


def test_no_endpoint_format_or_past_state_serves_a_withdrawn_text(database: Database, serve: Serve) -> None:
    curator = serve(database, key_of(database))
    prepare(curator)
    newest = curator.newest()
    revisions = (LOADED, RENAMED, newest)
    without_key = httpx.Client(base_url=curator.client.base_url, timeout=30, follow_redirects=True)
    with without_key as reader:  # only such a client gets what is cached
        document = Document(reader.get("/openapi.json").json())
        before = [url for url in urls(document, revisions) if quoted(read(reader, curator, url, newest))]
        etag = reader.get(f"{COMPANY}?as_of={LOADED}").headers["etag"]
        curator.changed(LEAFLET, withdrawn=True)
        newest = curator.newest()
        after = [url for url in urls(document, revisions) if quoted(read(reader, curator, url, newest))]
        conditional = reader.get(f"{COMPANY}?as_of={LOADED}", headers={"if-none-match": etag})

    paths = {httpx.URL(url).path for url in before}
    assert {COMPANY, f"{COMPANY}/profile", f"{COMPANY}/history", f"{LEAFLET}/facts", "/v1/changes", "/v1/changes/stream",
            "/v1/search", "/v1/timeline", "/v1/companies", "/v1/products", "/v1/datasets", "/reconcile"} <= paths  # fmt: skip
    assert {httpx.URL(url).params.get("format") for url in before} >= {"json", "ndjson"}
    assert after == []
    assert conditional.status_code == 200


def test_nothing_that_is_stored_contains_a_withdrawn_text(database: Database, curator: Curator) -> None:
    prepare(curator)
    curator.changed(LEAFLET, withdrawn=True)

    tables = content(database)
    assert {name: row for name, rows in tables.items() for row in rows if quoted(row)} == {}
    assert OTHER in "".join(tables["sources"] + tables["revisions"])
    with database.reading() as connection:
        assert not quoted("".join(export_ndjson(connection)) + "".join(export_yaml(connection)))


def test_citations_keep_their_place_digest_and_check(curator: Curator) -> None:
    before = curator.get(f"{COMPANY}/metrics/sales").json()["citations"]
    curator.changed(CATALOGUE_ADDRESS, withdrawn=True)
    after = curator.get(f"{COMPANY}/metrics/sales").json()["citations"]

    assert after == [citation | {"quote": None} for citation in before]
    assert after[0]["checked"] == "text"


def test_the_history_says_who_withdrew_a_text_and_why(curator: Curator) -> None:
    curator.patch(f"{CATALOGUE_ADDRESS}?reason=Asked%20by%20letter", {"withdrawn": True})
    newest = curator.get(f"{CATALOGUE_ADDRESS}/history").json()["items"][0]

    assert (newest["actor"], newest["reason"]) == ("newsroom", "Asked by letter")
    assert newest["changes"] == [{"field": "withdrawn", "before": False, "after": True}]


def test_quotes_of_another_source_stay_even_under_a_slug_that_the_withdrawn_one_had(curator: Curator) -> None:
    prepare(curator)
    newest = curator.newest()
    curator.changed(LEAFLET, withdrawn=True)

    for as_of in ("", f"?as_of={newest}", f"?as_of={newest - 3}"):
        citations = curator.get(f"{COMPANY}/metrics/other{as_of}").json()["citations"]
        assert [citation["quote"] for citation in citations] == [OTHER, None]


def test_a_request_that_is_sent_again_gets_its_first_response_without_the_quote(curator: Curator) -> None:
    first = curator.post(f"{COMPANY}/milestones", BEGUN, idempotency_key="begun")
    curator.changed(CATALOGUE_ADDRESS, withdrawn=True)
    again = curator.post(f"{COMPANY}/milestones", BEGUN, idempotency_key="begun")

    assert quoted(first.text)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["slug"] == "begun"
    assert not quoted(again.text)


def test_only_loading_the_text_again_brings_it_back(database: Database, curator: Curator) -> None:
    curator.changed(CATALOGUE_ADDRESS, withdrawn=True)
    withdrawn = curator.newest()
    with database.writing() as connection, RevisionLog(connection, actor="tests", reason="Undo") as log:
        undo(connection, log, LOADED + 1, withdrawn)
    undone = curator.get(f"{COMPANY}/metrics/sales").text
    curator.changed(CATALOGUE_ADDRESS, text=CATALOGUE)

    assert not quoted(undone)
    assert quoted(curator.get(f"{COMPANY}/metrics/sales").text)
    assert curator.read(CATALOGUE_ADDRESS)["withdrawn"] is False
    assert not quoted(curator.get(f"{COMPANY}/metrics/sales?as_of={withdrawn}").text)


def test_undoing_the_return_of_a_text_withdraws_it_again(database: Database, curator: Curator) -> None:
    curator.changed(CATALOGUE_ADDRESS, withdrawn=True)
    withdrawn = curator.newest()
    curator.changed(CATALOGUE_ADDRESS, text=CATALOGUE)
    with database.writing() as connection, RevisionLog(connection, actor="tests", reason="Undo") as log:
        undo(connection, log, withdrawn + 1, log.newest)

    assert curator.read(CATALOGUE_ADDRESS)["withdrawn"] is True
    assert [row for rows in content(database).values() for row in rows if quoted(row)] == []


def test_a_dataset_withdraws_a_text(database: Database, curator: Curator) -> None:
    source = curator.read(CATALOGUE_ADDRESS)
    extent = {name: source[name] for name in ("length", "sha256")}
    withdrawn = {name: value for name, value in CATALOGUE_SOURCE.items() if name != "text"} | extent | {"withdrawn": True}
    first = curator.post("/v1/datasets", {"sources": [withdrawn]})
    second = curator.post("/v1/datasets", {"sources": [withdrawn]})

    assert (first.json()["updated"], second.json()["unchanged"]) == (5, 1)
    assert [row for rows in content(database).values() for row in rows if quoted(row)] == []


def test_a_source_that_was_read_is_put_back_as_withdrawn(curator: Curator) -> None:
    source = curator.read(CATALOGUE_ADDRESS)
    assert curator.put(CATALOGUE_ADDRESS, source | {"withdrawn": True}).json()["has_text"] is False


@pytest.mark.any_engine
def test_a_withdrawn_source_with_a_text_is_refused(curator: Curator) -> None:
    refused = curator.post("/v1/sources", CATALOGUE_SOURCE | {"slug": "both", "withdrawn": True})

    assert errors_of(refused) == {"body": "a withdrawn source has no text: give its length and sha256"}
