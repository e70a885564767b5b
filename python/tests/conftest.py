"""What the tests share, and the line that the project's one test command counts."""

import pathlib

import numpy as np
import pytest

RECORDINGS = pathlib.Path(__file__).parents[2] / "tests" / "fixtures" / "audio"


@pytest.fixture
def recordings():
    return RECORDINGS


@pytest.fixture
def tone():
    """Half a second of a chord with a little noise."""
    t = np.arange(11025) / 22050
    y = sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.18, 329.63)) / 4
    return (y + 1e-3 * np.random.default_rng(1).standard_normal(len(t))).astype(np.float32)


def pytest_terminal_summary(terminalreporter):
    """As Rust's test runner, so that one program can add up both."""
    count = {kind: len(found) for kind, found in terminalreporter.stats.items()}
    failed = count.get("failed", 0) + count.get("error", 0)
    word = "FAILED" if failed else "ok"
    terminalreporter.write_line(
        f"test result: {word}. {count.get('passed', 0)} passed; {failed} failed; "
        f"{count.get('skipped', 0)} ignored"
    )
