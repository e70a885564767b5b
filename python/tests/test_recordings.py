"""Recordings: loaded, analysed, and many of them."""

import errno
import io
import json
import os
import threading

import numpy as np
import pytest

import tutti
import tutti.librosa as librosa


def test_a_path_a_file_and_bytes_are_the_same(recordings):
    path = recordings / "mountain.flac"
    y, sr = librosa.load(path, sr=None)
    for other in (str(path), path.read_bytes(), io.BytesIO(path.read_bytes())):
        again, rate = librosa.load(other, sr=None)
        np.testing.assert_array_equal(again, y)
        assert rate == sr == 44100
    assert librosa.get_samplerate(path) == 44100
    assert librosa.get_duration(path=path) == pytest.approx(len(y) / sr)


def test_a_part_is_the_part(recordings):
    path = recordings / "mountain.wav"
    y, sr = librosa.load(path, sr=None, mono=False)
    assert y.ndim == 2 and y.shape[0] == 2
    part, _ = librosa.load(path, sr=None, mono=False, offset=0.5, duration=0.25)
    np.testing.assert_array_equal(part, y[:, sr // 2 : sr // 2 + sr // 4])
    end, _ = librosa.load(path, sr=None, mono=False, offset=-0.25)
    assert end.shape[-1] == pytest.approx(sr // 4, abs=1)
    mono, _ = librosa.load(path, sr=None)
    np.testing.assert_allclose(mono, y.mean(axis=0), atol=1e-7)
    wide, rate = librosa.load(path, sr=8000.0, dtype=np.float64)
    assert (wide.dtype, rate) == (np.float64, 8000.0)
    beyond, _ = librosa.load(path, offset=1e6)
    assert beyond.shape == (0,)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_nobody_writes_to_stops_no_other_thread(tmp_path):
    path, opened = tmp_path / "pipe", []
    os.mkfifo(path)

    def wait():
        with pytest.raises(Exception):
            librosa.load(path)
        opened.append(True)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    # With the interpreter's lock held this thread would never come to open the other end.
    while True:
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            break
        except OSError as error:
            assert error.errno == errno.ENXIO
    waiting.join(60)
    assert opened == [True]


def test_blocks_are_the_signal(recordings):
    path = recordings / "tom.wav"
    y, _ = librosa.load(path, sr=None)
    blocks = list(librosa.stream(path, block_length=4, frame_length=512, hop_length=512, sr=None))
    np.testing.assert_array_equal(np.concatenate(blocks), y)


def test_a_score_is_a_dict_that_json_can_hold(recordings):
    score = tutti.analyze(recordings / "icyland.wav")
    assert score["schema"] == "tutti.score.v1"
    assert score["duration"] == pytest.approx(librosa.get_duration(path=recordings / "icyland.wav"))
    assert {"beats", "key", "chords", "notes", "sections", "loudness", "timbre"} <= set(score)
    assert json.loads(json.dumps(score)) == score


def test_many_are_worked_on_and_one_that_fails_says_why(recordings, tmp_path, capsys):
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no music")
    paths = [recordings / "tom.wav", broken, recordings / "mountain.ogg", tmp_path / "none.wav"]
    found = tutti.batch(paths, fn="mfcc", threads=2)
    assert found[0].shape[0] == 20 and found[2].shape[0] == 20
    np.testing.assert_array_equal(found[0], librosa.feature.mfcc(y=librosa.load(paths[0])[0]))
    assert not found[1] and isinstance(found[1].error, tutti.DecodeError)
    assert isinstance(found[3].error, FileNotFoundError) and found[3].path == paths[3]
    told = capsys.readouterr().err
    assert "4/4" in told and "2 failed" in told and told.endswith("\n")


def test_a_batch_takes_functions_and_says_nothing_when_told_so(recordings, capsys):
    sizes = tutti.batch([recordings / "tom.wav"] * 9, fn=os.path.getsize, progress=False)
    assert sizes == [os.path.getsize(recordings / "tom.wav")] * 9
    assert tutti.batch([], progress=False) == []
    assert tutti.batch(iter([recordings / "tom.wav"]), progress=False)[0]["sample_rate"] == 44100
    assert capsys.readouterr().err == ""


def test_what_a_batch_cannot_do_is_refused(recordings):
    with pytest.raises(ValueError, match="no such.*analyze.*mfcc"):
        tutti.batch([recordings / "tom.wav"], fn="no such")
    with pytest.raises(ValueError, match="threads"):
        tutti.batch([recordings / "tom.wav"], threads=0)
    with pytest.raises(TypeError, match="fn is 7"):
        tutti.batch([recordings / "tom.wav"], fn=7)
