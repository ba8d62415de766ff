# SPDX-License-Identifier: BSD-2-Clause
"""Programs that run beside a test: started, listened to, ended whatever happens."""
import atexit
import contextlib
import os
import re
import signal
import subprocess
import threading
import time

import proc
from check import Failure


@contextlib.contextmanager
def inside(namespace):
    """The calling thread is in a proc.Netns; None is where it is already. Threads may share a namespace."""
    if namespace is None:
        yield
        return
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        proc.setns(namespace.fd)
        yield
        proc.setns(here)
    finally:
        os.close(here)


class Program:
    """
    A running program. What it prints is kept, and shown if the test fails; at the end of the test it is ended.
    Keyword arguments are those of Popen; @netns is the namespace it runs in.
    """

    def __init__(self, *command, netns=None, **options):
        self.command = [str(word) for word in command]
        self.lines = []
        self.news = threading.Condition()
        with inside(netns):
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen(self.command, stdin=options.pop("stdin", subprocess.DEVNULL),
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                            errors="replace", bufsize=1, **options)
        self.pid = self.process.pid
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        atexit.register(self.forget)

    def read(self):
        """Collects its output: a thread of its own."""
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip("\r\n"))
                self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def says(self, pattern, seconds=30, start=0):
        """Wait for a line with this regular expression in it, the first from line @start on; its match."""
        end = time.monotonic() + seconds
        with self.news:
            while True:
                for line in self.lines[start:]:
                    match = re.search(pattern, line)
                    if match:
                        return match
                start = len(self.lines)
                left = end - time.monotonic()
                if left <= 0 or not self.reader.is_alive():
                    why = f"within {seconds} s" if left <= 0 else "to its end"
                    raise Failure(f"{self.command[0]} does not say '{pattern}' {why}")
                self.news.wait(min(left, 1))

    def tell(self, line):
        """Write a line to its standard input, if that is a pipe."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait(self, seconds=30):
        """Wait for its end: its exit status and its output."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired as late:
            raise Failure(f"{self.command[0]} has not ended after {seconds} s") from late
        self.reader.join(5)
        return self.process.returncode, "\n".join(self.lines)

    def succeeds(self, seconds=30):
        """Wait for its end, fail unless its status is 0; its output."""
        status, said = self.wait(seconds)
        if status:
            raise Failure(f"{' '.join(self.command)} ends with status {status}: {said}")
        return said

    def end(self, number=signal.SIGTERM, seconds=30):
        """Send it a signal, wait for its end; its exit status and output."""
        self.process.send_signal(number)
        return self.wait(seconds)

    def forget(self):
        """The end of the test: kill it if need be, show what it said."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(2)
        print(f"--- {' '.join(self.command)}: status {self.process.returncode}")
        for line in self.lines[-60:]:
            print(f"    {line}")
