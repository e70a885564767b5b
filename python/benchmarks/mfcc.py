"""The mean of 13 coefficients, by tutti and by librosa, in turns: seconds of music a second of one core.

    pip install ./python librosa==1.0.0
    OMP_NUM_THREADS=1 python python/benchmarks/mfcc.py [FOLDER]

Processor time of this process, imports left out, each the best of some turns: other work on the
machine changes it little. Each does one turn that is not counted.
"""

import pathlib
import sys
import time

import numpy as np

ROUNDS = 5
#: Short recordings are done so often that a turn takes this long, in seconds of music.
MUSIC_S = 120
EXAMPLES = pathlib.Path(__file__).parents[2] / "tests" / "fixtures" / "audio"


def processor_time(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def main():
    import librosa

    import tutti.librosa

    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    libraries = {"tutti": tutti.librosa, "librosa": librosa}
    paths = [folder / f"mountain.{kind}" for kind in ("wav", "flac", "ogg", "mp3")]
    print("| | tutti | librosa | times |\n| --- | --- | --- | --- |")
    for path in [path for path in paths if path.exists()]:
        length = librosa.get_duration(path=path)
        often = max(1, round(MUSIC_S / length))
        row(
            f"{path.suffix[1:]}, at its own rate",
            libraries,
            often * length,
            means(path, None, often),
        )
        row(
            f"{path.suffix[1:]}, at 22,050 Hz", libraries, often * length, means(path, 22050, often)
        )
    y, sr = librosa.load(paths[0], sr=None)
    y = np.tile(y, max(1, round(MUSIC_S * sr / len(y))))
    row(
        "samples in memory",
        libraries,
        len(y) / sr,
        lambda of: of.feature.mfcc(y=y, sr=sr, n_mfcc=13),
    )
    magnitudes = lambda of: of.amplitude_to_db(np.abs(of.stft(y)))  # noqa: E731
    row("decibels of a transform", libraries, len(y) / sr, magnitudes)


def means(path, sr, often):
    def work(of):
        for _ in range(often):
            y, rate = of.load(path, sr=sr)
            of.feature.mfcc(y=y, sr=rate, n_mfcc=13).mean(axis=1)

    return work


def row(name, libraries, music_s, work):
    best = dict.fromkeys(libraries, np.inf)
    for turn in range(1 + ROUNDS):
        for each, of in libraries.items():
            took = processor_time(lambda of=of: work(of))
            best[each] = min(best[each], took) if turn else np.inf
    speeds = {each: music_s / took for each, took in best.items()}
    ours, theirs = speeds["tutti"], speeds["librosa"]
    print(f"| {name} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.1f} |", flush=True)


if __name__ == "__main__":
    main()
