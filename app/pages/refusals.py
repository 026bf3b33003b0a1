"""The page of a problem, for people who opened an address that cannot be shown."""

import re

from fastapi import Request, Response

from app.errors.problem import ProblemDetails
from app.http.root_path import root_path_of
from app.pages.front import closed_page
from app.pages.layout import page

_PAGE = re.compile(r"/v1(/companies/[^/?]+(?:/(?:milestones|products|metrics)/[^/?]+)?|/sources/[^/?]+|)(\?.*)?")
"""The paths of the API that have a page, and a query."""


def refusal_page(request: Request, problem: ProblemDetails) -> Response:
    """What went wrong, and what may be meant. Without a key, a server whose reads need one shows its closed page only."""
    if problem.status == 401:
        return closed_page(request)
    root_path = root_path_of(request.scope)
    return page(
        request,
        "refusal.html",
        f"{problem.title} · Company Profiles",
        path=request.scope["path"],
        problem=problem,
        links=[_as_page(url, root_path) for url in problem.suggestions or () if url.startswith("/")],
    )


def _as_page(url: str, root_path: str) -> tuple[str, str]:
    """The address of the page of a resource, otherwise the URL as it is, and what to call it."""
    path = url.removeprefix(root_path)
    found = _PAGE.fullmatch(path)
    target = found[1] + (found[2] or "") if found and found[1] else path
    return root_path + target, target
