# SPDX-License-Identifier: BSD-2-Clause
"""The module: loading, unloading."""
import os

import link


def loaded():
    """Is it loaded?"""
    return os.path.isdir("/sys/module/if_tap")


def load(*parameters):
    """Load the module under test with these parameters."""
    link.run("insmod", os.environ["IF_TAP_KO"], *parameters)


def unload():
    """Unload it; fails when it is in use."""
    link.run("rmmod", "if_tap")


def unload_fails():
    """Fail if it can be unloaded; what rmmod(8) says."""
    done = link.run("rmmod", "if_tap", check=False)
    return None if done.returncode == 0 else done.stderr


class Reloaded:
    """With it, the module is loaded with other parameters; after it, as before the test, with none."""

    def __init__(self, *parameters):
        self.parameters = parameters

    def __enter__(self):
        unload()
        try:
            load(*self.parameters)
        except BaseException:
            load()
            raise
        return self

    def __exit__(self, *_):
        restore()


def restore():
    """Whatever has happened: loaded, without parameters."""
    if loaded():
        unload()
    load()
