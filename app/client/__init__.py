"""A client of the Company Profiles API: typed, synchronous and asynchronous. docs/api/python.md has recipes.

It imports nothing of the server. ``pip install ./app/client`` installs it alone, as the package ``company_profiles``;
therefore its modules import each other relatively.
"""

from .cache import Cache
from .client import AsyncClient, Client
from .events import DatasetReplaced
from .problems import Conflict, Gone, Invalid, NotFound, PreconditionFailed, Problem, Unauthorized

__all__ = [
    "AsyncClient", "Cache", "Client", "Conflict", "DatasetReplaced", "Gone", "Invalid", "NotFound", "PreconditionFailed",
    "Problem", "Unauthorized",
]  # fmt: skip
