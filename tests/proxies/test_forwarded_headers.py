"""Which proxies are believed, and what about: ``X-Forwarded-*``, RFC 7239, and the settings that precede both."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.main import create_app
from app.middleware.proxies import BehindProxies
from app.settings import Settings
from tests.databases import Databases, settings_for

PROXY, INNER, CLIENT = "10.0.0.1", "10.0.0.2", "203.0.113.7"
HOST = {"Host": "inner.example"}


async def show(scope: Scope, receive: Receive, send: Send) -> None:
    """What the application learns about a request."""
    request = Request(scope)
    seen = {"client": scope["client"][0], "base": str(request.base_url), "path": scope["path"], "raw": scope["raw_path"].decode()}
    await JSONResponse(seen)(scope, receive, send)


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", f"{PROXY},{INNER}")


def settings(**changes: str) -> Settings:
    return Settings.model_validate(Settings(_env_file=None).model_dump() | changes)


async def seen(headers: dict[str, str], path: str = "/v1", peer: str = PROXY, **configured: str) -> dict[str, str]:
    app: ASGIApp = BehindProxies(show, settings(**configured))
    transport = httpx.ASGITransport(app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://inner.example") as client:
        found: dict[str, str] = (await client.get(path, headers=headers)).json()
    return found


def run(headers: dict[str, str], path: str = "/v1", peer: str = PROXY, **configured: str) -> dict[str, str]:
    return asyncio.run(seen(headers, path, peer, **configured))


X_FORWARDED = {
    "X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "facts.example:8443",
    "X-Forwarded-Prefix": "/profiles",
}  # fmt: skip
RFC_7239 = {"Forwarded": f'for={CLIENT};proto=https;host="facts.example:8443"', "X-Forwarded-Prefix": "/profiles"}


@pytest.mark.parametrize("headers", [X_FORWARDED, RFC_7239], ids=["X-Forwarded", "RFC 7239"])
def test_a_trusted_proxy_names_client_scheme_host_and_root_path(headers: dict[str, str]) -> None:
    found = run(headers)

    assert found == {"client": CLIENT, "base": "https://facts.example:8443/profiles/", "path": "/v1", "raw": "/v1"}


@pytest.mark.parametrize("headers", [X_FORWARDED, RFC_7239], ids=["X-Forwarded", "RFC 7239"])
def test_nobody_else_is_believed(headers: dict[str, str]) -> None:
    assert run(headers, peer=CLIENT) == {"client": CLIENT, "base": "http://inner.example/", "path": "/v1", "raw": "/v1"}


LOOPBACK = "127.0.0.1"


@pytest.mark.parametrize("headers", [X_FORWARDED, RFC_7239], ids=["X-Forwarded", "RFC 7239"])
def test_by_default_a_proxy_on_this_machine_names_client_and_scheme_but_no_url(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS")

    assert run(headers, peer=LOOPBACK) == {"client": CLIENT, "base": "https://inner.example/", "path": "/v1", "raw": "/v1"}
    assert run(headers, peer=LOOPBACK, root_path="/facts")["base"] == "https://inner.example/facts/"
    assert run(headers, peer=PROXY)["base"] == "http://inner.example/"


@pytest.mark.parametrize(("allowed", "base"), [(LOOPBACK, "https://facts.example:8443/profiles/"), ("", "http://inner.example/")])
def test_a_proxy_on_this_machine_names_the_url_if_it_is_named_itself(
    monkeypatch: pytest.MonkeyPatch, allowed: str, base: str
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", allowed)

    assert run(X_FORWARDED, peer=LOOPBACK)["base"] == base


@pytest.mark.parametrize(
    ("header", "client", "base"),
    [
        (f'for="[2001:db8::1]:4711";proto=https, for={INNER}', "2001:db8::1", "https://inner.example/"),
        (f"For=198.51.100.1;host=spoofed.example, for={CLIENT};host=facts.example", CLIENT, "http://facts.example/"),
        (f"for={CLIENT};host=outer.example;proto=https, for={INNER};host=inner.test", CLIENT, "https://outer.example/"),
        ('for="_hidden";host="facts\\.example"', "_hidden", "http://facts.example/"),
        ("for=198.51.100.1;host=facts.example, nonsense", PROXY, "http://inner.example/"),
        (f'for={CLIENT};host="evil.example/x"', CLIENT, "http://inner.example/"),
        ("", PROXY, "http://inner.example/"),
    ],
)
def test_forwarded_is_read_from_the_nearest_proxy_to_the_first_that_is_not_trusted(header: str, client: str, base: str) -> None:
    found = run({"Forwarded": header})

    assert (found["client"], found["base"]) == (client, base)


def test_a_forwarded_header_that_a_proxy_passes_on_does_not_override_what_it_sets() -> None:
    found = run({**X_FORWARDED, "Forwarded": "for=198.51.100.1;host=evil.example"})

    assert (found["client"], found["base"]) == (CLIENT, "https://facts.example:8443/profiles/")


def test_of_several_hosts_the_nearest_proxys_counts() -> None:
    assert run({"X-Forwarded-Host": "evil.example, facts.example"})["base"] == "http://facts.example/"


@pytest.mark.parametrize(
    ("sent", "root_path"),
    [
        ("/profiles/", "/profiles"), ("/outer, /inner", "/outer/inner"), ("/a/b.c-d_~", "/a/b.c-d_~"), ("//evil.example", ""),
        ("/../x", ""), ("https://evil.example", ""), ("/a b", ""), ("/v1", ""), ("/docs/x", ""), ("/" + "x" * 300, ""), ("", ""),
    ],
)  # fmt: skip
def test_only_a_plain_path_is_a_root_path(sent: str, root_path: str) -> None:
    assert run({"X-Forwarded-Prefix": sent})["base"] == f"http://inner.example{root_path}/"


@pytest.mark.parametrize(
    ("sent", "path", "raw"),
    [
        ("/v1/companies", "/v1/companies", "/v1/companies"),
        ("/profiles/v1/companies", "/v1/companies", "/v1/companies"),
        ("/pro%66iles/v1/%61", "/v1/a", "/v1/%61"),
        ("/profiles", "/", "/"),
        ("/profiles/", "/", "/"),
        ("/profilesx/v1", "/profilesx/v1", "/profilesx/v1"),
    ],
)
@pytest.mark.parametrize("configured", [{"root_path": "/profiles/"}, {"public_url": "https://facts.example/profiles"}])
def test_the_root_path_may_be_removed_by_the_proxy_or_not(configured: dict[str, str], sent: str, path: str, raw: str) -> None:
    found = run({}, sent, peer=CLIENT, **configured)

    assert (found["path"], found["raw"]) == (path, raw)
    assert found["base"].endswith(".example/profiles/")


def test_the_public_url_precedes_what_proxies_send() -> None:
    found = run(X_FORWARDED, public_url="http://other.example:81")

    assert (found["client"], found["base"]) == (CLIENT, "http://other.example:81/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("root_path", "profiles"), ("root_path", "/v1"), ("root_path", "/docs/x"), ("root_path", "/a//b"),
        ("root_path", "/a/../b"),
        ("public_url", "facts.example"), ("public_url", "https://facts.example/v1"), ("public_url", "https://facts.example?x=1"),
        ("public_url", "ftp://facts.example"),
    ],
)  # fmt: skip
def test_a_root_path_or_public_url_that_cannot_work_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        settings(**{name: value})


def test_the_two_settings_must_agree() -> None:
    assert settings(root_path="/profiles", public_url="https://facts.example/profiles").public_url
    with pytest.raises(ValueError, match="PROFILES_ROOT_PATH"):
        settings(root_path="/other", public_url="https://facts.example/profiles")


def test_no_path_of_the_api_can_be_a_root_path() -> None:
    first = {path.split("/")[1] for path in create_app(Settings(_env_file=None)).openapi()["paths"]}

    for name in {*first, "assets", "docs", "redoc", "problems"}:
        with pytest.raises(ValueError, match="root_path"):
            settings(root_path=f"/{name}")


@pytest.mark.any_engine
def test_inside_another_application_urls_have_the_path_that_it_is_mounted_at(databases: Databases) -> None:
    inner = create_app(settings_for(databases.copy(databases.seeded)))
    app = Starlette(routes=[Mount("/facts", inner)])

    async def get() -> dict[str, str]:
        transport = httpx.ASGITransport(app)
        async with (
            inner.router.lifespan_context(inner),
            httpx.AsyncClient(transport=transport, base_url="http://inner") as client,
        ):
            found: dict[str, str] = (await client.get("/facts/v1/companies/baidu")).json()
            return found

    assert asyncio.run(get())["url"] == "/facts/v1/companies/baidu"


def test_a_header_of_spaces_is_read_in_linear_time() -> None:
    """A pattern that tried each way to share the spaces would need minutes, and a test has one."""
    assert run({**HOST, "Forwarded": f"for={CLIENT}," + " " * 200_000 + "x"})["client"] == PROXY
