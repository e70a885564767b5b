#!/usr/bin/env python3
"""Makes the recordings of this folder from tests/fixtures/audio/tom.wav.

    python3 make.py FFMPEG

FFMPEG is the program; those here are made by ffmpeg 9.0.2 with libvorbis, libopus and libmp3lame.
expected.json says what was asked for and how many samples ffmpeg itself decodes from each file.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOM = HERE.parents[2] / "tests/fixtures/audio/tom.wav"
# What is lossless takes the beginning alone, so that the folder stays small.
BEGINNING = ["-af", "atrim=end_sample=4500"]
# A sixteenth, so that samples have bits that 16 of them cannot hold.
QUIET = ["-af", "atrim=end_sample=4500,volume=0.0625:precision=double"]
TITLE = ["-metadata", "title=Tom"]

FILES = {
    "tom.aiff": [*BEGINNING, "-c:a", "pcm_s16be", "-write_id3v2", "1", *TITLE],
    "tom.caf": [*BEGINNING, "-c:a", "pcm_s16le", *TITLE],
    "tom-24.wav": [*QUIET, "-c:a", "pcm_s24le", "-rf64", "never", *TITLE],
    "tom-float.wav": [*QUIET, "-c:a", "pcm_f32le", *TITLE],
    # More than two channels make ffmpeg write WAVE_FORMAT_EXTENSIBLE.
    "tom-extensible.wav": [
        "-af", "atrim=end_sample=4500,pan=3.0|c0=c0|c1=c1|c2=c0", "-c:a", "pcm_s16le", *TITLE,
    ],
    "tom-alac.m4a": [*BEGINNING, "-c:a", "alac", *TITLE],
    "tom-flac.ogg": [*BEGINNING, "-c:a", "flac", "-frame_size", "1152", *TITLE],
    "tom-aac.m4a": ["-c:a", "aac", "-b:a", "96k", *TITLE],
    "tom-fragments.m4a": [
        "-c:a", "aac", "-b:a", "96k", "-movflags", "frag_keyframe+delay_moov", *TITLE,
    ],
    "tom.aac": ["-c:a", "aac", "-b:a", "96k", "-f", "adts"],
    "tom.webm": ["-c:a", "libvorbis", "-q:a", "3", *TITLE],
    "tom.mka": ["-c:a", "libvorbis", "-q:a", "3", *TITLE],
    "tom-mono.mp3": ["-ac", "1", "-ar", "22050", "-c:a", "libmp3lame", "-b:a", "48k", *TITLE],
    "tom-mp3.mka": ["-ac", "1", "-ar", "22050", "-c:a", "libmp3lame", "-b:a", "48k", *TITLE],
    "tom-opus.ogg": ["-ar", "48000", "-c:a", "libopus", "-b:a", "48k", *TITLE],
}


def ffmpeg(*arguments):
    command = [sys.argv[1], "-v", "error", "-nostdin", "-y", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def main():
    expected = {}
    for name, arguments in FILES.items():
        path = str(HERE / name)
        ffmpeg("-i", str(TOM), "-map_metadata", "-1", "-bitexact", *arguments, path)
        mono = ffmpeg("-i", path, "-af", "pan=mono|c0=c0", "-f", "f32le", "-")
        expected[name] = {"frames": len(mono) // 4}
    text = json.dumps(expected, indent=2)
    (HERE / "expected.json").write_text(text + "\n")


main()
