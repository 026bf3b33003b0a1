"""The OpenAPI document is small, and clients that have it don't get it again."""

import httpx


def test_the_openapi_document_is_small(client: httpx.Client) -> None:
    assert len(client.get("/openapi.json").content) < 300_000


def test_the_openapi_document_is_sent_once(client: httpx.Client) -> None:
    first = client.get("/openapi.json")
    again = client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/openapi.json", headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "max-age=300"
    assert other.content == first.content
    assert client.head("/openapi.json").headers["ETag"] == first.headers["ETag"]
