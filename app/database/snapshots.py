"""Answers that take several statements, each of which may see another revision unless they share a snapshot."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the framework comes with it, and the process that keeps several workers shall not hold that
    from app.http.conditional import Stamp


class RevisionChanged(Exception):
    """A change came between two statements of an answer, which is then to be read again in a snapshot."""


def require_one_revision(first: "Stamp | None", last: "Stamp") -> None:
    """Raises RevisionChanged where the last statement of an answer saw another newest revision than the first did.

    Revisions only go up, so whatever was read between two statements that saw the same one is of that one, too.
    None stands for a first statement that was not needed.
    """
    if first is not None and first != last:
        raise RevisionChanged
