"""Merge patches (RFC 7396)."""

from app.records.validation import Value


def merged(target: Value, patch: dict[str, Value]) -> dict[str, Value]:
    """What a patch makes of a target: null takes a member away, objects are merged, anything else replaces."""
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = merged(result.get(name), value)
        else:
            result[name] = value
    return result
