"""numpy in the component against the same numpy here: results, types, text and errors.

Integers are what differs: a machine word has 32 bits in the component, and so has numpy's default
integer. `told` takes that out, so that nothing else can hide behind it.
"""

import json
import textwrap

import numpy
import pytest

# Run on both sides: what a value is, in JSON; floats in full.
TELL = '''
import json
import numpy as np

def told(value):
    if isinstance(value, (tuple, list)):
        return [told(each) for each in value]
    if isinstance(value, dict):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, np.ma.MaskedArray):
        return ["masked", told(value.filled(0)), told(np.ma.getmaskarray(value))]
    if isinstance(value, (np.ndarray, np.generic)):
        dtype = value.dtype
        kind = {"i": "integer", "u": "unsigned"}.get(dtype.kind, dtype.str)
        if dtype.kind == "c":
            flat = [part for each in value.ravel().tolist() for part in (each.real, each.imag)]
        else:
            flat = value.ravel().tolist()
        return [kind, list(value.shape), [plain(each) for each in flat]]
    return plain(value)

def plain(value):
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else repr(value)
    return repr(value)

def run(code):
    names = {"np": np, "rng": np.random.default_rng(7)}
    try:
        with np.errstate(all="ignore"):
            return told(eval(code, names))
    except Exception as error:
        return [type(error).__name__, str(error)]
'''
FLOAT = "rng.standard_normal((4, 6)).astype('f4')"
ARRAYS = {
    "f4": FLOAT,
    "f8": "rng.standard_normal((4, 6))",
    "i4": "rng.integers(-50, 50, (4, 6)).astype('i4')",
    "i8": "rng.integers(-50, 50, (4, 6)).astype('i8')",
    "u1": "rng.integers(0, 255, (4, 6)).astype('u1')",
    "b": "rng.random((4, 6)) > 0.5",
    "c16": "rng.standard_normal((4, 6)) + 1j * rng.standard_normal((4, 6))",
}
ONE = """
abs negative sign sqrt square exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan
sinh cosh tanh arcsinh arctanh floor ceil rint trunc isnan isfinite isinf signbit spacing cbrt
conjugate logical_not degrees radians angle real imag
""".split()
TWO = """
add subtract multiply true_divide floor_divide remainder fmod power maximum minimum fmax fmin
hypot arctan2 copysign equal not_equal less less_equal greater logical_and logical_or bitwise_and
bitwise_xor left_shift logaddexp heaviside nextafter divmod
""".split()
REDUCED = """
sum mean std var min max prod any all argmin argmax median ptp cumsum cumprod nansum nanmean nanmax
nanstd count_nonzero
""".split()


def cases() -> dict[str, list[str]]:
    """Expressions in groups, a test each."""
    found: dict[str, list[str]] = {}
    found["one argument"] = [f"np.{f}({a})" for f in ONE for a in ARRAYS.values()]
    # Of an integer 0 it is what the processor makes of it.
    found["one argument"] += [f"np.reciprocal({ARRAYS[t]})" for t in ("f4", "f8", "c16")]
    found["two arguments"] = [
        f"np.{f}({a}, {b})"
        for f in TWO
        for a, b in [(x, x) for x in ARRAYS.values()]
        + [(ARRAYS["f4"], ARRAYS["i4"]), (ARRAYS["f8"], "2"), (ARRAYS["u1"], "3.5")]
    ]
    found["reductions"] = [
        f"np.{f}({a}{axis})"
        for f in REDUCED
        for a in ARRAYS.values()
        for axis in ("", ", axis=0", ", axis=-1")
        # Products that need more than the default integer's 32 bits.
        if not ("prod" in f and a in (ARRAYS["i4"], ARRAYS["u1"]))
    ]
    found["reductions that keep their axes"] = [
        f"np.{f}({FLOAT}, axis=1, keepdims=True)" for f in REDUCED if not f.startswith("cum")
    ]
    listed = [line.strip() for line in LISTED.splitlines() if line.strip()]
    for line in listed:
        if line.startswith("# "):
            group = found.setdefault(line[2:], [])
        else:
            group.append(line)
    return found


