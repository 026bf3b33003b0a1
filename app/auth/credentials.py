"""The text of a key: ``cp_<id>_<secret>``. A client has it, the database has its digest."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

_FORM = re.compile(r"cp_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
_NOBODYS = hashlib.sha256(secrets.token_bytes()).hexdigest()
"""What a key is compared with where there is none of its id, so that the answer takes as long."""


@dataclass(frozen=True, eq=False)
class Key:
    """A key as its owner has it. No ``repr`` shows it, and keys are compared with ``is_that_of`` alone."""

    id: str
    text: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A key that nobody can guess: its secret is 32 random bytes."""
        identity = secrets.token_hex(8)
        return cls(identity, f"cp_{identity}_{secrets.token_urlsafe(32)}")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """A key of the right form; None for any other text."""
        form = _FORM.fullmatch(text)
        return None if form is None else cls(form[1], text)

    @property
    def sha256(self) -> str:
        """The digest that is kept. A secret of 256 random bits needs no slow hash: there is nothing to guess it from."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_that_of(self, sha256: str | None) -> bool:
        """Whether this is the key of a digest, in a time that does not depend on either. None is the digest of no key."""
        return hmac.compare_digest(self.sha256, _NOBODYS if sha256 is None else sha256)


def sent_key(scope: Mapping[str, Any]) -> Key | None:
    """The key that a request sends as ``Authorization: Bearer``. None if it sends none, two, or one that is malformed."""
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(sent) != 1:
        return None
    scheme, _, text = sent[0].decode("latin-1").partition(" ")
    return Key.parse(text.strip()) if scheme.lower() == "bearer" else None
