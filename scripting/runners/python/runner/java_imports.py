"""Java's names: those that scripts for NiFi import are here, for others it is told what to use."""

import importlib.abc
import sys
import types

from . import errors, java_io, java_lang, java_util, nifi_names

#: The packages, and which classes each has.
PACKAGES = {
    "java.io": java_io.JAVA_IO,
    "java.lang": java_lang.JAVA_LANG,
    "java.nio.charset": java_io.JAVA_NIO_CHARSET,
    "java.util": java_util.JAVA_UTIL,
    "java.util.concurrent": java_util.JAVA_UTIL_CONCURRENT,
    "java.util.regex": java_util.JAVA_UTIL_REGEX,
    "org.apache.commons.io": java_io.COMMONS_IO,
    "org.apache.nifi.components.state": {"Scope": nifi_names.Scope},
    "org.apache.nifi.flowfile.attributes": {"CoreAttributes": nifi_names.CoreAttributes},
    "org.apache.nifi.processor": {"Relationship": nifi_names.Relationship},
    "org.apache.nifi.processor.exception": {
        "FlowFileAccessException": errors.StorageError,
        "FlowFileHandlingException": errors.FlowFileHandlingException,
        "ProcessException": errors.ProcessException,
    },
    "org.apache.nifi.processor.io": {
        "InputStreamCallback": nifi_names.InputStreamCallback,
        "OutputStreamCallback": nifi_names.OutputStreamCallback,
        "StreamCallback": nifi_names.StreamCallback,
    },
}
#: What to use instead of a package or a class, the longest name that fits.
INSTEAD = {
    "com.fasterxml": "Python's json",
    "com.google.gson": "Python's json",
    "groovy": "Python's json, xml.etree and re",
    "java.io.File": "the flowfile's content: a script has no files",
    "java.lang.Runtime": "another processor: a script starts no programs",
    "java.lang.Thread": "more concurrent tasks of the processor: a script has one thread",
    "java.math": "Python's decimal, and its int, which has no end",
    "java.net": "the processor InvokeHTTP, and urllib.parse: a script has no network",
    "java.nio.file": "the flowfile's content: a script has no files",
    "java.security": "Python's hashlib and hmac",
    "java.sql": "a processor: a script has no network and no drivers",
    "java.text": "Python's datetime and format()",
    "java.time": "Python's datetime",
    "java.util.stream": "Python's comprehensions and itertools",
    "java.util.zip": "Python's zipfile and gzip",
    "javax.crypto": "Python's hashlib and hmac",
    "javax.sound": "librosa",
    "javax.xml": "Python's xml.etree",
    "org.apache.avro": "a processor that reads Avro, or JSON",
    "org.apache.commons.codec": "Python's base64 and hashlib",
    "org.apache.commons.csv": "Python's csv",
    "org.apache.commons.lang": "Python's str",
    "org.apache.commons.lang3": "Python's str",
    "org.apache.nifi.components": "the processor's own properties, by context.getProperty(name)",
    "org.apache.nifi.controller": "a processor that has the service",
    "org.apache.nifi.logging": "log, which is there without an import",
    "org.apache.nifi.processor.AbstractProcessor": "def process(flowfile): …",
    "org.apache.nifi.processor.util": "the processor's own properties",
    "org.apache.nifi.serialization": "Python's json and csv",
    "org.json": "Python's json",
    "org.w3c": "Python's xml.dom",
}


def refused(name):
    """The error for a package or a class that is not there."""
    told = f"{name} is Java, and this is Python without Java"
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        instead = INSTEAD.get(".".join(parts[:end]))
        if instead:
            return ModuleNotFoundError(f"{told}; use {instead}", name=name)
    package, _, _ = name.rpartition(".")
    classes = PACKAGES.get(package)
    if classes:
        there = ", ".join(sorted(classes))
        return ModuleNotFoundError(f"{told}; of {package} there are {there}", name=name)
    return ModuleNotFoundError(f"{told}; use what Python has for it", name=name)


class _Package(types.ModuleType):
    """A package of Java's."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise refused(f"{self.__name__}.{name}")


def _define(package):
    """A package and those that it is in."""
    parts = package.split(".")
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        if name not in sys.modules:
            module = sys.modules[name] = _Package(name)
            module.__path__ = []
            if end > 1:
                setattr(sys.modules[".".join(parts[: end - 1])], parts[end - 1], module)


class Finder(importlib.abc.MetaPathFinder):
    """Asked for packages that are not there."""

    ROOTS = ("java", "javax", "org", "com", "groovy", "groovyx")

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.ROOTS:
            raise refused(name)
        return None


def install():
    """Puts the packages among the modules."""
    if any(isinstance(finder, Finder) for finder in sys.meta_path):
        return
    for package, classes in PACKAGES.items():
        _define(package)
        sys.modules[package].__dict__.update(classes)
        # Java's `import java.util.UUID` names a class, which Python takes for a module.
        sys.modules.update({f"{package}.{name}": made for name, made in classes.items()})
        # `from java.util import *` is common, and must not hide Python's own.
        sys.modules[package].__all__ = sorted(classes)
    # So that `import javax.sound.sampled` is told of javax.sound and not of javax.
    for name in INSTEAD:
        package, _, _ = name.rpartition(".")
        if package:
            _define(package)
    sys.meta_path.insert(0, Finder())
