"""How many flowfiles are taken at once: many of those that are quickly done, few of others."""

import time

#: So long may what was taken at once last, in seconds: after it one looks whether to end.
AIM = 0.05
#: No more are taken at once.
MOST = 100
#: It never grows faster than this.
GROWTH = 10


class Pace:
    """Learns from what the last ones took."""

    def __init__(self):
        self.next = 1
        self._began = 0.0

    def start(self):
        self._began = time.monotonic()

    def stop(self, done):
        """So many were done since `start`."""
        if done <= 0:
            return
        each = (time.monotonic() - self._began) / done
        fitting = MOST if each <= 0 else int(AIM / each)
        self.next = max(1, min(MOST, self.next * GROWTH, fitting))
