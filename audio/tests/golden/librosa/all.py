"""Makes all golden values again."""

import constantq
import music
import sequences
import spectra

if __name__ == "__main__":
    for group in (spectra, music, constantq, sequences):
        group.main()
