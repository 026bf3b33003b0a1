"""The pages that explain each type of problem, written from the docstrings of the error classes."""

import inspect
import re
from html import escape

from fastapi.responses import HTMLResponse

from app.errors.limits import LIMIT_PROBLEMS
from app.errors.problem import Problem
from app.errors.reading import PROBLEMS, NotFound
from app.errors.writing import WRITE_PROBLEMS
from app.pages.layout import fill, page
from app.values.text import nearest

_CODE = re.compile(r"`([^`]+)`")
_REQUEST_ID = "7c1f6f0e-94a5-4a7e-9a43-6a1f2f0f6b1d"
_ALL = sorted((*PROBLEMS, *LIMIT_PROBLEMS, *WRITE_PROBLEMS), key=lambda problem: problem.status)
_BY_NAME = {problem.name: problem for problem in _ALL}


def problems_page() -> HTMLResponse:
    """All types of problem, each with the start of its explanation."""
    items = (
        f'<li><a href="/problems/{problem.name}"><b>{problem.status}</b> {escape(problem.title)}</a>'
        f"<p>{_inline(_paragraphs(problem)[0])}</p></li>"
        for problem in _ALL
    )
    return page("Problems · Company Profiles", fill("problems.html", problems="".join(items)), address="/problems")


def problem_page(name: str) -> HTMLResponse:
    """One type of problem. Raises NotFound with the name that is spelt most alike."""
    problem = _BY_NAME.get(name)
    if problem is None:
        near = nearest(name, _BY_NAME)
        suggestions = [f"/problems/{near}" if near else "/problems"]
        raise NotFound(f"There is no type of problem {name[:100]!r}.", suggestions=suggestions)
    example = problem.for_example().details(_REQUEST_ID).model_dump_json(exclude_none=True, indent=2)
    content = fill(
        "problem.html",
        status=str(problem.status),
        title=escape(problem.title),
        explanation="".join(f"<p>{_inline(paragraph)}</p>" for paragraph in _paragraphs(problem)),
        example=escape(example),
        others="".join(_link(other, here=other is problem) for other in _ALL),
    )
    return page(f"{problem.title} · Company Profiles", content, address=f"/problems/{name}")


def _paragraphs(problem: type[Problem]) -> list[str]:
    return inspect.cleandoc(problem.__doc__ or problem.title).split("\n\n")


def _inline(text: str) -> str:
    """Text as HTML, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _link(problem: type[Problem], *, here: bool) -> str:
    mark = ' aria-current="page"' if here else ""
    return f'<li><a href="/problems/{problem.name}"{mark}><b>{problem.status}</b> {escape(problem.title)}</a></li>'
