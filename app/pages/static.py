"""The files that pages load: our own, and Swagger UI and ReDoc as the package fastapi-offline ships them."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from fastapi import Request, Response
from starlette.staticfiles import StaticFiles

_OURS = Path(__file__).parent / "assets"
_PACKAGE = "fastapi_offline"
_ONE_YEAR = "public, max-age=31536000, immutable"

_files = StaticFiles(directory=_OURS, packages=[(_PACKAGE, "static")])


def _digest() -> str:
    """Changes when any of the files does."""
    digest = sha256()
    for folder in (files(__package__) / "assets", files(_PACKAGE) / "static"):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


DIGEST = _digest()
ASSETS = f"/assets/{DIGEST}"
"""Where the files are. The address changes with their content, so that browsers may keep them."""


async def asset_response(request: Request, digest: str, name: str) -> Response:
    """One file. Another version's address has ours too, but not to be kept: a page may come from a process that is newer."""
    response = await _files.get_response(name, request.scope)
    response.headers["Cache-Control"] = _ONE_YEAR if digest == DIGEST else "no-cache"
    return response
