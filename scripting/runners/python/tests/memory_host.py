"""A host in memory, for tests: what the engine's one does, in short. Knows no binding."""

import uuid


class Refusal(Exception):
    """What the host says no with: the name of its case, and the text."""

    def __init__(self, case, text):
        super().__init__(f"{case}: {text}")
        self.case, self.text = case, text


class Held:
    """A flowfile of a session."""

    def __init__(self, host, content=b"", attributes=None, penalized=False):
        self.host, self.content, self.penalized = host, content, penalized
        self.attributes_now = dict(attributes or {})
        self.end = None

    def size(self):
        return len(self.content)

    def attribute(self, name):
        return self.attributes_now.get(name)

    def attributes(self):
        return list(self.attributes_now.items())

    def set_attributes(self, changed, removed):
        self.host.calls.append("set-attributes")
        if any(name == "uuid" for name, _ in changed) or "uuid" in removed:
            raise Refusal("invalid", "the attribute uuid cannot be changed")
        for name in removed:
            self.attributes_now.pop(name, None)
        self.attributes_now.update(changed)

    def read_all(self, limit):
        if len(self.content) > limit:
            raise Refusal("limit", f"the content has {len(self.content)} bytes")
        return self.content

    def write_all(self, data):
        self._room(len(data))
        self.content = bytes(data)

    def read(self, offset):
        return Reader(self.content, offset)

    def write(self, append):
        return Writer(self, self.content if append else b"")

    def penalize(self):
        self.penalized = True

    def _room(self, size):
        if size > self.host.content_max:
            raise Refusal("limit", f"a script writes at most {self.host.content_max} bytes")


class Reader:
    def __init__(self, content, at):
        self.content, self.at = content, at

    def next(self, most):
        data = self.content[self.at : self.at + min(most, 1 << 20)]
        self.at += len(data)
        return data


class Writer:
    def __init__(self, flowfile, before):
        self.flowfile, self.made = flowfile, bytearray(before)

    def push(self, data):
        self.flowfile._room(len(self.made) + len(data))
        self.made += data

    def copy_from(self, source, offset, length):
        end = None if length is None else offset + length
        data = source.content[offset:end]
        self.push(data)
        return len(data)

    def finish(self):
        self.flowfile.content = bytes(self.made)


class MemoryHost:
    """A queue before the processor, and what came of it."""

    def __init__(self, flowfiles=(), properties=None, state=None, **more):
        self.queue = []
        for content, attributes in flowfiles:
            named = {"uuid": str(uuid.uuid4()), "filename": f"{len(self.queue)}.txt", **attributes}
            self.queue.append(Held(self, content, named))
        self.properties = dict(properties or {})
        self.state = dict(state or {})
        self.relationships = more.get("relationships", ("success", "failure", "other"))
        self.content_max = more.get("content_max", 1 << 30)
        self.ends_after = more.get("ends_after")
        self.audio = more.get("audio")
        self.out, self.logged, self.counters, self.calls = {}, [], {}, []
        self.removed, self.yielded, self.asked = [], False, 0

    # The interface `session`.

    def get(self, most):
        self.calls.append(f"get {most}")
        taken, self.queue = self.queue[:most], self.queue[most:]
        return taken

    def create(self, parents):
        shared = dict.items(parents[0].attributes_now) if parents else ()
        for parent in parents[1:]:
            shared = [pair for pair in shared if pair in parent.attributes_now.items()]
        return Held(self, b"", {**dict(shared), "uuid": str(uuid.uuid4())})

    def clone(self, parent):
        made = self.create([parent])
        made.content = parent.content
        return made

    def transfer(self, flowfiles, relationship):
        self.calls.append(f"transfer {len(flowfiles)}")
        if relationship not in self.relationships:
            known = '", "'.join(self.relationships)
            told = f'there is no relationship "{relationship}"; there is "{known}"'
            raise Refusal("unknown-relationship", told)
        self.out.setdefault(relationship, []).extend(flowfiles)

    def remove(self, flowfiles):
        self.removed += flowfiles

    def property(self, name, flowfile):
        value = self.properties.get(name)
        if flowfile is not None and value:
            for attribute, text in flowfile.attributes_now.items():
                value = value.replace("${" + attribute + "}", text)
        return value

    def dynamic_properties(self):
        return list(self.properties)

    def log(self, level, message):
        self.logged.append((level, message))

    def count(self, flowfile, name, amount):
        assert isinstance(flowfile, Held)
        self.counters[name] = self.counters.get(name, 0) + amount

    def should_end(self):
        self.asked += 1
        return self.ends_after is not None and self.asked >= self.ends_after

    def yield_processor(self):
        self.yielded = True

    def state_get(self, key):
        return self.state.get(key)

    def state_put(self, key, value):
        if value is None:
            self.state.pop(key, None)
        else:
            self.state[key] = value

    # What tests look at.

    def contents(self, relationship="success"):
        return [one.content for one in self.out.get(relationship, [])]

    def attributes(self, relationship="success"):
        return [one.attributes_now for one in self.out.get(relationship, [])]

    def messages(self, level=None):
        return [text for of, text in self.logged if level in (None, of)]
