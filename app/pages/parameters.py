"""Query parameters that pages of data share."""

from pydantic import BaseModel

from app.http.parameters import AsOf


class PageParameters(BaseModel):
    """Parameters of a page. Unknown ones are ignored: what shares a link adds its own."""

    as_of: AsOf = None

    @property
    def query(self) -> str:
        """What the addresses of the same past have behind their path."""
        return "" if self.as_of is None else f"?as_of={self.as_of.replace('+', '%2B')}"
