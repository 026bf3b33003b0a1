"""The pages that explain each problem type, written from the docstrings of the error classes."""

import inspect

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.errors import limits, reading, writing
from app.errors.problem import Problem
from app.errors.reading import NotFound
from app.pages.layout import page
from app.values.text import nearest

_REQUEST_ID = "7c1f6f0e-94a5-4a7e-9a43-6a1f2f0f6b1d"
_MODULES = [module.__name__ for module in (reading, limits, writing)]
_ALL = sorted(Problem.__subclasses__(), key=lambda problem: (problem.status, _MODULES.index(problem.__module__)))
_BY_NAME = {problem.name: problem for problem in _ALL}


async def problems_page(request: Request) -> HTMLResponse:
    """All problem types, each with the first paragraph of its explanation."""
    problems = [(problem, _paragraphs(problem)[0]) for problem in _ALL]
    return page(request, "problems.html", "Errors · Company Profiles", path="/problems", problems=problems)


async def problem_page(request: Request, name: str) -> HTMLResponse:
    """One problem type. Raises NotFound, which suggests the most similar name."""
    problem = _BY_NAME.get(name)
    if problem is None:
        near = nearest(name, _BY_NAME)
        raise NotFound(f"There is no problem type {name[:100]!r}.", suggestions=[f"/problems/{near}" if near else "/problems"])
    return page(
        request,
        "problem.html",
        f"{problem.title} · Company Profiles",
        path=f"/problems/{name}",
        problem=problem,
        paragraphs=_paragraphs(problem),
        example=problem().details(_REQUEST_ID).model_dump_json(exclude_none=True, indent=2),
        others=_ALL,
    )


def _paragraphs(problem: type[Problem]) -> list[str]:
    return inspect.cleandoc(problem.__doc__ or problem.title).split("\n\n")
