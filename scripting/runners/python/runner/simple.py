"""The simple style: `def process(flowfile):`, whose return says what becomes of the flowfile."""

import inspect

from . import host
from .errors import FlowFileHandlingException
from .flowfile import FlowFile
from .session import TAKEN_MAX

FIELDS = ("relationship", "attributes", "content")


class Result:
    """What `process` returns: where the flowfile goes, and what is changed of it.

    `attributes` are set, those that are None removed. `content`, unless it is None, is the new
    content: bytes, a text, an iterator of both, or any other value, which is written as JSON.
    """

    __slots__ = FIELDS

    def __init__(self, relationship="success", attributes=None, content=None):
        self.relationship = relationship
        self.attributes = attributes
        self.content = content

    def __repr__(self):
        return f"Result({', '.join(f'{name}={getattr(self, name)!r}' for name in FIELDS)})"


class Simple:
    """A script that has `process`, or `process_batch`."""

    def __init__(self, session, process, batch):
        self._session = session
        self._batch = batch
        self._call = process
        names = _parameters("process_batch" if batch else "process", batch or process)
        if batch:
            _wants(batch, "process_batch", names, 2, "process_batch(session, flowfiles)")
            self._run = self._batches
        elif names == ["session"]:
            self._run = lambda: self._whole(process)
        else:
            _wants(process, "process", names, (1, 2), "process(flowfile)")
            self._run = self._each
            if len(names) == 2:
                self._call = lambda flowfile: process(session, flowfile)

    def run(self):
        self._run()
        self._session._end()

    def _whole(self, process):
        # The script takes its flowfiles itself, or makes some.
        if process(self._session) is not None:
            raise TypeError("process(session) returned something, but it has no flowfile to return")

    def _each(self):
        for flowfiles in self._taken():
            for flowfile in flowfiles:
                self._settle(flowfile, self._call(flowfile))

    def _batches(self):
        for flowfiles in self._taken():
            given = self._batch(self._session, list(flowfiles))
            if given is None:
                given = [None] * len(flowfiles)
            given = list(given)
            if len(given) != len(flowfiles):
                raise ValueError(
                    f"process_batch returned {len(given)} results for {len(flowfiles)} flowfiles; "
                    "it returns None, or one result for each, in their order"
                )
            for flowfile, one in zip(flowfiles, given):
                self._settle(flowfile, one)

    def _taken(self):
        while True:
            flowfiles = self._session._take(TAKEN_MAX)
            if not flowfiles:
                return
            yield flowfiles
            self._session._check()
            self._session._flush()
            if host.should_end():
                return

    def _settle(self, flowfile, given):
        if flowfile._end:
            if given is not None:
                raise FlowFileHandlingException(
                    f"process returned {_short(given)} for a flowfile that it {flowfile._end} "
                    "itself; it does the one or the other"
                )
        elif given is None:
            self._session.transfer(flowfile)
        elif isinstance(given, (list, tuple)) or hasattr(given, "__next__"):
            self._split(flowfile, given)
        else:
            self._apply(flowfile, result_of(given))

    def _split(self, flowfile, results):
        """Several results are several flowfiles, made from the one, which ends here."""
        for given in results:
            result = Result() if given is None else result_of(given)
            if result.content is None:
                made = self._session.clone(flowfile)
            else:
                made = self._session.create(flowfile)
            self._apply(made, result)
        self._session.remove(flowfile)

    def _apply(self, flowfile, result):
        if result.attributes is not None:
            flowfile.attributes.update(result.attributes)
        if result.content is not None:
            flowfile.write(result.content)
        self._session.transfer(flowfile, result.relationship)


def result_of(given):
    """What `process` returned, as a `Result`."""
    if isinstance(given, Result):
        return given
    if isinstance(given, str):
        return Result(given)
    if isinstance(given, (bytes, bytearray, memoryview)):
        return Result(content=given)
    if isinstance(given, dict):
        unknown = [key for key in given if key not in FIELDS]
        if not unknown:
            return Result(**given)
        raise TypeError(
            f"process returned a dict with {unknown[0]!r}; there are 'relationship', 'attributes' "
            "and 'content'. For attributes: return {'attributes': {…}}; for JSON as the content: "
            "return {'content': {…}}"
        )
    if isinstance(given, FlowFile):
        raise TypeError(
            "process returned a flowfile; it returns None (the flowfile goes to success), the name "
            "of a relationship, or a Result"
        )
    raise TypeError(
        f"process returned {_short(given)}; it returns None (the flowfile goes to success), the "
        "name of a relationship, bytes (the new content), a Result, a dict of 'relationship', "
        "'attributes' and 'content', or a list of these"
    )


def _parameters(name, function):
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(f"{name} is async, and nothing here waits; write def {name}")
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ["flowfile"]
    return [one.name for one in found if one.kind in kinds and one.default is one.empty]


def _wants(function, name, names, counts, form):
    if len(names) not in (counts if isinstance(counts, tuple) else (counts,)):
        raise TypeError(
            f"{name} takes {len(names)} arguments ({', '.join(names)}); write def {form}:"
            + (" or def process(session, flowfile):" if name == "process" else "")
        ) from None


def _short(value):
    told = repr(value)
    return told if len(told) <= 60 else told[:60] + "…"
