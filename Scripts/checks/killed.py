"""A run by as many processes as it takes, some of which are killed; imported by crash-test."""

import subprocess
import time

import sandbox

SECONDS_MAX = 300


class Job:
    """A run, by as many processes as it takes: `command` begins it, and goes on with it too."""

    def __init__(self, binary, plan, work, run, command, given=None):
        self.binary, self.plan, self.work, self.run = binary, plan, work, run
        self.begin, self.given = [binary, *command, "--quiet", "--run-dir", run], given
        self.killed = 0
        self.env = sandbox.environment(plan.credentials, work)

    def command(self, resumes):
        if resumes and self.plan.dice.random() < 0.5 and (self.run / "ledger.sqlite").exists() and self.is_begun():
            return [self.binary, "resume", self.run, "--quiet", "--yes"]
        return self.begin

    def is_begun(self):
        """Whether the ledger has the run's settings; before that there is nothing to resume."""
        shown = subprocess.run(
            ["sqlite3", self.run / "ledger.sqlite", "SELECT count(*) FROM run WHERE key = 'configuration'"],
            capture_output=True,
            text=True,
        )
        return shown.stdout.strip() == "1"

    def process(self, resumes, kill):
        """Runs one process; gives its status, or None where it was killed."""
        given = open(self.given, "rb") if self.given else subprocess.DEVNULL  # noqa: SIM115 (closed below)
        with open(self.work / "run.err", "ab") as errors:
            process = subprocess.Popen(
                self.command(resumes), stdin=given, stdout=subprocess.DEVNULL, stderr=errors, env=self.env
            )
        if given is not subprocess.DEVNULL:
            given.close()
        try:
            self.wait(process, kill)
            if process.poll() is None and kill is not None:
                process.kill()
                process.wait()
                self.killed += 1
                return None
            return process.wait(timeout=SECONDS_MAX)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def is_reporting(self):
        """Whether a file of the report is being written; the copy of an input, which is written before, is none."""
        parts = (path.name for pattern in ("*.part", ".*.part") for path in self.run.glob(pattern))
        return any(not name.startswith(".input-") for name in parts)

    def wait(self, process, kill):
        """Waits until the process is to be killed, or has ended."""
        if kill is None:
            return
        end = time.monotonic() + (30 if kill == "report" else kill)
        while process.poll() is None and time.monotonic() < end:
            if kill == "report" and self.is_reporting():
                time.sleep(self.plan.dice.uniform(0, 0.01))
                return
            time.sleep(0.001)
