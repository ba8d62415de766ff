# SPDX-License-Identifier: BSD-2-Clause
"""What a test says about what it sees, and waiting until something is so."""
import errno
import os
import sys
import time


class Failure(AssertionError):
    """Something is not as it should be."""


def shown(value):
    """@value for a message: whole when short, else its beginning and its length."""
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}... ({len(text)} characters)"


def true(value, what):
    """Fail unless @value is true; @what is the sentence that does not hold then."""
    if not value:
        raise Failure(f"not so: {what} (it is {shown(value)})")


def equal(actual, expected, what):
    """Fail unless @actual == @expected."""
    if actual != expected:
        raise Failure(f"{what} is {shown(actual)}, not {shown(expected)}")


def raises(number, call, *args, **kwargs):
    """Fail unless call(*args) raises OSError with errno @number."""
    name = errno.errorcode[number]
    what = f"{getattr(call, '__name__', call)}{shown(args)}"
    try:
        result = call(*args, **kwargs)
    except OSError as e:
        if e.errno != number:
            raise Failure(f"{what} fails with {e}, not {name}") from e
        return
    raise Failure(f"{what} returns {shown(result)}, not {name}")


def wait_for(condition, what, seconds=20):
    """Wait until condition() is true and return what it gave; fail after @seconds."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"{what}: not so after {seconds} s (it is {shown(value)})")
        time.sleep(0.005)


def skip(why):
    """End the test: this machine cannot show it."""
    print(f"skip: {why}", flush=True)
    sys.stdout.flush()
    os._exit(4)
