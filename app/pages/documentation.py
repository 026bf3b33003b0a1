"""Swagger UI and ReDoc, loaded from this server alone."""

from secrets import token_urlsafe

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.pages.layout import content_policy, page

_SCRIPTED = {"script_src": "'self'", "connect_src": "'self'", "img_src": "'self' data:", "font_src": "'self' data:"}
_SCROLLBAR_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
"""The only style that ReDoc's bundle adds before it can read the nonce: first empty, then filled.

It styles scrollbars that we don't use, so a bundle with another style logs a refusal but looks the same.
"""


async def swagger_page(request: Request) -> HTMLResponse:
    return page(
        request,
        "docs.html",
        "API explorer · Company Profiles",
        path="/docs",
        policy=content_policy(**_SCRIPTED),
        styles=["swagger-ui.css", "guide.css"],
        scripts=["swagger-ui-bundle.js", "docs.js"],
    )


async def redoc_page(request: Request) -> HTMLResponse:
    """ReDoc creates its styles in the browser. A nonce admits these and no others."""
    nonce = token_urlsafe(16)
    return page(
        request,
        "redoc.html",
        "API reference · Company Profiles",
        path="/redoc",
        policy=content_policy(**_SCRIPTED, style_src=f"'self' 'nonce-{nonce}' {_SCROLLBAR_STYLE}", worker_src="blob:"),
        scripts=["redoc.standalone.js", "docs.js"],
        nonce=nonce,
    )
