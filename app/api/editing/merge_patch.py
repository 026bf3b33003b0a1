"""Merge patches (RFC 7396)."""

from app.records.validation import Value


def merged(target: Value, patch: dict[str, Value]) -> dict[str, Value]:
    """Applies a patch to a target: null removes a member, objects are merged, anything else replaces the old value."""
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = merged(result.get(name), value)
        else:
            result[name] = value
    return result
