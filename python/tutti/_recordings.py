"""Whole recordings: the digital score of one, and the same or features of many."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, TextIO

from . import _native, librosa
from .librosa.core.audio import recording

__all__ = ["Failure", "analyze", "batch"]

#: Recordings that are at work or wait for it, per thread.
AHEAD = 2
#: How often the bar is drawn at most, in seconds.
REDRAW = 0.1
#: How wide it is, in characters.
WIDTH = 30


class Failure:
    """Why one recording of many gave nothing."""

    def __init__(self, path: Any, error: Exception) -> None:
        self.path = path
        self.error = error

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"Failure({self.path!r}, {type(self.error).__name__}: {self.error})"


def analyze(path: Any) -> dict[str, Any]:
    """The digital score of a recording: beats, key, chords, notes, parts, loudness, timbre.

    `path` is a path, or a file opened for reading bytes. What stands in it is told in docs/score.md.
    """
    return json.loads(_native.analyze(recording(path)))


def _feature(name: str) -> Callable[[Any], Any]:
    of = getattr(librosa.feature, name, None)
    if name not in librosa.feature.__all__ or not callable(of):
        known = ", ".join(["analyze", *sorted(librosa.feature.__all__)])
        raise ValueError(f"fn is {name!r}, but must be a function, or one of {known}")

    def features(path: Any) -> Any:
        y, sr = librosa.load(path)
        if name in ("rms", "spectral_flatness"):
            return of(y=y)
        return of(y) if name == "zero_crossing_rate" else of(y=y, sr=sr)

    return features


def _progress(done: int, all_of_them: int, failed: int, began: float, out: TextIO) -> None:
    filled = WIDTH * done // max(all_of_them, 1)
    bar = "#" * filled + "." * (WIDTH - filled)
    told = f", {failed} failed" if failed else ""
    out.write(f"\r[{bar}] {done}/{all_of_them} in {time.monotonic() - began:.0f} s{told}")
    out.flush()


def batch(
    paths: Iterable[Any],
    fn: str | Callable[[Any], Any] = "analyze",
    threads: int | None = None,
    progress: bool = True,
) -> list[Any]:
    """What `fn` makes of each recording, in the order of `paths`, on all cores.

    `fn` is "analyze", the name of a function of `tutti.librosa.feature` (of the recording at
    22,050 Hz, with its defaults), or a function of a path. A recording that gives nothing gives a
    `Failure` that says why, and the others go on. A bar on the standard error tells how far it is.
    """
    all_of_them = list(paths)
    work = analyze if fn == "analyze" else _feature(fn) if isinstance(fn, str) else fn
    if not callable(work):
        raise TypeError(f"fn is {fn!r}, but must be a function or its name")
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = threads if threads is not None else (workers or 1)
    if not isinstance(workers, int) or workers < 1:
        raise ValueError(f"threads is {threads!r}, but must be at least 1")
    found: list[Any] = [None] * len(all_of_them)
    began, drawn, failed, done = time.monotonic(), 0.0, 0, 0
    waiting: dict[Future[Any], int] = {}
    todo = iter(enumerate(all_of_them))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="tutti")
    try:
        while True:
            for index, path in todo:
                waiting[pool.submit(work, path)] = index
                if len(waiting) >= AHEAD * workers:
                    break
            if not waiting:
                break
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                index, error = waiting.pop(future), future.exception()
                if error is None:
                    found[index] = future.result()
                elif isinstance(error, Exception):
                    found[index] = Failure(all_of_them[index], error)
                    failed += 1
                else:
                    raise error
                done += 1
            if progress and time.monotonic() - drawn >= REDRAW:
                drawn = time.monotonic()
                _progress(done, len(all_of_them), failed, began, sys.stderr)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if progress:
            _progress(done, len(all_of_them), failed, began, sys.stderr)
            sys.stderr.write("\n")
    return found
