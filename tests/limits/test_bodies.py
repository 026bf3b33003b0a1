"""No address takes a body without end, and none refuses one without a problem."""

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.openapi.documents import Document, Operation
from tests.server import RunningServer

pytestmark = pytest.mark.any_engine

OPERATIONS = Document(create_app(Settings(_env_file=None)).openapi()).operations()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_body_of_too_great_a_length_is_refused_before_it_comes(server: RunningServer, operation: Operation) -> None:
    place = urlsplit(server.url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.putrequest(operation.name.partition(" ")[0], operation.example())
    connection.putheader("Content-Length", str(10**10))
    is_json = operation.name.endswith(("/match", "/extend"))  # these refuse another type first
    connection.putheader("Content-Type", "application/json" if is_json else "application/x-www-form-urlencoded")
    connection.endheaders()
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()

    needs_key = "401" in operation.content["responses"]
    status = (
        413 if not needs_key or operation.name.startswith(("GET", "DELETE")) else 403
    )  # a key is asked for first; none was made
    assert (answer.status, problem["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]


def test_a_small_body_disturbs_no_read(client: httpx.Client) -> None:
    assert client.request("GET", "/v1/companies/baidu", content=b"x" * 1000).status_code == 200