LISTED = """
# made
np.arange(12.).reshape(3, 4).mean(axis=1)
[np.zeros((2, 3)), np.ones(3, 'i2'), np.full((2, 2), 7.5), np.eye(3, k=1), np.identity(2)]
[np.linspace(0, 1, 7), np.logspace(0, 2, 5), np.geomspace(1, 8, 4), np.arange(3, 9, 2)]
np.meshgrid([1, 2], [3., 4., 5.])
np.array([[1, 2.5], [3, 4]], dtype='f4')
[np.frombuffer(b'abcdefgh', '<i2'), np.fromiter(range(4), float)]
np.fromstring('1 2', sep=' ')
[np.tile([1., 2.], (2, 2)), np.repeat([1., 2.], 3), np.concatenate([[1.], [2., 3.]])]
[stack([[1.], [2.]]) for stack in (np.stack, np.vstack, np.hstack, np.dstack, np.column_stack)]
[np.hanning(7), np.hamming(7), np.blackman(7), np.kaiser(7, 3.), np.bartlett(5)]
np.sinc([.1, .5])
# taken
[np.arange(24.).reshape(4, 6)[k] for k in (1, -1, slice(1, 3), (..., 2), (slice(None), [0, 2]))]
np.arange(24.).reshape(4, 6)[::2, ::-1].T[1:3]
np.arange(6.)[np.array([True, False] * 3)]
np.arange(24.).reshape(2, 3, 4)[:, None, 1, ..., np.newaxis]
[np.take([4., 5.], [1, 0]), np.where([True, False], 1., 2.), np.nonzero([0., 1., 2.])]
[np.clip([1., 5., 9.], 2, 6), np.select([[True, False]], [[1., 2.]], 9.)]
[np.compress([1, 0], [3., 4.])]
np.lib.stride_tricks.sliding_window_view(np.arange(6.), 3)
[np.pad([1., 2.], 2, mode=m) for m in ('constant', 'edge', 'reflect', 'wrap', 'linear_ramp')]
[np.roll(np.arange(5.), 2), np.flip([1., 2.]), np.rot90(np.eye(2)), np.diff([1., 4., 9.], 2)]
# sorted and counted
[np.sort(rng.random(500)), np.argsort(rng.random(300), kind='stable')]
[np.sort(rng.integers(0, 9, 99))]
[np.unique([3, 1, 3], return_counts=True), np.unique([2.5, 1., 2.5]), np.unique(['b', 'a', 'b'])]
[np.median(rng.random((5, 7)), axis=1), np.percentile(rng.random(99), [5, 50, 95])]
[np.quantile([1., 2.], .3)]
[np.histogram(rng.random(99), bins=5), np.bincount([0, 1, 1]), np.digitize([.5, 1.5], [0., 1.])]
[np.searchsorted([1., 2., 3.], [1.5, 2.]), np.partition([3., 1., 2.], 1)]
[np.lexsort(([2, 1], [1, 1]))]
[np.intersect1d([1, 2], [2, 3]), np.union1d([1], [2])]
[np.setdiff1d([1, 2], [2]), np.isin([1, 2], [2])]
np.corrcoef(rng.random((3, 50)))
np.cov(rng.random((3, 50)))
[np.interp([.5, 1.5], [0, 1, 2], [0., 10., 20.]), np.gradient([1., 4., 9.]), np.trapezoid([1., 2.])]
[np.convolve([1., 2., 3.], [1., .5]), np.correlate([1., 2., 3.], [0., 1., .5], 'full')]
# linear algebra
[rng.random((3, 4)) @ rng.random((4, 2)), np.dot([1., 2.], [3., 4.]), np.outer([1., 2.], [3., 4.])]
rng.random((30, 40)).astype('f4') @ rng.random((40, 50)).astype('f4')
[np.einsum('ij,kj->ik', rng.random((2, 3)), rng.random((4, 3))), np.tensordot(np.eye(3), np.eye(3))]
[np.linalg.inv(np.eye(3) + rng.random((3, 3))), np.linalg.det(rng.random((4, 4)))]
[np.linalg.solve(np.eye(3) * 2, [1., 2., 3.]), np.linalg.norm(rng.random((4, 4)))]
[np.trace(np.eye(3))]
[np.linalg.svd(rng.random((6, 4)), compute_uv=False), np.linalg.eigvalsh(np.diag([3., 1.]))]
np.abs(np.linalg.eigvals(rng.random((5, 5))))
[np.linalg.lstsq(rng.random((9, 3)), rng.random(9))[0], np.linalg.pinv(rng.random((3, 5)))]
[np.linalg.qr(rng.random((4, 4)))[1], np.linalg.cholesky(np.eye(3) * 4)]
[np.kron([1., 2.], [1., 3.])]
np.linalg.matrix_power(np.array([[1., 1.], [0., 1.]]), 5)
# fourier
[np.fft.rfft(rng.random(n)) for n in (8, 30, 97, 2048)]
[np.fft.fft(rng.random(12) + 1j), np.fft.ifft(rng.random(9))]
[np.fft.irfft(np.fft.rfft(rng.random(32)))]
[np.fft.fft2(rng.random((4, 6))), np.fft.fftshift(np.arange(5.)), np.fft.rfftfreq(8, .1)]
np.fft.rfft(rng.random((3, 64)).astype('f4'), axis=1)
# random
[rng.random(5), rng.normal(size=5), rng.integers(0, 100, 9), rng.permutation(10), rng.choice(9, 4)]
[rng.exponential(size=4), rng.gamma(2., size=4), rng.beta(1., 2., size=3), rng.poisson(4., 6)]
np.random.RandomState(3).randn(5)
np.random.Generator(np.random.MT19937(5)).random(4)
# polynomials and masks
[np.polyfit(np.arange(9.), np.arange(9.) ** 2, 2), np.polyval([1., 2., 3.], 2.)]
[np.roots([1., -3., 2.])]
[np.polynomial.Polynomial([1., 2.])(3.), np.polynomial.chebyshev.chebval(.5, [1., 2., 3.])]
np.ma.masked_less(np.arange(6.), 3).mean()
np.ma.masked_invalid([1., np.nan, 3.]) + 1
# text and records
[repr(np.arange(3.)), str(np.eye(2)), repr(np.array([1.5, np.nan, np.inf])), repr(np.float32(.1))]
[np.array2string(np.arange(2000.), threshold=9), np.format_float_positional(1 / 3, precision=4)]
[np.char.upper(['ab', 'c']), np.strings.find(['abc'], 'c'), np.array(['x', 'yy']) == 'yy']
np.array([(1, 2.5)], dtype=[('a', 'i4'), ('b', 'f8')])['b']
[np.datetime64('2024-03-01') + np.timedelta64(1, 'D')]
[np.datetime_as_string(np.datetime64('2024-01-01T05'))]
[np.arange(4.).tolist(), np.arange(4, dtype='i2').tobytes()]
[np.float32(2).item(), float(np.float64(3))]
[np.dtype('f4').itemsize, np.result_type('f4', 'i2').name, np.finfo('f8').eps, np.iinfo('i8').max]
# errors
np.zeros(3) + np.zeros(4)
np.zeros((2, 3)).reshape(5)
np.zeros(3)[7]
np.zeros((2, 3)) @ np.zeros((2, 3))
np.array([1.]).nothing
np.linalg.inv(np.zeros((2, 2)))
np.linalg.cholesky(-np.eye(2))
np.linalg.solve(np.ones((2, 2)), [1., 2.])
np.concatenate([np.zeros((2, 2)), np.zeros(3)])
np.array([1, 2])['a']
np.mean(np.zeros((2, 3)), axis=2)
int(np.zeros(3))
bool(np.zeros(3))
np.array(['x']).astype(float)
np.zeros(-1)
"""


