"""Makes all golden values again."""

import music
import spectra

if __name__ == "__main__":
    for group in (spectra, music):
        group.main()
