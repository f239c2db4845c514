"""A Debian in a directory that is booted as a container, with its own systemd; imported by scripts."""

import os
import pathlib
import signal
import subprocess
import time

SECONDS_MAX = 60


class Booted:
    """A running systemd; as a context manager it is ended by the process id of its first process."""

    def __init__(self, directory, log):
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "-D", directory, "--boot", "--register=no", "--keep-unit", "--console=pipe"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.log = log

    def __enter__(self):
        try:
            self.wait(lambda: self.is_up(), "systemd doesn't begin")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for first in self.children() or [self.process.pid]:
            os.kill(first, signal.SIGKILL)
        self.process.wait()

    def children(self):
        """The process ids of what systemd-nspawn has started: the container's first process."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in path.read_text().split()] if path.exists() else []

    def is_up(self):
        if self.process.poll() is not None:
            raise SystemExit(
                f"systemd-nspawn ended with {self.process.returncode}:\n{pathlib.Path(self.log).read_text()}"
            )
        return bool(self.children()) and self.output("systemctl", "is-system-running") in ("running", "degraded")

    def output(self, *command):
        """What a command in the container prints."""
        enter = ["nsenter", "-t", str(self.children()[0]), "-m", "-u", "-i", "-n", "-p"]
        ended = subprocess.run(
            [*enter, "env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return ended.stdout.strip()

    def show(self, unit, name):
        """A property of a unit."""
        return self.output("systemctl", "show", unit, "--property", name, "--value")

    def wait(self, holds, what):
        """Waits until something holds."""
        end = time.monotonic() + SECONDS_MAX
        while not holds():
            if time.monotonic() > end:
                journal = self.output("journalctl", "--no-pager", "-n", "60") if self.children() else ""
                raise SystemExit(f"{what} within {SECONDS_MAX} s\n{journal}")
            time.sleep(0.2)
