"""Makes all golden values again."""

import spectra

if __name__ == "__main__":
    for group in (spectra,):
        group.main()
