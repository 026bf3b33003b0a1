"""A FastAPI route that returns constant bytes: what the framework alone takes."""

from fastapi import FastAPI, Request, Response

from tests.bench.rivals.answers import Answers


def create_app(answers: Answers) -> FastAPI:
    """Gives the answers again, by path and query."""
    app = FastAPI(openapi_url=None)
    known = {
        address: (answer.body, {name: value for name, value in answer.headers if name != "content-length"})
        for address, answer in answers.items()
    }

    async def answer(request: Request) -> Response:
        url = request.scope["raw_path"] + (b"?" + request.scope["query_string"] if request.scope["query_string"] else b"")
        body, headers = known[url.decode()]
        return Response(body, headers=headers)

    for path in ("/v1/companies", "/v1/companies/{company}", "/v1/companies/{company}/profile", "/v1/search", "/v1/suggest"):
        app.add_api_route(path, answer, response_class=Response)
    return app
