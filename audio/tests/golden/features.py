"""Makes features.json: what librosa makes of recordings in tests/fixtures/audio.

    python3.12 -m pip install librosa==1.0.0 soundfile
    python3.12 audio/tests/golden/features.py

Every frame of what is one number, every eighth of MFCC, every sixty-fourth of bins and bands.
"""

import json
import pathlib

import librosa
import numpy as np

HERE = pathlib.Path(__file__).parent
RECORDINGS = HERE.parents[2] / "tests" / "fixtures" / "audio"
STEP = 8

CASES = [
    # Recording, first sample, samples (None: all), parameters that differ from librosa's defaults.
    ("tom.wav", 0, None, {}),
    ("icyland.wav", 66150, 44100, dict(n_fft=1024, hop_length=256, win_length=800, n_mels=40,
                                      fmin=50.0, fmax=8000.0, n_mfcc=13, lifter=22)),
    ("icyland.wav", 0, 50000, dict(n_fft=400, hop_length=640, n_mels=20, n_mfcc=20,
                                  roll_percent=0.5)),
    ("mountain.wav", 88200, 66150, {}),
]


def rows(matrix, step=STEP):
    """Frames first, rounded to what single precision holds."""
    return [[float(f"{x:.9g}") for x in frame] for frame in np.asarray(matrix).T[::step]]


def case(name, first, count, given):
    samples, rate = librosa.load(RECORDINGS / name, sr=None, mono=True)
    samples = samples[first : None if count is None else first + count]
    stft = dict(n_fft=given.get("n_fft", 2048), hop_length=given.get("hop_length", 512),
                win_length=given.get("win_length"))
    mel = {key: given[key] for key in ("n_mels", "fmin", "fmax") if key in given}
    framed = dict(frame_length=stft["n_fft"], hop_length=stft["hop_length"])
    feature = librosa.feature
    mfcc = feature.mfcc(y=samples, sr=rate, n_mfcc=given.get("n_mfcc", 20),
                        lifter=given.get("lifter", 0), **stft, **mel)
    values = {
        "mfcc": rows(mfcc),
        "melspectrogram": rows(feature.melspectrogram(y=samples, sr=rate, **stft, **mel), 64),
        "stft": rows(np.abs(librosa.stft(samples, **stft)), 64),
        "spectral_centroid": rows(feature.spectral_centroid(y=samples, sr=rate, **stft), 1),
        "spectral_bandwidth": rows(feature.spectral_bandwidth(y=samples, sr=rate, **stft), 1),
        "spectral_rolloff": rows(
            feature.spectral_rolloff(y=samples, sr=rate,
                                     roll_percent=given.get("roll_percent", 0.85), **stft), 1),
        "spectral_flatness": rows(feature.spectral_flatness(y=samples, **stft), 1),
        "rms": rows(feature.rms(y=samples, **framed), 1),
        "zero_crossing_rate": rows(feature.zero_crossing_rate(samples, **framed), 1),
    }
    frames = mfcc.shape[1]
    summary = {name: [float(f"{x:.9g}") for x in getattr(np, name)(mfcc, axis=1)]
               for name in ("mean", "std", "min", "max")}
    return dict(recording=name, sampleRate=int(rate), first=first, count=len(samples),
                parameters=given, frames=frames, values=values, mfccSummary=summary)


def resampled():
    """The means of MFCC at another rate than the recording's own."""
    made = []
    for name, rate in (("mountain.wav", 22050), ("tom.wav", 22050), ("mountain.flac", 16000),
                       ("icyland.wav", 44100)):
        samples, _ = librosa.load(RECORDINGS / name, sr=rate)
        mfcc = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=13)
        made.append(dict(recording=name, sampleRate=rate, count=len(samples),
                         mfccs=[float(f"{x:.9g}") for x in np.mean(mfcc, axis=1)]))
    return made


def main():
    made = [case(*each) for each in CASES]
    lines = [f"\"librosa\": \"{librosa.__version__}\""]
    lines.append("\"cases\": [\n" + ",\n".join(json.dumps(each) for each in made) + "\n]")
    lines.append("\"resampled\": [\n" + ",\n".join(json.dumps(each) for each in resampled()) + "\n]")
    (HERE / "features.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
