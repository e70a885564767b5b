"""Makes all golden values again."""

import api
import constantq
import effects
import harmonics
import inverse
import music
import pitch
import rates
import segments
import sequences
import spectra
import tools
import transforms
import units

if __name__ == "__main__":
    for group in (spectra, music, constantq, sequences, pitch, segments, effects,
                  harmonics, units, rates, tools, transforms, inverse):
        group.main()
    api.main()
