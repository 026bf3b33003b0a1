"""Problems of limits: subclasses of app/errors/problem.py's `Problem`, with their pages.

Problem
├── TooManyRequests   429
├── QueryTimeout      503
└── Overloaded        503
"""

from app.errors.problem import Problem


class TooManyRequests(Problem):
    """You, or others at your network address, have sent more requests than this server takes in such a time.

    The `RateLimit` header of each answer says how many are left and for how many seconds, `RateLimit-Policy` how many there
    are in all. `Retry-After` says when to go on.
    """

    name, title, status = "too-many-requests", "Too many requests", 429
    example = "This server takes 600 requests in 60 seconds from an address. Go on in 12 seconds."


class QueryTimeout(Problem):
    """The database took longer to answer than this server allows. Nothing was changed.

    Ask for less: without `total=true`, with filters, fewer companies or a shorter query. What the database was busy with may
    also have slowed it down; the `Retry-After` header says when to try again.
    """

    name, title, status = "query-timeout", "Query timeout", 503
    example = "The database took too long to answer this. Ask for less, or try again later."

    def __init__(self, detail: str = example) -> None:
        super().__init__(detail, headers={"Retry-After": "10"})


class Overloaded(Problem):
    """The server is asked for more at once than it takes, and has not looked at this request.

    The `Retry-After` header says when to try again.
    """

    name, title, status = "overloaded", "Overloaded", 503
    example = "The server is at work on as many requests as it takes. Try again soon."

    def __init__(self, detail: str = example) -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


LIMIT_PROBLEMS: tuple[type[Problem], ...] = (TooManyRequests, QueryTimeout, Overloaded)
"""What any address but those of health may answer with, however good the request."""
