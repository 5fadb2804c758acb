"""Functions for a cluster to call, which its workers import."""

import os
import time


def fit(wanted):
    return os.environ.get("NOT_FIT", "")


def who(given):
    return os.environ.get("NOT_FIT", "").encode()


def twice(given):
    return b"%d" % (2 * int(given))


def slowly(given):
    time.sleep(0.3)
    return given
