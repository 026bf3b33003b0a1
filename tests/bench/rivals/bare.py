"""The bound: an ASGI application that does nothing but send bytes."""

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.bench.rivals.answers import Answers


def create_app(answers: Answers) -> ASGIApp:
    """Gives the answers again, by path and query."""
    messages = {
        tuple(address.encode().partition(b"?")[::2]): (
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers],
            },
            {"type": "http.response.body", "body": answer.body},
        )
        for address, answer in answers.items()
    }

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("there is nothing to start")
        start, body = messages[scope["raw_path"], scope["query_string"]]
        await send(start)
        await send(body)

    return app
