"""What an endpoint must answer, by plain SQL that has nothing of the product's, and what it did answer."""

import json
from typing import Any

from sqlalchemy import Connection, text

from app.api.search.queries import MOST_RANKED
from tests.bench.endpoints import PAGE, Key

Items = list[Any]
"""JSON values in the order in which they are answered."""

_FACTS = (
    ("milestones", "coalesce(earliest, latest), id"),
    ("products", "name_key, id"),
    ("metrics", "metric, coalesce(earliest, latest), id"),
)


def expected_items(connection: Connection, endpoint: str, key: Key, *, ranks_all: bool = False) -> Items:
    """Documents; for search and suggestions the addresses of companies. This API ranks the first hits only, others all."""
    if endpoint == "company":
        return _documents(connection, "SELECT document FROM companies WHERE slug = :company", key)
    if endpoint == "profile":
        return _profile(connection, key)
    if endpoint == "list":
        where = "country = :country AND latest <= :to"
        return _documents(connection, f"SELECT document FROM companies WHERE {where} ORDER BY name_key, id LIMIT {PAGE}", key)  # noqa: S608
    if endpoint == "deep":
        statement = f"SELECT document FROM companies ORDER BY name_key, id LIMIT {PAGE} OFFSET {int(key['row']) + 1}"  # noqa: S608
        return _documents(connection, statement, {})
    word = key["q"].lower()
    if endpoint == "search":
        condition, most = "name_key LIKE :pattern", PAGE
        pattern = f"% {word} %"
    else:
        condition, most = "name_key LIKE :pattern", 10
        pattern = f"{word}%"
    found = f"SELECT slug, name_key, id FROM companies WHERE {condition}"  # noqa: S608
    if endpoint == "search" and not ranks_all:
        found += f" ORDER BY id LIMIT {MOST_RANKED}"
    statement = f"SELECT slug FROM ({found}) AS found ORDER BY name_key, id LIMIT {most}"  # noqa: S608
    return [f"/v1/companies/{row[0]}" for row in connection.execute(text(statement), {"pattern": pattern})]


def _documents(connection: Connection, statement: str, values: Key) -> Items:
    return [json.loads(row[0]) for row in connection.execute(text(statement), dict(values))]


def _profile(connection: Connection, key: Key) -> Items:
    found = _documents(connection, "SELECT document FROM companies WHERE slug = :company", key)
    for table, order in _FACTS:
        of_company = "company_id = (SELECT id FROM companies WHERE slug = :company)"
        found += _documents(connection, f"SELECT document FROM {table} WHERE {of_company} ORDER BY {order}", key)  # noqa: S608
    cited = sorted({citation["source"] for fact in found for citation in fact["citations"]})
    for source in cited:
        found += _documents(connection, "SELECT document FROM sources WHERE slug = :source", {"source": source})
    return found


def answered_items(endpoint: str, answer: Any) -> Items:  # noqa: ANN401 - JSON of any kind
    """The same of an answer of this API."""
    if endpoint == "company":
        return [answer]
    if endpoint == "profile":
        parts = ("milestones", "products", "metrics", "sources")
        return [answer["company"], *(item for part in parts for item in answer[part]["items"])]
    if endpoint == "search":
        return [item["url"] for item in answer["items"]]
    if endpoint == "suggest":
        return [item["url"] for item in answer["items"] if not item["similar"]]
    return list(answer["items"])


def answered_rows(answer: Any) -> Items:  # noqa: ANN401 - JSON of any kind
    """The same of an answer of Datasette: rows with a document, or with the address of a company."""
    rows = answer["rows"] if isinstance(answer, dict) else answer
    return [json.loads(row["document"]) if "document" in row else row["url"] for row in rows]
