"""Words for what is not there: what a script may have meant, or what to use instead."""

import difflib

#: What NiFi has and a script here has not, and why or what instead.
INSTEAD = {
    "exportTo": "a script has no files; give the flowfile on, to PutFile or PutObject",
    "importFrom": "a script has no files; write to a flowfile with session.write(flowFile, …)",
    "migrate": "all that a script does in one call is one session",
    "newQueueSize": "a script does not see its queue",
    "getQueueSize": "a script does not see its queue",
    "getEntryDate": "what is known of a flowfile are its attributes",
    "getLineageStartDate": "what is known of a flowfile are its attributes",
    "getLastQueueDate": "what is known of a flowfile are its attributes",
    "getLineageStartIndex": "what is known of a flowfile are its attributes",
    "getQueueDateIndex": "what is known of a flowfile are its attributes",
    "isPenalized": "it may be set, with session.penalize(flowFile), and not asked for",
    "getControllerServiceLookup": "scripts have no services; use a processor that has it",
    "asControllerService": "scripts have no services; use a processor that has it",
    "isExpressionLanguagePresent": "evaluateAttributeExpressions(flowFile) may always be called",
    "asRecordPath": "read the property with getValue()",
    "asResource": "a script has no files",
    "asResources": "a script has no files",
    "getMaxConcurrentTasks": "a script does not see how it is scheduled",
    "getExecutionNode": "there is one node",
    "getName": "a script does not see the processor's name; give it as a property",
    "encrypt": "a script has no key; sensitive properties are decrypted where they are read",
    "decrypt": "a script has no key; sensitive properties are decrypted where they are read",
}
#: What the session of NiFi's style has, and the other has not.
NIFI = """
adjustCounter append commit commitAsync get getProvenanceReporter merge putAllAttributes
putAttribute read removeAllAttributes removeAttribute write
""".split()
INSTEAD |= dict.fromkeys(
    NIFI,
    "this is of NiFi's style, which a script has that does not define process; here process is "
    "handed a flowfile, with flowfile.attributes, flowfile.read() and flowfile.write()",
)


def no_such(what, owner, name):
    """The error for an attribute that is not there."""
    told = f"{what} has no {name!r}"
    if name in INSTEAD:
        return AttributeError(f"{told}: {INSTEAD[name]}", name=name)
    there = [known for known in dir(type(owner)) if not known.startswith("_")]
    near = difflib.get_close_matches(name, there, 1)
    if near:
        return AttributeError(f"{told}. Did you mean {near[0]!r}?", name=name)
    return AttributeError(f"{told}; there are {', '.join(there)}", name=name)
