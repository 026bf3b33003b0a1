"""Responses that take several statements, which must all see the same revision."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing it would load the framework, which the parent of several workers must not hold
    from app.http.conditional import Stamp


class SnapshotChanged(Exception):
    """A change was committed between two statements of a response. ``Database.read`` then repeats them in one snapshot."""


def require_one_snapshot(first: "Stamp | None", last: "Stamp") -> None:
    """Raises SnapshotChanged if the last statement saw another newest revision than the first did.

    Revision numbers only grow, so whatever was read between two statements that saw the same one belongs to it too.
    None means that no first statement was needed.
    """
    if first is not None and first != last:
        raise SnapshotChanged