def both(sandbox, expressions: list[str]) -> list[tuple]:
    """Each expression with what the component and this Python make of it."""
    code = f"{TELL}\nout = json.dumps([run(each) for each in {expressions!r}])"
    there = json.loads(sandbox(code))
    names: dict = {}
    exec(TELL, names)
    here = json.loads(json.dumps([names["run"](each) for each in expressions]))
    return list(zip(expressions, there, here, strict=True))


def near(there, here) -> bool:
    """The same but for the last digits of floats."""
    if isinstance(here, list):
        alike = isinstance(there, list) and len(there) == len(here)
        if alike and len(here) == 3 and here[0] in ("<f4", "<f8", "<c8", "<c16"):
            small = 2e-5 if here[0] in ("<f4", "<c8") else 1e-11
            return there[:2] == here[:2] and all(
                close(a, b, small) for a, b in zip(there[2], here[2], strict=True)
            )
        return alike and all(near(a, b) for a, b in zip(there, here, strict=True))
    if isinstance(here, dict):
        return there.keys() == here.keys() and all(near(there[key], here[key]) for key in here)
    return close(there, here, 1e-11)


def close(there, here, small: float) -> bool:
    if isinstance(here, float) and isinstance(there, float):
        return abs(there - here) <= small * max(1.0, abs(here))
    return there == here


