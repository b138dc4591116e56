"""Waiting for what has no event of its own."""

import time


def until(condition, seconds=30):
    """The first true value of the condition, which is asked again and again."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not true in {seconds} s"
        time.sleep(0.02)
    return value
