"""Work that tests send to other processes: it must be found there by its name."""

import os
import signal


def doubled(numbers):
    return [2 * number for number in numbers]


def killed(numbers):
    if 700 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return numbers


def refused(numbers):
    if 700 in numbers:
        raise ValueError("row 700")
    return numbers
