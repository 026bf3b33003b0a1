"""Somebody with a key who changes what is served."""

import json
from dataclasses import dataclass
from typing import TypeAlias

import httpx
from sqlalchemy import select, text

from app.database.database import Database
from app.database.models import Base

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Fields: TypeAlias = dict[str, Json]
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Curator:
    """Sends requests with a key. What a key is sent with is never answered from a cache."""

    client: httpx.Client

    def get(self, address: str) -> httpx.Response:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        return answer

    def read(self, address: str) -> Fields:
        fields: Fields = self.get(address).json()
        return fields

    def newest(self) -> int:
        """The number of the newest revision."""
        return int(self.get("/v1/stats").headers["profiles-revision"])

    def send(self, method: str, address: str, body: object = None, **headers: str) -> httpx.Response:
        """A request with a body, as JSON unless it is bytes. An underscore in the name of a header stands for a hyphen."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.request(method, address, content=content, headers={"content-type": "application/json"} | given)

    def post(self, address: str, body: object = None, **headers: str) -> httpx.Response:
        return self.send("POST", address, body, **headers)

    def put(self, address: str, body: object, **headers: str) -> httpx.Response:
        """A replacement of whatever is there, unless a condition is given."""
        return self.send("PUT", address, body, **({"if_match": "*"} | headers))

    def patch(self, address: str, body: object, **headers: str) -> httpx.Response:
        """A merge patch of whatever is there, unless a condition is given."""
        return self.send("PATCH", address, body, **({"if_match": "*", "content_type": MERGE_PATCH} | headers))

    def delete(self, address: str, **headers: str) -> httpx.Response:
        """A deletion of whatever is there, unless a condition is given."""
        return self.send("DELETE", address, None, **({"if_match": "*"} | headers))

    def merge(self, company: str, into: str) -> httpx.Response:
        return self.post(f"/v1/companies/{company}/merge?into={into}", if_match="*")

    def changed(self, address: str, **fields: object) -> httpx.Response:
        """The answer to a patch that works."""
        answer = self.patch(address, fields)
        assert answer.status_code == 200, answer.text
        return answer

    def created(self, address: str, body: object) -> httpx.Response:
        """The answer to a creation that works."""
        answer = self.post(address, body)
        assert answer.status_code == 201, answer.text
        return answer


def refused(answer: httpx.Response, status: int, name: str) -> str:
    """What a problem of a type says."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{name}", problem
    detail: str = problem["detail"]
    return detail


def errors_of(answer: httpx.Response) -> dict[str, str]:
    """The message of each field that a problem names."""
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def content(database: Database) -> dict[str, list[str]]:
    """Every row of every table but the keys, whose last use is written at times; the text index too."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "api_keys"]
    with database.reading() as connection:
        found = {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in tables}
        found["search_text"] = sorted(map(repr, connection.execute(text("SELECT * FROM search_text")).all()))
    return found
