"""How to cite a page: plain text, BibTeX and CSL-JSON, with the address at which it stays as it is."""

import json
import re
from typing import NamedTuple

from fastapi import Request

SITE = "Company Profiles"
_SPECIAL = re.compile(r"[\\{}$&#^_%~]")


class Reference(NamedTuple):
    """A page as a revision left it. ``path`` has the query that names the revision."""

    name: str
    title: str
    path: str
    url: str
    revision: int

    @classmethod
    def of(cls, request: Request, name: str, title: str, revision: int) -> "Reference":
        path = f"{request.scope['path']}?as_of={revision}"
        return cls(name, title, path, str(request.base_url).rstrip("/") + path, revision)

    @property
    def plain(self) -> str:
        return f"“{self.title}”. {SITE}, revision {self.revision}. {self.url}"

    @property
    def bibtex(self) -> str:
        title = _SPECIAL.sub(lambda found: "\\" + found[0] if found[0] in "{}$&#_%" else "", self.title)
        fields = {"title": title, "howpublished": SITE, "note": f"Revision {self.revision}", "url": self.url}
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.name}-{self.revision},\n{lines}}}"

    @property
    def csl(self) -> str:
        """Citation Style Language JSON, which Zotero and others import."""
        item = {
            "id": f"{self.name}-{self.revision}",
            "type": "webpage",
            "title": self.title,
            "container-title": SITE,
            "version": f"revision {self.revision}",
            "URL": self.url,
        }
        return json.dumps([item], ensure_ascii=False, indent=2)

    @property
    def link(self) -> str:
        """The header that names the address to cite (RFC 8574)."""
        return f'<{self.path}>; rel="cite-as"'
