"""Makes all golden values again."""

import constantq
import effects
import harmonics
import music
import pitch
import segments
import sequences
import spectra

if __name__ == "__main__":
    for group in (spectra, music, constantq, sequences, pitch, segments, effects,
                  harmonics):
        group.main()
