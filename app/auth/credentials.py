"""The text of an API key: ``cp_<id>_<secret>``. The client has the text, the database only its digest."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

_FORM = re.compile(r"cp_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
_NOBODYS = hashlib.sha256(secrets.token_bytes()).hexdigest()
"""Compared with a key whose ID is unknown, so that the response takes as long as for a wrong secret."""


@dataclass(frozen=True, eq=False)
class Key:
    """A key as its owner has it. ``repr`` hides the secret, and only ``is_that_of`` compares keys."""

    id: str
    text: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A new key, whose secret is 32 random bytes."""
        identity = secrets.token_hex(8)
        return cls(identity, f"cp_{identity}_{secrets.token_urlsafe(32)}")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """A well-formed key; None for any other text."""
        form = _FORM.fullmatch(text)
        return None if form is None else cls(form[1], text)

    @property
    def sha256(self) -> str:
        """The digest that is stored. A secret of 256 random bits cannot be guessed, so it needs no slow hash."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_that_of(self, sha256: str | None) -> bool:
        """Whether the digest belongs to this key, in constant time. None belongs to no key."""
        return hmac.compare_digest(self.sha256, _NOBODYS if sha256 is None else sha256)


def sent_key(scope: Mapping[str, Any]) -> Key | None:
    """The key that a request sends as ``Authorization: Bearer``. None if it sends none, two, or one that is malformed."""
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(sent) != 1:
        return None
    scheme, _, text = sent[0].decode("latin-1").partition(" ")
    return Key.parse(text.strip()) if scheme.lower() == "bearer" else None
