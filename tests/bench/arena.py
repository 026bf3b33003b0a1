"""The servers on one database, the requests for each, and the check of what they answer."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import Connection

from app.database.database import Database
from tests.bench.contenders import Contender
from tests.bench.data import settings_of
from tests.bench.endpoints import HOT_KEYS, Key, address_of, keys_of, samples
from tests.bench.expected import Items, answered_items, answered_rows, expected_items
from tests.bench.rivals import datasette
from tests.bench.rivals.answers import Answers, get_answers, read_answers, write_answers
from tests.bench.servers import Server, api_settings, serving
from tests.bench.wrk import Request

NO_CACHE = "0"
IDENTITY = {"Accept-Encoding": "identity"}
_SMALLEST_COMPRESSED = 1000


class AnswerWrong(Exception):
    """A server does not answer what it must, so its speed means nothing."""


@dataclass(frozen=True)
class Place:
    """The database that is served, and a folder for what servers say and need."""

    engine: str
    companies: int
    url: str
    folder: Path

    @property
    def file(self) -> Path:
        """Where SQLite has it."""
        return Path(self.url.removeprefix("sqlite:///"))


@dataclass(frozen=True)
class Arena:
    """Running servers by name, what is asked of each endpoint, and this API's answers to what is repeated."""

    place: Place
    connection: Connection
    keys: dict[str, list[Key]]
    servers: dict[str, Server] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)
    _expected: dict[tuple[str, str, bool], Items] = field(default_factory=dict)

    def keys_for(self, contender: Contender, endpoint: str) -> list[Key]:
        return self.keys[endpoint][:HOT_KEYS] if contender.repeated else self.keys[endpoint]

    def request(self, contender: Contender, endpoint: str, key: Key) -> Request:
        """What a contender is asked for a key."""
        address = address_of(endpoint, key)
        if contender.name == "datasette":
            return datasette.address_of(self.place.file, endpoint, key), {}
        if contender.name == "idiomatic" and endpoint == "deep":
            return f"/v1/companies?offset={int(key['row']) + 1}", {}
        if contender.name == "not-modified":
            return address, {"If-None-Match": dict(self.answers[endpoint][address].headers)["etag"]}
        return address, contender.headers

    def requests(self, contender: Contender, endpoint: str) -> list[Request]:
        return [self.request(contender, endpoint, key) for key in self.keys_for(contender, endpoint)]

    def check(self, contender: Contender, endpoint: str) -> None:
        """Asks for the first, the middle and the last key. Raises AnswerWrong."""
        with httpx.Client(base_url=self.servers[contender.server].url, timeout=120, trust_env=False) as client:
            for key in samples(self.keys_for(contender, endpoint)):
                address, headers = self.request(contender, endpoint, key)
                response = client.get(address, headers={**IDENTITY, **headers})
                fault = self._fault(contender, endpoint, key, response)
                if fault:
                    raise AnswerWrong(f"{contender.title} answers {address} {fault}")

    def _fault(self, contender: Contender, endpoint: str, key: Key, response: httpx.Response) -> str | None:
        if response.status_code != contender.status:
            return f"with {response.status_code}: {response.text[:500]}"
        if contender.status == 304:
            return "with a body" if response.content else None
        compressed = response.headers.get("content-encoding") == "gzip"
        if compressed != ("Accept-Encoding" in contender.headers and len(response.content) >= _SMALLEST_COMPRESSED):
            return f"with the encoding {response.headers.get('content-encoding')}"
        read = answered_rows if contender.name == "datasette" else lambda answer: answered_items(endpoint, answer)
        ranks_all = contender.name in ("datasette", "idiomatic")
        found, wanted = read(response.json()), self._wanted(endpoint, key, ranks_all=ranks_all)
        return None if found == wanted and wanted else f"with {str(found)[:500]}, not with {str(wanted)[:500]}"

    def _wanted(self, endpoint: str, key: Key, *, ranks_all: bool) -> Items:
        name = endpoint, address_of(endpoint, key), ranks_all
        if name not in self._expected:
            self._expected[name] = expected_items(self.connection, endpoint, key, ranks_all=ranks_all)
        return self._expected[name]


@contextmanager
def open_arena(place: Place, contenders: Sequence[Contender], endpoints: Sequence[str]) -> Iterator[Arena]:
    """Starts what the contenders need, each server as a process of its own, and ends it after the block."""
    database = Database(settings_of(place.url))
    with ExitStack() as stack, database.reading() as connection:
        stack.callback(database.engine.dispose)
        arena = Arena(place, connection, {endpoint: keys_of(endpoint, place.companies, connection) for endpoint in endpoints})
        wanted = {contender.server for contender in contenders}
        arena.servers["api"] = stack.enter_context(_serve(place, "api"))
        with httpx.Client(base_url=arena.servers["api"].url, headers=IDENTITY, timeout=120, trust_env=False) as client:
            for endpoint, keys in arena.keys.items():
                addresses = [address_of(endpoint, key) for key in keys[:HOT_KEYS]]
                arena.answers[endpoint] = get_answers(client, addresses)
        everything = {address: answer for answers in arena.answers.values() for address, answer in answers.items()}
        write_answers(place.folder / "answers.json", everything)
        for name in sorted(wanted - {"api"}):
            arena.servers[name] = stack.enter_context(_serve(place, name))
        yield arena


@contextmanager
def _serve(place: Place, name: str) -> Iterator[Server]:
    if name in ("api", "api without cache"):
        more = {} if name == "api" else {"cache_megabytes": NO_CACHE}
        settings = api_settings(place.url, **more)
        with serving(place.folder, "app", ["serve", "--port", "{port}", "--workers", "1"], settings, "/health/ready") as server:
            yield server
    elif name == "datasette":
        arguments = datasette.arguments(place.folder, place.file)
        with serving(place.folder, datasette.MODULE, arguments, {}, datasette.READY) as server:
            yield server
    else:
        subject = place.url if name == "idiomatic" else str(place.folder / "answers.json")
        ready = "/openapi.json" if name == "idiomatic" else next(iter(read_answers(place.folder / "answers.json")))
        with serving(place.folder, "tests.bench.rivals", [name, subject, "{port}"], {}, ready) as server:
            yield server
