"""What a component imports and exports, for the scripts that build the runners."""


def names(component: bytes) -> tuple[set[str], set[str]]:
    """What a component imports and exports, read from its outermost sections."""
    if component[:8] != b"\0asm\x0d\0\x01\0":
        raise ValueError("this is no component")
    found: dict[int, set[str]] = {10: set(), 11: set()}
    at = 8
    while at < len(component):
        kind, (size, begin) = component[at], number(component, at + 1)
        at = begin + size
        if kind in found:
            count, place = number(component, begin)
            for _ in range(count):
                length, start = number(component, place + 1)
                found[kind].add(component[start : start + length].decode())
                place = after_described(component, start + length, kind)
    return found[10], found[11]


def number(data: bytes, at: int) -> tuple[int, int]:
    """A number in LEB128, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def after_described(data: bytes, at: int, kind: int) -> int:
    """Where the description of an import ends, or the index and the description of an export."""
    sort = data[at]
    if kind == 11:
        at += 2 if sort == 0 else 1
        _, at = number(data, at)  # Its index.
        if data[at] == 0:
            return at + 1
        at, sort = at + 1, data[at + 1]
    if sort == 0:  # A core module: one more byte says so.
        at += 1
    if sort == 3:  # A type: a bound, which an index follows where it is one of equality.
        return number(data, at + 2)[1] if data[at + 1] == 0 else at + 2
    return number(data, at + 1)[1]
