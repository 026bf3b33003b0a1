"""What another program says is never taken for a response of the API, and no message shows the key."""

import httpx
import pytest

from app.client import Client, Problem

PAGE = httpx.Response(200, html="<!doctype html><title>Sign in</title>")


def redirecting(status: int) -> httpx.MockTransport:
    """A proxy that wants a login, or the right address, first."""
    return httpx.MockTransport(
        lambda request: PAGE if request.url.path == "/login" else httpx.Response(status, headers={"Location": "/login"})
    )


def client_of(transport: httpx.MockTransport) -> Client:
    return Client("http://api.example", http=httpx.Client(transport=transport, follow_redirects=True))


def test_a_page_is_no_response_of_the_api() -> None:
    client = client_of(httpx.MockTransport(lambda _: PAGE))

    for ask in (client.stats, lambda: next(client.events()), lambda: next(client.export())):
        with pytest.raises(Problem, match="is not this API"):
            ask()


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_makes_a_read_of_a_change_is_an_error(status: int) -> None:
    client = client_of(redirecting(status))

    with pytest.raises(Problem, match=r"http://api\.example/login is not this API"):
        client.companies.delete("fernhold", if_match='"version"')


@pytest.mark.parametrize("key", ["cp_secret key", "cp_secret\nX: y", "cp_secrét", "cp_secret\x00"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="an API key has no spaces") as refused:
        Client("http://api.example", key=key)

    assert "secr" not in str(refused.value)
