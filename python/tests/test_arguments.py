"""Whatever is handed in: an answer, or an error of Python that says which argument. Never a panic."""

import importlib
import inspect
import warnings

import numpy as np
import pytest

import tutti
import tutti.librosa as librosa
from tutti.librosa import ParameterError
from tutti.librosa._arguments import fits_frames

#: Numbers that are allowed one by one, and together are more than any memory holds.
TOO_MANY = {
    "stft": lambda y: librosa.stft(y, n_fft=2**20, hop_length=1),
    "melspectrogram": lambda y: librosa.feature.melspectrogram(y=y, n_mels=2**27),
    "melspectrogram of S": lambda y: librosa.feature.melspectrogram(
        S=np.ones((1025, 4), np.float32), n_mels=2**27
    ),
    "mfcc": lambda y: librosa.feature.mfcc(y=y, n_mels=2**27),
    "spectral_centroid": lambda y: librosa.feature.spectral_centroid(
        y=y, n_fft=2**20, hop_length=1
    ),
    "cqt": lambda y: librosa.cqt(y, n_bins=2**27, hop_length=64),
    "vqt": lambda y: librosa.vqt(y, n_bins=2**27, hop_length=64),
    "hybrid_cqt": lambda y: librosa.hybrid_cqt(y, n_bins=2**27, hop_length=64),
    "pseudo_cqt": lambda y: librosa.pseudo_cqt(y, n_bins=2**27, hop_length=64),
    "tempogram": lambda y: librosa.feature.tempogram(onset_envelope=y, win_length=2**25),
    "fourier_tempogram": lambda y: librosa.feature.fourier_tempogram(
        onset_envelope=y, win_length=2**25
    ),
    "stack_memory": lambda y: librosa.feature.stack_memory(y, n_steps=2**27),
    "mfcc_to_mel": lambda y: librosa.feature.inverse.mfcc_to_mel(np.ones((13, 4)), n_mels=2**20),
    "mel_to_stft": lambda y: librosa.feature.inverse.mel_to_stft(np.ones((128, 4)), n_fft=2**27),
    "pyin": lambda y: librosa.pyin(y, fmin=65, fmax=2093, resolution=1e-9),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TOO_MANY)
def test_what_no_memory_holds_is_refused(name):
    with pytest.raises(ParameterError, match="too many"):
        TOO_MANY[name](np.ones(2048, np.float32))


def test_a_long_signal_may_have_a_long_matrix():
    fits_frames("the transform", 1025, np.broadcast_to(np.float32(0), (2**30,)), 512)


MODULES = [
    "core",
    "feature",
    "feature.inverse",
    "onset",
    "beat",
    "segment",
    "sequence",
    "decompose",
    "effects",
    "filters",
    "util",
]
SMALL = np.sin(np.arange(2048) / 9).astype(np.float32)
#: What is handed in for every argument, one after the other.
ODD = [
    None,
    0,
    -1,
    96,
    2**31,
    2**40,
    1e300,
    np.nan,
    np.inf,
    "",
    "no such",
    b"bytes",
    [],
    {},
    (),
    object(),
    np.zeros(0, np.float32),
    np.zeros((0, 0), np.float32),
    np.zeros((3, 0), np.float32),
    np.float32(440.0),
    np.array(700.0, np.float32),
    np.array([np.nan, 1.0], np.float32),
    np.full((2, 3), np.inf),
    np.array(["text"]),
    np.arange(6),
    np.arange(6, dtype=np.uint8).reshape(2, 3),
    SMALL,
    SMALL.reshape(4, 512),
    np.abs(SMALL.reshape(2, 4, 256)),
    SMALL.astype(np.float16),
    SMALL.astype(complex),
    SMALL[::-2],
    np.ones(7, bool),
]
#: Errors that are meant; others would be mistakes of ours, and a panic none of Exception at all.
MEANT = (ParameterError, NotImplementedError, TypeError, ValueError, IndexError, ImportError)
#: A file system is no place for guesses.
OUTSIDE = {"load", "stream", "get_duration", "get_samplerate"}


def functions():
    for name in MODULES:
        module = importlib.import_module(f"tutti.librosa.{name}")
        for each in module.__all__:
            function = getattr(module, each)
            if inspect.isfunction(function) and each not in OUTSIDE:
                yield f"{name}.{each}", function


