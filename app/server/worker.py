"""The application as a server's process runs it."""

import gc

from starlette.types import ASGIApp

from app.main import create_served_app
from app.server.process import end_with_parent


def create_application() -> ASGIApp:
    """Build it with the settings of the environment, for as long as the process lives.

    What is there by now stays, so the garbage collector need not look through it again: that takes some hundred
    milliseconds, in which nobody is answered.
    """
    end_with_parent()
    application = create_served_app()
    gc.freeze()
    return application
