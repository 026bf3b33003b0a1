"""Text made safe to print: for messages, logs and terminals. It imports nothing, so that every process can use it."""


def printable(text: str) -> str:
    """The text in one line, with control characters and lone surrogates escaped."""
    return text if text.isprintable() else "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