@pytest.mark.parametrize("group", cases())
def test_like_here(sandbox, group):
    expressions = cases()[group]
    wrong = [
        f"{expression}\n   there {there!s:.300}\n   here  {here!s:.300}"
        for expression, there, here in both(sandbox, expressions)
        if not near(there, here)
    ]
    assert not wrong, f"{len(wrong)} of {len(expressions)}:\n" + "\n".join(wrong[:20])


def test_version(sandbox):
    assert sandbox("import numpy\nout = numpy.__version__") == numpy.__version__


def test_all_that_is_public_is_there(sandbox):
    names = sorted(name for name in dir(numpy) if not name.startswith("_"))
    missing = sandbox(
        textwrap.dedent(f"""
        import numpy
        out = []
        for name in {names!r}:
            try:
                getattr(numpy, name)
            except (AttributeError, ImportError):
                out.append(name)
        out = " ".join(out)
        """)
    )
    assert set(missing.split()) <= {"ctypeslib", "f2py", "testing", "test"}


def test_instances_have_random_numbers_of_their_own(fresh):
    code = "import numpy\nout = numpy.random.rand(4).tolist(), numpy.random.default_rng().random()"
    assert fresh()(code) != fresh()(code)


def test_too_much_memory_is_a_python_error(fresh):
    small = fresh()
    code = """
    import numpy
    try:
        kept = [numpy.ones(4_000_000) for _ in range(100)]
        out = "all of it"
    except MemoryError as error:
        out = str(error)
    """
    assert "Unable to allocate" in small(textwrap.dedent(code))
    assert small("import numpy\nout = numpy.ones(9).sum()") == "9.0"


def test_files_of_numpy(sandbox):
    code = """
    import io, numpy
    kept = io.BytesIO()
    numpy.savez_compressed(kept, a=numpy.arange(3.), b=numpy.eye(2))
    kept.seek(0)
    read = numpy.load(kept)
    text = io.StringIO("1 2\\n3 4")
    out = read["a"].tolist(), read["b"].tolist(), numpy.loadtxt(text).tolist()
    """
    assert sandbox(textwrap.dedent(code)) == str(
        ([0.0, 1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 2.0], [3.0, 4.0]])
    )


@pytest.mark.parametrize("code", ["import numpy.testing", "numpy.testing.assert_equal(1, 1)"])
def test_what_is_not_there_says_so(sandbox, code):
    with pytest.raises(AssertionError, match="there is no numpy.testing for scripts: compare with"):
        sandbox(f"import numpy\n{code}")
