"""`import librosa` in a script: the wheel's package, over the host's library."""

import json
import re

import pytest
from conftest import HERE

np = pytest.importorskip("numpy")
import library  # noqa: E402

NATIVE = library.compiled()
pytestmark = pytest.mark.skipif(
    NATIVE is None, reason="TUTTI_NATIVE names no compiled library"
)
#: The article's script, as its author meant it: the page that shows it garbled three lines.
ARTICLE = """
import librosa
from org.apache.nifi.processor.io import StreamCallback
import json
class PyStreamCallback(StreamCallback):
    def __init__(self):
        pass
    def process(self, inputStream, outputStream):
        y, sr = librosa.load(inputStream)
        mfccs = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
        mfccs_avg = mfccs.mean(axis=1).tolist()
        result = {"mfccs": mfccs_avg}
        outputStream.write(bytearray(json.dumps(result, indent=4).encode('utf-8')))
flowFile = session.get()
if flowFile is not None:
    flowFile = session.write(flowFile, PyStreamCallback())
    session.transfer(flowFile, REL_SUCCESS)
"""


@pytest.fixture
def audio():
    return library.Library(NATIVE)


@pytest.fixture
def song():
    t = np.arange(22050) / 22050
    return library.wav(0.3 * np.sin(2 * np.pi * 440 * t) * (t * 4 % 1 < 0.5))


def test_the_articles_script(run, audio):
    root = HERE.parents[3]
    golden = json.loads((root / "python/tests/golden/article.json").read_text())
    recording = (root / "tests/fixtures/audio/mountain.ogg").read_bytes()
    end = run(ARTICLE, recording, recording, audio=audio)
    for content in end.contents():
        means = json.loads(content)["mfccs"]
        np.testing.assert_allclose(means, golden["mountain.ogg"], atol=1e-3)
    # The recording never came into the script.
    assert audio.called[0] == f"load {len(recording)}"


def test_the_library_over_numpy(run, audio, song):
    end = run(
        """
        import librosa
        import librosa.display
        import numpy as np
        from librosa.feature import mfcc

        def process(flowfile):
            y, sr = librosa.load(flowfile, sr=None)
            assert (y.dtype, sr, y.shape) == (np.float32, 22050, (22050,))
            tempo, beats = librosa.beat.beat_track(y=y, sr=sr)
            spectrum = librosa.amplitude_to_db(abs(librosa.stft(y)))
            assert spectrum.shape == (1025, 44) and spectrum.dtype == np.float32
            hertz = librosa.note_to_hz(["A4", "C4"])
            assert hertz[0] == 440 and librosa.hz_to_note(440.0) == "A4"
            energy = librosa.feature.rms(y=y)[0]
            back = librosa.onset.onset_backtrack(np.array([20, 30]), energy)
            assert len(back) == 2 and back.dtype.kind == "i"
            assert librosa.frames_to_time(np.array([0, 43]))[1] > 0.99
            assert librosa.midi_to_note(np.array([60, 69])).tolist() == ["C4", "A4"]
            half, rate = librosa.load(flowfile.read(), sr=11025, duration=0.5)
            assert (half.shape, rate) == ((5512,), 11025) or half.shape == (5513,)
            assert librosa.get_duration(path=flowfile) == 1.0
            assert librosa.get_samplerate(flowfile) == 22050
            means = np.mean(mfcc(y=y, sr=sr, n_mfcc=13).T, axis=0)
            y[:10] = 0
            return {"attributes": {"tempo": tempo, "c": means[0], "n": len(beats)},
                    "content": {"means": means, "max": spectrum.max()}}
        """,
        song,
        audio=audio,
    )
    assert len(json.loads(end.contents()[0])["means"]) == 13
    assert re.fullmatch(r"-?[\d.]+", end.attributes()[0]["c"])


@pytest.mark.parametrize(
    "line, told",
    [
        ("librosa.load('song.wav')", "a script sees no files, so 'song.wav' cannot be loaded"),
        ("librosa.load(5)", "takes a flowfile, its stream or bytes, not int"),
        ("librosa.load(b'no recording')", "Unreadable: it cannot be decoded"),
        ("librosa.feature.mfcc(y=flowfile)", "y must be a numpy.ndarray, not FlowFile"),
        ("librosa.feature.mfcc(y=np.zeros(9), sr=-1)", "ParameterError: "),
        ("librosa.stft(np.zeros(9000), n_fft=-5)", "ParameterError: "),
        ("from tutti import _native; _native.nothing(1)", 'the library has no function "nothing"'),
        ("from tutti import _native; _native.mel(2**70)", "beyond the whole numbers"),
        ("from tutti import _native; _native.mel({})", "dict is no value of the library"),
        ("from tutti import _native; _native.mel(np.array(['x']))", "no arrays of <U1"),
    ],
)
def test_what_is_wrong_is_told(run, audio, line, told):
    script = f"import librosa, numpy as np\ndef process(flowfile):\n    {line}"
    end = run(script, b"x", audio=audio, fails=True)
    assert told in end.failure.message and end.failure.line == 3, end.failure


def test_a_stream_that_was_read_goes_on_from_there(run, audio, song):
    end = run(
        """
        import librosa
        def process(flowfile):
            with flowfile.open() as stream:
                stream.read(5)
                y, sr = librosa.load(stream)
                return {"attributes": {"n": len(y)}}
        """,
        b"12345" + song,
        audio=audio,
    )
    assert end.attributes()[0]["n"] == "22050"


def test_arrays_of_other_kinds_are_widened_and_kept_in_their_order(native):
    from tutti import _native

    into = []
    for array in (np.zeros((2, 3), "f2"), np.zeros((2, 3), ">f4").T, np.zeros(2, "i1")):
        _native._lower(array, into)
    told = [(one.value.dtype.name, one.value.order.name, one.value.shape) for one in into]
    assert told == [
        ("FLOAT32", "C", [2, 3]),
        ("FLOAT32", "FORTRAN", [3, 2]),
        ("INT32", "C", [2]),
    ]
    array = np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3))
    into = []
    _native._lower((1, [True, None], 0.5, "x", array), into)
    back = _native._lift(iter(into))
    assert back[:4] == [1, [True, None], 0.5, "x"] and (back[4] == array).all()
