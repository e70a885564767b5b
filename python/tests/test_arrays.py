"""Shapes, dtypes, channels and layouts."""

import sys
import threading

import numpy as np
import pytest

import tutti.librosa as librosa


def stereo(tone):
    return np.stack([tone, tone[::-1]])


#: Functions of a signal, by name.
OF_SIGNALS = {
    "stft": librosa.stft,
    "cqt": lambda y: librosa.cqt(y, n_bins=24, fmin=200),
    "melspectrogram": lambda y: librosa.feature.melspectrogram(y=y),
    "mfcc": lambda y: librosa.feature.mfcc(y=y),
    "chroma_stft": lambda y: librosa.feature.chroma_stft(y=y, tuning=0.0),
    "centroid": lambda y: librosa.feature.spectral_centroid(y=y),
    "contrast": lambda y: librosa.feature.spectral_contrast(y=y),
    "rms": lambda y: librosa.feature.rms(y=y),
    "zero_crossing_rate": librosa.feature.zero_crossing_rate,
    "onset_strength": lambda y: librosa.onset.onset_strength(y=y),
    "tempogram": lambda y: librosa.feature.tempogram(y=y, win_length=16),
    "yin": lambda y: librosa.yin(y, fmin=100, fmax=800),
    "resample": lambda y: librosa.resample(y, orig_sr=22050, target_sr=16000),
    "harmonic": librosa.effects.harmonic,
    "time_stretch": lambda y: librosa.effects.time_stretch(y, rate=1.5),
    "lpc": lambda y: librosa.lpc(y, order=4),
    "mu_compress": lambda y: librosa.mu_compress(y / 2),
    "preemphasis": librosa.effects.preemphasis,
}


@pytest.mark.parametrize("name", OF_SIGNALS)
def test_channels_come_first_and_stay(name, tone):
    of = OF_SIGNALS[name]
    both = of(stereo(tone))
    np.testing.assert_array_equal(both[0], of(tone))
    np.testing.assert_array_equal(both[1], of(tone[::-1]))
    assert both.shape == (2, *of(tone).shape)
    assert of(stereo(tone)[None, :, :]).shape == (1, 2, *of(tone).shape)


@pytest.mark.parametrize("name", OF_SIGNALS)
def test_layouts_do_not_matter(name, tone):
    of = OF_SIGNALS[name]
    sparse = np.zeros((len(tone), 3), np.float32)
    sparse[:, 1] = tone
    np.testing.assert_array_equal(of(sparse[:, 1]), of(tone))
    fixed = tone.copy()
    fixed.flags.writeable = False
    np.testing.assert_array_equal(of(fixed), of(tone))


def test_double_precision_stays_a_dtype(tone):
    wide = tone.astype(np.float64)
    assert librosa.stft(wide).dtype == np.complex128
    assert librosa.feature.mfcc(y=wide).dtype == np.float64
    assert librosa.resample(wide, orig_sr=2, target_sr=1).dtype == np.float64
    assert librosa.istft(librosa.stft(wide)).dtype == np.float64
    np.testing.assert_array_equal(librosa.stft(wide), librosa.stft(tone))


def test_magnitudes_may_lie_in_any_order(tone):
    s = np.abs(librosa.stft(tone))
    assert s.flags.f_contiguous
    for other in (np.ascontiguousarray(s), s[::1, :], np.repeat(s, 2, axis=0)[::2]):
        np.testing.assert_array_equal(
            librosa.feature.mfcc(S=librosa.power_to_db(other)),
            librosa.feature.mfcc(S=librosa.power_to_db(s)),
        )


def test_results_are_not_copied_and_can_be_written(tone):
    made = librosa.stft(tone)
    owner = made
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    assert owner.base is not None or owner.flags.owndata
    made[0, 0] = 7
    assert made[0, 0] == 7


def test_decibels_are_relative_to_each_channel(tone):
    s = np.abs(librosa.stft(stereo(tone) * np.array([[1.0], [1e-3]], np.float32)))
    both = librosa.amplitude_to_db(s, ref=np.max)
    np.testing.assert_allclose(both.max(axis=(-2, -1)), [0, 0], atol=1e-4)
    assert librosa.power_to_db(1.0) == 0 and np.ndim(librosa.power_to_db(1.0)) == 0
    assert librosa.amplitude_to_db(np.array([1.0, 10.0])).tolist() == [0, 20]


def test_a_signal_comes_back_from_its_transform(tone):
    back = librosa.istft(librosa.stft(tone), length=len(tone))
    np.testing.assert_allclose(back, tone, atol=1e-6)
    out = np.empty_like(librosa.stft(tone))
    assert librosa.stft(tone, out=out) is out


def test_phases_at_random_are_librosas(tone):
    s = np.abs(librosa.stft(tone))
    first = librosa.griffinlim(s, n_iter=2, rng=3)
    np.testing.assert_array_equal(first, librosa.griffinlim(s, n_iter=2, rng=3))
    assert not np.array_equal(first, librosa.griffinlim(s, n_iter=2, rng=4))


def test_other_threads_go_on_meanwhile(tone):
    """Nothing but a lock that is let go lets this thread on while the other works."""
    long = np.tile(tone, 20)
    at_work, went_on = threading.Event(), threading.Event()
    ended = []

    def work():
        at_work.set()
        librosa.pyin(long, fmin=80, fmax=800)
        ended.append(went_on.is_set())

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    try:
        worker = threading.Thread(target=work)
        worker.start()
        at_work.wait()
        went_on.set()
        worker.join()
    finally:
        sys.setswitchinterval(interval)
    assert ended == [True]
