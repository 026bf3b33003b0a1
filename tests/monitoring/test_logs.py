"""The log of a real server: a line for each request, in JSON and in text, which nobody can forge and which holds no secret."""

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.auth.credentials import Key
from app.auth.key import Scope
from app.database.database import Database
from tests.cli.processes import serving
from tests.databases import Databases, settings_for
from tests.monitoring.reading import START_OF_A_LINE, Log, make_key, send_raw

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"
MARK = "geheim"


def lose_the_head(url: str) -> None:
    """Breaks a database so that reading from it is a fault of the server's."""
    database = Database(settings_for(url))
    with database.writing() as connection:
        connection.execute(text("DELETE FROM revision_head"))
    database.engine.dispose()


def refuse_companies(url: str) -> None:
    """Makes writing a company a fault that the database raises."""
    database = Database(settings_for(url))
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE companies ADD CONSTRAINT refusal CHECK (name NOT LIKE 'A %')"))
        else:
            refusal = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            connection.execute(text(f"CREATE TRIGGER refusal BEFORE INSERT ON companies {refusal}"))
    database.engine.dispose()


def test_each_request_is_a_line_of_json_with_what_is_asked_about_it(databases: Databases, tmp_path: Path) -> None:
    url = databases.copy(databases.seeded)
    key = make_key(url, "newsroom")
    with serving(tmp_path, database_url=url, log_format="json") as served:
        with httpx.Client(base_url=served.url) as client:
            first = client.get("/v1/companies/baidu?include=milestones", headers={"traceparent": TRACEPARENT})
            client.get("/v1/companies/baidu?include=milestones")
            client.delete("/v1/companies/nobody", headers={"Authorization": f"Bearer {key}", "If-Match": "*"})
            client.head("/v1/companies/baidu?limit=1")
            client.get("/nothing")
        lines = Log(served).requests(5)

    assert lines[0]["request_id"] == first.headers["x-request-id"]
    assert lines[0]["bytes"] == int(first.headers["content-length"])
    assert lines[0]["client"] == "127.0.0.1"
    assert float(str(lines[0]["duration_ms"])) > 0
    reported = [tuple(line[name] for name in ("method", "path", "route", "status", "cache", "key", "trace_id")) for line in lines]
    route = "/v1/companies/{company}"
    assert reported == [
        ("GET", "/v1/companies/baidu", route, 200, "miss", None, TRACE_ID),
        ("GET", "/v1/companies/baidu", route, 200, "hit", None, None),
        ("DELETE", "/v1/companies/nobody", route, 404, None, "newsroom", None),
        ("HEAD", "/v1/companies/baidu", route, 422, None, None, None),
        ("GET", "/nothing", None, 404, None, None, None),
    ]
    assert {line["level"] for line in lines} == {"INFO"}
    assert lines[0]["request_id"] != lines[1]["request_id"]


def test_a_refused_key_is_a_line_with_its_status(databases: Databases, tmp_path: Path) -> None:
    url = databases.copy(databases.seeded)
    reader, unknown = make_key(url, "dashboard", Scope.READ), Key.new().text
    with serving(tmp_path, database_url=url, log_format="json") as served:
        for key in (reader, unknown):
            httpx.delete(f"{served.url}/v1/companies/baidu", headers={"Authorization": f"Bearer {key}", "If-Match": "*"})
        send_raw(served.url, b"GET /v1/companies HTTP/1.1\r\n\r\n")
        lines = Log(served).requests(3)

    assert [(line["status"], line["key"], line["client"]) for line in lines] == [
        (403, "dashboard", "127.0.0.1"),
        (401, None, "127.0.0.1"),
        (400, None, "127.0.0.1"),
    ]


@pytest.mark.slow
def test_in_text_a_line_has_the_same(tmp_path: Path) -> None:
    with serving(tmp_path, log_format="text") as served:
        answer = httpx.get(f"{served.url}/v1/companies/baidu?x={MARK}", headers={"traceparent": TRACEPARENT})
        (line,) = Log(served).text_lines()

    assert re.fullmatch(
        r"\S+Z INFO:     GET /v1/companies/baidu 422 route=/v1/companies/{company} duration_ms=[\d.]+ bytes=\d+"
        rf" client=127\.0\.0\.1 cache=miss trace_id={TRACE_ID} request_id={answer.headers['x-request-id']}",
        line,
    )


