"""Query parameters of histories."""

from typing import Annotated

from pydantic import Field

from app.http.lists.parameters import MAXIMUM_LIMIT, Cursor
from app.http.parameters import Parameters, WholeNumber


class HistoryParameters(Parameters):
    """Parameters of a history."""

    limit: Annotated[
        int, Field(title="history limit", ge=1, le=MAXIMUM_LIMIT, description="Revisions on a page.", examples=[20]), WholeNumber
    ] = 50
    cursor: Cursor = None