def some(function):
    """Arguments with which a function may well work."""
    known = {
        "y": SMALL,
        "S": np.abs(np.sin(np.arange(3075.0))).reshape(1025, 3),
        "sr": 22050,
        "onset_envelope": np.abs(SMALL[:400]),
        # High and few, so that wavelets are short whatever becomes of the rest.
        "fmin": 2000.0,
        "fmax": 4000.0,
        "n_bins": 12,
        "n_octaves": 1,
        "n_fft": 2048,
        "n_iter": 1,
    }
    made = {}
    for each in inspect.signature(function).parameters.values():
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
            made[each.name] = known.get(each.name, 3)
    if function is librosa.fmt:
        # It takes many samples of few.
        known["y"] = SMALL[:64]
    for name in ("y", "n_iter", "fmin", "n_bins", "n_octaves"):
        if name in inspect.signature(function).parameters:
            made[name] = known[name]
    return made


@pytest.mark.parametrize("function", [pytest.param(f, id=name) for name, f in functions()])
def test_odd_arguments_are_refused_or_answered(function):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for name, each in inspect.signature(function).parameters.items():
            for odd in ODD:
                given = some(function)
                positional = []
                if each.kind == each.VAR_KEYWORD:
                    given["no_such_argument"] = odd
                elif each.kind == each.VAR_POSITIONAL:
                    positional = [odd]
                else:
                    given[name] = odd
                try:
                    function(*positional, **given)
                except MEANT:
                    pass


@pytest.mark.parametrize(
    ("y", "told"),
    [
        ([0.0, 1.0], "numpy.ndarray"),
        (np.arange(4096), "floating-point"),
        (np.float32(1.0), "numpy.ndarray"),
        (np.array(1.0, np.float32), "at least one"),
        (np.zeros(0, np.float32), "empty"),
        (np.full(4096, np.nan, np.float32), "not a finite number"),
        (np.full(4096, 1e300), "too great"),
        (np.zeros(4096, complex), "floating-point"),
    ],
)
def test_what_is_no_signal_is_refused_in_words(y, told):
    with pytest.raises(ParameterError, match=told):
        librosa.stft(y)
    with pytest.raises(ParameterError, match=told):
        librosa.feature.mfcc(y=y)


def test_what_librosa_takes_and_this_does_not_is_refused_by_name(tone):
    for call, told in [
        (lambda: librosa.resample(tone, orig_sr=2, target_sr=1, res_type="fft"), "res_type='fft'"),
        (lambda: librosa.phase_vocoder(librosa.stft(tone), t_out=[0.0]), "t_out"),
        (lambda: librosa.power_to_db(np.ones((2, 2)), axes=(0,)), "axes"),
        (lambda: librosa.feature.tempo(onset_envelope=np.ones(99), prior=object()), "prior"),
        (lambda: librosa.zero_crossings(tone, zero_pos=False), "zero_pos"),
    ]:
        with pytest.raises(NotImplementedError, match=told):
            call()


def test_numbers_out_of_range_are_told_by_name(tone):
    for given, told in [
        (dict(hop_length=0), "hop_length is 0"),
        (dict(hop_length=-512), "hop_length is -512"),
        (dict(n_fft=2048.5), "n_fft is 2048.5"),
        (dict(n_fft=2**40), "n_fft is 1099511627776"),
        (dict(window="no such"), 'window is "no such"'),
        (dict(pad_mode="no such"), 'pad_mode is "no such"'),
        (dict(win_length=4096), "win_length"),
    ]:
        with pytest.raises(ParameterError, match=told):
            librosa.stft(tone, **given)


def test_recordings_that_cannot_be_read_say_why(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such.wav"):
        librosa.load(tmp_path / "no such.wav")
    with pytest.raises(IsADirectoryError):
        tutti.analyze(tmp_path)
    noise = tmp_path / "noise.wav"
    noise.write_bytes(b"this is no recording")
    with pytest.raises(tutti.DecodeError, match="noise.wav.*begins with"):
        librosa.load(noise)
    with pytest.raises(tutti.DecodeError, match="empty"):
        librosa.load(b"")
    with pytest.raises(ParameterError, match="path is 7"):
        librosa.load(7)


def test_damage_is_told(recordings, tmp_path):
    whole = (recordings / "mountain.flac").read_bytes()
    with pytest.warns(UserWarning, match="before its recording does"):
        y, _ = librosa.load(whole[: len(whole) // 2])
    assert len(y) > 1000
