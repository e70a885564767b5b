"""The two scripts of the article that the project comes from, with one line changed."""

import importlib.util
import io
import json

import numpy as np
import pytest

import tutti.librosa as librosa


def test_the_script_with_spark_gives_the_mean_of_13_coefficients(recordings):
    def extract_mfcc(file_path):
        y, sr = librosa.load(file_path)
        mfccs = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
        avg_mfccs = np.mean(mfccs.T, axis=0)
        return avg_mfccs.tolist()

    means = extract_mfcc(str(recordings / "mountain.ogg"))
    golden = json.loads((recordings.parents[2] / "python/tests/golden/article.json").read_text())
    # As far as librosa's own results move when its input is rounded otherwise.
    np.testing.assert_allclose(means, golden["mountain.ogg"], atol=1e-3)


def test_the_script_with_librosa_gives_a_spectrogram_and_coefficients(recordings):
    y, sr = librosa.load(str(recordings / "mountain.wav"))
    spectrogram = librosa.stft(y)
    spectrogram_db = librosa.amplitude_to_db(abs(spectrogram))
    mfccs = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    assert (y.dtype, sr) == (np.float32, 22050)
    assert (spectrogram.shape, spectrogram.dtype) == ((1025, 1 + len(y) // 512), np.complex64)
    assert spectrogram_db.dtype == np.float32 and np.ptp(spectrogram_db) == pytest.approx(80)
    assert (mfccs.shape, mfccs.dtype) == ((13, 1 + len(y) // 512), np.float32)


def test_the_script_of_nifi_reads_a_stream(recordings):
    def process(input_stream, output_stream):
        y, sr = librosa.load(input_stream)
        mfccs = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
        mfccs_avg = mfccs.mean(axis=1).tolist()
        result = {"mfccs": mfccs_avg}
        output_stream.write(bytearray(json.dumps(result, indent=4).encode("utf-8")))

    out = io.BytesIO()
    with open(recordings / "mountain.flac", "rb") as stream:
        process(stream, out)
    assert len(json.loads(out.getvalue())["mfccs"]) == 13


@pytest.mark.skipif(importlib.util.find_spec("librosa") is not None, reason="librosa is there")
def test_drawing_without_librosa_says_what_to_install():
    with pytest.raises(ImportError, match="pip install librosa"):
        librosa.display.specshow(np.zeros((2, 2)))
