"""The frame of every page, and the policy that keeps it to this server."""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from fastapi.responses import HTMLResponse

from app import __version__
from app.pages.static import ASSETS

_TEMPLATES = Path(__file__).parent / "templates"
_NAVIGATION = {"/": "Start", "/docs": "Try it", "/redoc": "Reference", "/problems": "Problems"}
_STRICTEST = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def content_policy(**sources: str) -> str:
    """A Content-Security-Policy: the strictest that a page can do with, and what it needs beside (``script_src="'self'"``)."""
    directives = _STRICTEST | {name.replace("_", "-"): source for name, source in sources.items()}
    return "; ".join(f"{name} {source}" for name, source in directives.items())


PAGE_POLICY = content_policy()


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / name).read_text(encoding="utf-8"))


def fill(name: str, /, **html: str) -> str:
    """A template of this folder with its places filled. Everything given is HTML: escape text first."""
    return _template(name).substitute(html, assets=ASSETS)


def page(
    title: str,
    content: str,
    *,
    address: str,
    policy: str = PAGE_POLICY,
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
) -> HTMLResponse:
    """A whole page. ``content`` is HTML; ``styles`` and ``scripts`` name assets; ``address`` is marked in the navigation."""
    html = fill(
        "frame.html",
        title=escape(title),
        styles="".join(f'<link rel="stylesheet" href="{ASSETS}/{name}">' for name in (*styles, "style.css")),
        scripts="".join(f'<script src="{ASSETS}/{name}" defer></script>' for name in scripts),
        navigation="".join(_navigation_item(target, name, address) for target, name in _NAVIGATION.items()),
        content=content,
        version=escape(__version__),
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Content-Security-Policy": policy})


def _navigation_item(target: str, name: str, address: str) -> str:
    here = ""
    if target == address:
        here = ' aria-current="page"'
    elif target != "/" and address.startswith(f"{target}/"):
        here = ' aria-current="true"'
    return f'<li><a href="{target}"{here}>{name}</a></li>'
