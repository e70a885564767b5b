"""What to do about errors that come of being in a sandbox, of Java, or of another Python."""

import re

#: What comes of looking for files where there are none.
FILES = (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError)
#: Names of Python 2, and of Jython, which NiFi's scripts were written for.
NAMES = {
    "unicode": "this is Python 3: str is text",
    "basestring": "this is Python 3: str",
    "xrange": "this is Python 3: range",
    "long": "this is Python 3: int",
    "raw_input": "a script has no input but its flowfiles",
    "unichr": "this is Python 3: chr",
    "reduce": "this is Python 3: from functools import reduce",
    "reload": "this is Python 3, and all text is Unicode: leave the line out",
    "execfile": "a script has no files",
    "flowFile": "flowFile = session.get() comes first",
    "flowfile": "it is the argument of def process(flowfile):",
    "JsonSlurper": "this is Python: import json, json.loads(text)",
    "PropertyDescriptor": "a script has no properties of its own making; add them to the processor",
}
#: Attributes, by what they are asked of.
ATTRIBUTES = {
    ("str", "getBytes"): "in Python: text.encode('utf-8')",
    ("str", "decode"): "this is Python 3: text needs no decoding",
    ("str", "length"): "in Python: len(text)",
    ("str", "equals"): "in Python: a == b",
    ("str", "substring"): "in Python: text[begin:end]",
    ("str", "toLowerCase"): "in Python: text.lower()",
    ("str", "toUpperCase"): "in Python: text.upper()",
    ("str", "contains"): "in Python: part in text",
    ("bytes", "encode"): "these are bytes; bytes.decode() makes text of them",
    ("dict", "has_key"): "this is Python 3: name in values",
    ("dict", "iteritems"): "this is Python 3: values.items()",
    ("dict", "itervalues"): "this is Python 3: values.values()",
    ("dict", "iterkeys"): "this is Python 3: values.keys()",
    ("list", "size"): "in Python: len(values)",
    ("list", "add"): "in Python: values.append(value)",
    ("list", "isEmpty"): "in Python: not values",
}
_OF_DICTS = {name: told for (of, name), told in ATTRIBUTES.items() if of == "dict"}
for _kind in ("JavaMap", "Attributes", "StateMap"):
    ATTRIBUTES |= {(_kind, name): told for name, told in _OF_DICTS.items()}


def hint(error, told):
    """What to do, or None."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return NAMES.get(error.name)
    if isinstance(error, AttributeError):
        found = re.match(r"AttributeError: '(\w+)' object has no attribute '(\w+)'", told)
        return ATTRIBUTES.get(found.groups()) if found else None
    if isinstance(error, RecursionError):
        return "a function calls itself without an end"
    if isinstance(error, UnicodeDecodeError):
        return "the bytes are no text in this encoding; flowfile.text('latin-1') takes any"
    if (type(error) is OSError or isinstance(error, FILES)) and "a script sees no" not in told:
        return (
            "a script sees no files: content is read with flowfile.read() or session.read, and "
            "written with flowfile.write() or session.write"
        )
    if isinstance(error, RuntimeError) and "start new thread" in told:
        return "a script has one thread; give the processor more concurrent tasks"
    if isinstance(error, SyntaxError):
        return _of_syntax(error)
    if isinstance(error, TypeError) and "bytes-like object is required, not 'str'" in told:
        return "text becomes bytes by text.encode('utf-8')"
    return None


def _of_syntax(error):
    text = (error.text or "").strip()
    if "print" in text and "parenthes" in (error.msg or ""):
        return "this is Python 3"
    if isinstance(error, TabError):
        return "use spaces alone, or tabs alone"
    if re.match(r"(def|function|var|let|const)\b.*[{;]$", text):
        return "this does not look like Python; is the script's language set right?"
    return None
