"""The base class of the models."""

from functools import cached_property

from pydantic import BaseModel


class Model(BaseModel, extra="ignore", defer_build=True):
    """An object of the API. Fields that a newer server adds are ignored."""

    @cached_property
    def etag(self) -> str | None:
        """The version that was read, for changes; None for an item of a list. No field: equal content is equal."""
        return None
