"""The processor's properties and its state, as `context`, and the user's own as variables."""

import re

from wit_world.imports import session as engine

from . import host
from .flowfile import FlowFile
from .missing import no_such
from .state import State, StateManager

_TIMES = {
    **dict.fromkeys(("ns", "nano", "nanos", "nanosecond", "nanoseconds"), 1e-9),
    **dict.fromkeys(("ms", "milli", "millis", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 604800.0),
}
_SIZES = {"": 1, **{unit: 1024**power for power, unit in enumerate("KMGTP", 1)}}


#: `Context` has a method of that name.
_computed = property


class PropertyValue:
    """The value of a property. Its expressions are evaluated where a flowfile was named."""

    __slots__ = ("_name", "_flowfile")

    def __init__(self, name, flowfile=None):
        self._name, self._flowfile = name, flowfile

    def evaluateAttributeExpressions(self, flowfile=None, *more):
        """The same with its expressions evaluated for a flowfile."""
        if flowfile is not None and not isinstance(flowfile, FlowFile) or more:
            raise TypeError(
                "expressions are evaluated for a flowfile: evaluateAttributeExpressions(flowFile); "
                "to evaluate for other values, put them into attributes first"
            )
        return PropertyValue(self._name, flowfile)

    def getValue(self):
        flowfile = self._flowfile
        return host.property_value(self._name, None if flowfile is None else flowfile._flush())

    def isSet(self):
        return self.getValue() is not None

    def asInteger(self):
        return self._as(int, "a whole number, such as 13")

    asLong = asInteger

    def asFloat(self):
        return self._as(float, "a number, such as 0.5")

    asDouble = asFloat

    def asBoolean(self):
        return self._as(lambda text: {"true": True, "false": False}[text.lower()], "true or false")

    def asTimePeriod(self, unit=None):
        """How long, in a `TimeUnit`, or in milliseconds; a whole number."""
        factor = getattr(unit, "seconds", 1e-3)
        made = self._as(_seconds, "a duration, such as 5 min")
        return None if made is None else int(made / factor + 1e-9)

    def asDuration(self):
        """How long, in seconds."""
        return self._as(_seconds, "a duration, such as 5 min")

    def asDataSize(self, unit=None):
        """How much, in bytes."""
        return self._as(_bytes, "a size, such as 10 MB")

    def _as(self, make, what):
        text = self.getValue()
        if text is None:
            return None
        try:
            return make(text.strip())
        except (ValueError, KeyError):
            raise ValueError(
                f"the property {self._name!r} is {text!r}, but must be {what}"
            ) from None

    def __str__(self):
        return self.getValue() or ""

    def __getattr__(self, name):
        raise no_such("a property's value", self, name)

    def __repr__(self):
        return f"<property {self._name!r}>"


def _seconds(text):
    found = re.fullmatch(r"([0-9.]+)\s*([A-Za-z]+)", text)
    return float(found[1]) * _TIMES[found[2].lower()] if found else _fail(text)


def _bytes(text):
    found = re.fullmatch(r"([0-9.]+)\s*([KMGTP]?)B", text.upper())
    return float(found[1]) * _SIZES[found[2]] if found else _fail(text)


def _fail(text):
    raise ValueError(text)


class Context:
    """What the processor is set to."""

    def __init__(self):
        #: Values that are kept from one call to another: `context.state["seen"] = "7"`.
        self.state = State()

    # In the simple style.

    def property(self, name, flowfile=None):
        """The text of a property, evaluated for a flowfile if one is given; None if it has none."""
        return PropertyValue(_name(name), flowfile).getValue()

    @_computed
    def properties(self):
        """The user's own properties: their texts by name."""
        return {name: host.property_value(name) for name in engine.dynamic_properties()}

    def should_end(self):
        """Whether the script is to end soon: the processor stops, or has used its time."""
        return host.should_end()

    def yield_processor(self):
        """There is nothing to do for the processor's yield duration."""
        host.yield_processor()

    # In NiFi's.

    def getProperty(self, name):
        return PropertyValue(_name(name))

    def getProperties(self):
        return self.properties

    getAllProperties = getProperties

    def getStateManager(self):
        return StateManager(self.state)

    def __getattr__(self, name):
        if name == "yield":  # Python's own word, so it comes by getattr(context, "yield") alone.
            return self.yield_processor
        raise no_such("context", self, name)


def _name(name):
    if not isinstance(name, str):
        raise TypeError(f"a property is asked for by its name, a text, not by {name!r}")
    return name
