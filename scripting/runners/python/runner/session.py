"""A session: which flowfiles there are, and where they go. What it is told counts at its end."""

from wit_world.imports import session as engine

from . import host
from .errors import FlowFileHandlingException, RolledBack
from .flowfile import FlowFile
from .missing import no_such

#: So many are handed to the engine at once.
AT_ONCE = 1000
#: So many are asked for at once: the engine gives as many as a session should have.
TAKEN_MAX = 100


class Session:
    """All that one call of the script does: it counts at once when it ends well, or not at all."""

    def __init__(self):
        #: Relationships that the engine is known to have.
        self._known = set()
        self._begin()

    def _begin(self):
        self._live = {}  # Those that have come to no end yet, by identity.
        self._out = {}  # Those that have one and were not told to the engine: by relationship.
        self._removed = []
        self._counts = []  # Those that wait for a flowfile to be counted on.
        self._waiting = []  # Those that were taken ahead, the last first.

    # What both styles call.

    def create(self, parent=None):
        """A new flowfile without content, with the attributes of `parent`, or of several."""
        parents = parent if isinstance(parent, (list, tuple)) else [parent] if parent else []
        handles = [self._own(one)._flush() for one in parents]
        return self._add(FlowFile(host.call(engine.create, handles), 0))

    def clone(self, flowfile):
        """Another with the same attributes and content; no byte is copied."""
        return self._add(FlowFile(host.call(engine.clone, self._own(flowfile)._flush())))

    def transfer(self, flowfile, relationship="success"):
        """Gives a flowfile, or each of a list, to a relationship."""
        name = relationship_name(relationship)
        end = "transferred to " + name
        # Nearly always it is one, and this is run for each flowfile.
        for one in (flowfile,) if type(flowfile) is FlowFile else _each(flowfile):
            handle = self._own(one)._finish(end)
            del self._live[id(one)]
            handles = self._out.get(name)
            if handles is None or len(handles) >= AT_ONCE:
                self._send(name, handle)
            else:
                handles.append(handle)

    def remove(self, flowfile):
        """Lets a flowfile, or each of a list, end here."""
        for one in _each(flowfile):
            self._removed.append(self._own(one)._finish("removed"))
            del self._live[id(one)]

    def penalize(self, flowfile):
        """Lets it wait for the processor's penalty duration wherever it goes."""
        for one in _each(flowfile):
            self._own(one).penalize()
        return flowfile

    def rollback(self, penalize=False):
        """Undoes all that this call did; what it took is tried again. Ends the call."""
        raise RolledBack("the script rolled its session back")

    def count(self, name, amount=1):
        """Adds to a counter of the processor."""
        if not isinstance(name, str) or isinstance(amount, bool) or not isinstance(amount, int):
            raise TypeError(f"a counter has a name and a whole number, not {name!r}, {amount!r}")
        if amount < 0:
            raise ValueError(f"counters only go up, and {name!r} was to go by {amount}")
        host.text(name, "the name of a counter")
        host.whole(amount, "what is counted")
        handle = self._any_handle()
        if handle is None:
            self._counts.append((name, amount))
        else:
            engine.count(handle, name, amount)

    def __getattr__(self, name):
        raise no_such("session", self, name)

    # What the styles are made of.

    def _take(self, most):
        """Up to so many of the flowfiles that wait."""
        items = host.call(engine.get, min(most, TAKEN_MAX))
        return [self._add(FlowFile(it.flowfile, it.size, it.attributes)) for it in items]

    def _add(self, flowfile):
        self._live[id(flowfile)] = flowfile
        while self._counts:
            engine.count(flowfile._handle, *self._counts.pop())
        return flowfile

    def _own(self, flowfile):
        if id(flowfile) in self._live:
            return flowfile
        if isinstance(flowfile, FlowFile):
            flowfile._alive()
            raise FlowFileHandlingException("this flowfile is of another session, which has ended")
        if flowfile is None:
            raise TypeError(
                "there is no flowfile, but None: session.get() gives None when none waits, so "
                "look for it: if flowFile is not None: …"
            )
        raise TypeError(f"{type(flowfile).__name__} is not a flowfile")

    def _any_handle(self):
        for flowfile in self._live.values():
            return flowfile._handle
        for handles in self._out.values():
            if handles:
                return handles[-1]
        return self._removed[-1] if self._removed else None

    def _send(self, name, handle):
        if name not in self._known:
            # At once, so that a name which nobody has is told where the script says it.
            host.call(engine.transfer, [handle], name)
            self._known.add(name)
            return
        if len(self._out.get(name, ())) >= AT_ONCE:
            self._flush()
        self._out.setdefault(name, []).append(handle)

    def _flush(self):
        for name, handles in self._out.items():
            if handles:
                host.call(engine.transfer, handles, name)
        self._out = {}
        if self._removed:
            removed, self._removed = self._removed, []
            host.call(engine.remove, removed)

    def _check(self):
        """That no flowfile was forgotten."""
        if len(self._live) > len(self._waiting):
            waiting = {id(flowfile) for flowfile in self._waiting}
            forgotten = [one for one in self._live.values() if id(one) not in waiting]
            named = ", ".join(repr(flowfile.get("filename")) for flowfile in forgotten[:3])
            more = ", …" if len(forgotten) > 3 else ""
            raise FlowFileHandlingException(
                f"{len(forgotten)} of the script's flowfiles came to no end ({named}{more}): each "
                "is transferred, session.transfer(flowFile, REL_SUCCESS), or removed, "
                "session.remove(flowFile)"
            )

    def _end(self):
        self._check()
        self._flush()

    def _abandon(self):
        """It failed: what it holds is given back now."""
        live, self._live = self._live, {}
        for flowfile in live.values():
            for stream in flowfile._open or ():
                stream._abandon()
            flowfile._end = "given back, for the call failed"
            host.release(flowfile._handle)
        for handles in [*self._out.values(), self._removed]:
            for handle in handles:
                host.release(handle)
        self._begin()


def relationship_name(relationship):
    """The name of a relationship, which NiFi's scripts give as `REL_SUCCESS`."""
    if type(relationship) is str and relationship and relationship.isascii():
        return relationship
    if isinstance(relationship, str) and relationship:
        return host.text(str(relationship), "the name of a relationship")
    raise TypeError(
        f"a relationship is {relationship!r}, but must be its name, such as 'success', or "
        "REL_SUCCESS or REL_FAILURE"
    )


def _each(flowfile):
    if isinstance(flowfile, FlowFile) or flowfile is None:
        return (flowfile,)
    try:
        return list(flowfile)
    except TypeError:
        return (flowfile,)