@pytest.mark.slow
def test_text_is_for_terminals_and_json_for_what_else_reads_the_log(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        httpx.get(f"{served.url}/health/live")
        assert [line["path"] for line in Log(served).requests()] == ["/health/live"]


@pytest.mark.slow
@pytest.mark.parametrize("log_format", ["json", "text"])
def test_nothing_that_a_client_sends_makes_a_line_or_shows_a_secret(tmp_path: Path, log_format: str) -> None:
    forged = "2026-01-01T00:00:00.000Z INFO:     GET /forged 200 bytes=1"
    head = (
        f"GET /v1/companies/%0A%0D%1B[31m{forged.replace(' ', '%20')}x?key={MARK} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        f"Authorization: Bearer {MARK}\r\nCookie: {MARK}\r\nUser-Agent: {MARK}\r\n"
        f'X-Forwarded-For: 9.9.9.9", "status": "\x85{forged}\r\n'
        f"traceparent: {MARK}\r\nContent-Length: {len(MARK)}\r\n\r\n{MARK}"
    )
    with serving(tmp_path, log_format=log_format, log_level="debug") as served:
        answers = [
            send_raw(served.url, request) for request in (head.encode("latin-1"), b"GET /a\nb\x1b HTTP/1.1\r\nHost: a\r\n\r\n")
        ]
        httpx.post(f"{served.url}/v1/datasets", content=MARK, headers={"Content-Type": "application/json"})
        log = Log(served)
        lines = log.requests(3) if log_format == "json" else log.text_lines(3)
        served.stop()

    assert [answer.split(b" ")[1] for answer in answers] == [b"400", b"400"]
    assert len(lines) == 3
    assert MARK not in served.said
    assert not {"\x1b", "\x85"} & set(served.said)
    logged = served.said.partition("Companies   http")[2].splitlines()[1:]
    for line in filter(None, logged):
        assert line.startswith("{") if log_format == "json" else START_OF_A_LINE.match(line), line


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_fault_is_logged_once_with_its_traceback_under_the_identifier_that_the_client_gets(
    databases: Databases, tmp_path: Path, log_format: str
) -> None:
    url = databases.copy(databases.seeded)
    with serving(tmp_path, database_url=url, log_format=log_format, log_level="warning") as served:
        lose_the_head(url)
        answer = httpx.get(f"{served.url}/v1/companies")
        missing = httpx.get(f"{served.url}/nothing")
        served.stop()

    body = answer.json()
    assert (answer.status_code, missing.status_code, body["type"]) == (500, 404, "/problems/internal-error")
    assert body["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert "NoResultFound" not in answer.text
    assert served.said.count("Traceback (most recent call last)") == 1
    assert served.said.count(" failed") == 1
    if log_format == "json":
        (line,) = Log(served).json_lines()
        assert (line["level"], line["request_id"]) == ("ERROR", answer.headers["x-request-id"])
        assert "NoResultFound" in str(line["traceback"])
    else:
        found = re.search(r"^\S+Z ERROR:    request \S+ failed .*request_id=(\S+)\n    Traceback", served.said, re.MULTILINE)
        assert found
        assert found[1] == answer.headers["x-request-id"]


def test_a_fault_in_a_change_does_not_show_what_was_to_be_written(databases: Databases, tmp_path: Path) -> None:
    url = databases.copy(databases.seeded)
    refuse_companies(url)
    headers = {"Authorization": f"Bearer {make_key(url, 'newsroom')}"}
    with serving(tmp_path, database_url=url, log_format="json") as served:
        change = {"companies": [{"slug": MARK, "name": f"A {MARK}", "note": f"A\n\n{MARK}"}]}
        answer = httpx.post(f"{served.url}/v1/datasets", json=change, headers=headers, timeout=60)
        served.stop()

    assert answer.status_code == 500
    assert "IntegrityError" in served.said
    assert MARK not in served.said


@pytest.mark.slow
def test_above_info_no_request_is_logged(tmp_path: Path) -> None:
    with serving(tmp_path, log_level="warning") as served:
        httpx.get(f"{served.url}/v1/companies")
        served.stop()

    assert "/v1/companies" not in served.said.partition("Companies   http")[2].partition("\n")[2]


@pytest.mark.slow
def test_every_worker_writes_the_same_kind_of_line(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", log_format="json") as served:
        for _ in range(4):
            httpx.get(f"{served.url}/health/live", timeout=30)
        assert {line["route"] for line in Log(served).requests(4)} == {"/health/live"}
        served.stop()

    after = served.said.partition("Companies   http")[2].splitlines()[1:]
    assert [line for line in after if line and not line.startswith("{")] == []
