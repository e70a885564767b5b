"""What scripts give, as the engine has it: attributes are text, content is bytes."""

import json

from . import host


def attribute_name(name):
    if isinstance(name, str) and name:
        return host.text(name, "the name of an attribute")
    raise TypeError(f"the name of an attribute is {name!r}, but must be a text that is not empty")


def attribute_text(name, value):
    """The text of an attribute's value: numbers as Python writes them, lists and dicts as JSON."""
    if isinstance(value, str):
        return host.text(value, f"the attribute {name!r}")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise TypeError(f"the attribute {name!r} is bytes that are not UTF-8") from None
    if isinstance(value, (dict, list, tuple)):
        made = json_text(value, f"the attribute {name!r}")
        return host.text(made, f"the attribute {name!r}")
    made = tolist(value)
    if made is not value:
        return attribute_text(name, made)
    return host.text(str(value), f"the attribute {name!r}")


def content_bytes(data):
    """The bytes of a content: text in UTF-8, anything that is no bytes as JSON."""
    if isinstance(data, bytes):
        return data
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    if isinstance(data, str):
        return data.encode()
    return json_text(data, "the content").encode()


def json_text(value, what):
    try:
        return json.dumps(value, ensure_ascii=False, default=_jsonable)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{what} cannot be written as JSON: {error}; give bytes, a text, or a value of "
            "dicts, lists, texts and numbers"
        ) from None


def tolist(value):
    """Arrays and their numbers as Python's own lists and numbers; anything else as it is."""
    of = getattr(value, "tolist", None)
    return of() if callable(of) else value


def _jsonable(value):
    made = tolist(value)
    if made is value:
        raise TypeError(f"{type(value).__name__} is not a value of JSON")
    return made
