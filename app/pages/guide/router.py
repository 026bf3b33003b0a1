"""The guide: the pages of ``docs``, in the frame of the site."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.errors.reading import NotFound
from app.http.root_path import root_path_of
from app.pages.guide.files import ATTACHMENTS, Chapter, chapters, content, named, url_of
from app.pages.guide.markdown import page_of
from app.pages.guide.search import sections_with
from app.pages.layout import page
from app.values.text import Printable, nearest

router = APIRouter(include_in_schema=False)


class GuideParameters(BaseModel, extra="forbid"):
    """What the guide's search form sends: its field may be empty."""

    q: Annotated[Printable, Field(max_length=200)] = ""


@router.get("/guide")
def get_guide(request: Request, parameters: Annotated[GuideParameters, Query()]) -> Response:
    """The pages of the guide in their groups, or the sections that contain the words of ``q``."""
    return page(
        request,
        "guide.html",
        f"{parameters.q} · Guide · Company Profiles" if parameters.q else "Guide · Company Profiles",
        path="/guide",
        styles=["guide.css"],
        groups=_groups(),
        guide_query=parameters.q,
        found=sections_with(parameters.q),
    )


@router.get("/guide/{path:path}")
def get_guide_page(request: Request, path: str) -> Response:
    """A page of the guide, or a file that one shows. Raises NotFound, which suggests the most similar page."""
    if not path or path.endswith("/"):
        location = f"{root_path_of(request.scope)}/guide/{path.rstrip('/')}".rstrip("/")
        return Response(status_code=308, headers={"Location": location, "Cache-Control": "no-cache"})
    name = named(path)
    if name is None:
        near = nearest(path, [chapter.name for chapter in chapters()])
        raise NotFound(f"The guide has no page {path[:100]!r}.", suggestions=[url_of(near) if near else "/guide"])
    extension = f".{name.rpartition('.')[2]}"
    if extension in ATTACHMENTS:
        return Response(content(name), media_type=ATTACHMENTS[extension], headers={"Cache-Control": "no-cache"})
    return _chapter_page(request, next(chapter for chapter in chapters() if chapter.name == name))


def _chapter_page(request: Request, chapter: Chapter) -> Response:
    shown = page_of(chapter.name, root_path_of(request.scope))
    order = chapters()
    place = order.index(chapter)
    return page(
        request,
        "guide_page.html",
        f"{shown.title} · Guide · Company Profiles",
        path=chapter.url,
        styles=["guide.css"],
        groups=_groups(),
        chapter=chapter,
        shown=shown,
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
    )


def _groups() -> list[tuple[str, list[Chapter]]]:
    """The pages of the index in their groups. Those without a group are linked to from another page."""
    return [(name, list(members)) for name, members in groupby(chapters(), lambda chapter: chapter.group) if name]
