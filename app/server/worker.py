"""The application of a worker process."""

import gc
import sys

from starlette.types import ASGIApp

from app.server.process import exit_with_parent

_SWITCH_SECONDS = 0.001
"""How long the thread of an expensive read may run before the event loop gets its turn: the interpreter's own time is five
times as long, and a short read needs several turns."""


def create_application() -> ASGIApp:
    """Import and build it with the settings of the environment. It lives as long as the process.

    The garbage collector is off meanwhile, because imports leave little garbage and searching for it takes a sixth of the
    start. What exists afterwards is frozen: a full collection would otherwise go through it, and stop the process for 100 ms.
    """
    exit_with_parent()
    gc.disable()
    sys.modules["pydantic.v1"] = None  # type: ignore[assignment] # FastAPI loads 2 MB of it only to refuse its models
    from app.main import create_served_app  # noqa: PLC0415

    sys.setswitchinterval(_SWITCH_SECONDS)
    application = create_served_app()
    gc.freeze()
    gc.enable()
    return application
