"""What would end the sandbox, or wait in it, says why it is not there instead."""

import builtins
import os
import time


def _refuse(name, told):
    def refused(*arguments, **named):
        raise RuntimeError(f"{name} is not there for scripts: {told}")

    refused.__name__ = refused.__qualname__ = name.rpartition(".")[2]
    return refused


def install():
    """Of functions that the host refuses by ending the instance."""
    wait = (
        "a script that waits holds a thread; send the flowfile round by a relationship, with "
        "session.penalize(flowFile), or raise tutti.Retry"
    )
    leave = "it ends by itself; what went wrong is told by `raise`"
    time.sleep = _refuse("time.sleep", wait)
    os._exit = _refuse("os._exit", leave)
    os.abort = _refuse("os.abort", leave)
    told = "it has no input but its flowfiles"
    builtins.input = _refuse("input()", told)
    builtins.breakpoint = _refuse("breakpoint()", "use print() or log.info()")
