"""A dict that also has the methods of Java's maps, which scripts for NiFi call."""


class Entry(tuple):
    """A name and its value."""

    __slots__ = ()

    def getKey(self):
        return self[0]

    def getValue(self):
        return self[1]


class JavaMap(dict):
    """`HashMap`, and what NiFi gives as `Map`."""

    __slots__ = ()

    def containsKey(self, name):
        return name in self

    def containsValue(self, value):
        return value in self.values()

    def entrySet(self):
        return [Entry(pair) for pair in self.items()]

    def getOrDefault(self, name, default):
        return self.get(name, default)

    def isEmpty(self):
        return not self

    def keySet(self):
        return self.keys()

    def put(self, name, value):
        before = self.get(name)
        self[name] = value
        return before

    def putAll(self, more):
        self.update(more)

    def remove(self, name):
        return self.pop(name, None)

    def size(self):
        return len(self)
