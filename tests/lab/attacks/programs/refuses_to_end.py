"""Catches every exception, ignores every signal, has threads that are waited for, and functions for its end that hang.

Handed in as a candidate would.
"""

import atexit
import contextlib
import signal
import sys
import threading
import time


class Hangs:
    def __del__(self) -> None:
        time.sleep(600)


for number in range(1, 64):
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
threading.Thread(target=time.sleep, args=(600,)).start()
atexit.register(time.sleep, 600)
kept = Hangs()
try:
    sys.exit(1)
except SystemExit:
    sys.stdout.write("caught\n")


def predict(images):
    return images[:, 0, 0] * 0
