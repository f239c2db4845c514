"""Counts instructions with callgrind, and compares them with those in instructions.json; imported by benchmarks."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import project
import sandbox
from clients import PEERS, delay_server
from measure import write_list

FILE = pathlib.Path(__file__).with_name("instructions.json")
# How far above the count in the file is no fault.
SLACK = 1.05


def instructions(command, work, env=None):
    """The instructions of a command in its own code, from its start to its end."""
    output = work / "callgrind.out"
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )
    if run.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {run.returncode} under callgrind: {run.stderr[-2000:]}")
    totals = [line.split()[1] for line in output.read_text().splitlines() if line.startswith(("summary:", "totals:"))]
    return int(totals[-1])


def of_create(binary, work):
    """What 20,000 more creates cost each, from the list to the report, so that setting up costs nothing."""
    project.install("valgrind", "binutils", "gcc")
    # Valgrind can't read what Swift's compiler writes for debuggers.
    stripped, preload = work / "stripped", work / "main-queue.so"
    subprocess.run(["strip", "--strip-debug", "-o", stripped, binary], check=True)
    libraries = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout
    dispatch = re.search(r"libdispatch\.so => (\S+)", libraries)
    if not dispatch:
        sys.exit("instructions are counted of a build with shared libraries")
    # It is found by the shell that starts valgrind, too.
    search = f"-Wl,-rpath,{pathlib.Path(dispatch[1]).parent}"
    subprocess.run(
        ["gcc", "-O1", "-shared", "-fPIC", "-o", preload, PEERS / "main-queue.c", dispatch[1], search], check=True
    )
    totals = []
    with delay_server(work, 0) as url:
        for count in (10_000, 30_000):
            path, run = work / "list.csv", work / "run"
            write_list(path, count, "Instructions")
            command = [stripped, "import", "--quiet", "--target", url, "--concurrency", "64", "--request-timeout", "60"]
            environment = sandbox.environment() | {"LD_PRELOAD": str(preload)}
            totals.append(instructions([*command, "--run-dir", run, path], work, environment))
            shutil.rmtree(run)
    return (totals[1] - totals[0]) / 20_000


class Counts:
    """The counts in the file, and those that were found."""

    def __init__(self, is_written):
        self.known = json.loads(FILE.read_text()) if FILE.exists() else {}
        self.is_written, self.is_worse = is_written, False

    def found(self, name, count, of):
        """Prints a count, in instructions of `of`, and keeps or compares it."""
        before = self.known.get(name)
        print(
            f"{name:8}{count:10,.1f} instructions a {of}" + (f", {before:,.1f} in the file" if before else ""),
            flush=True,
        )
        if self.is_written:
            self.known[name] = round(count, 1)
        else:
            self.is_worse |= before is not None and count > before * SLACK

    def end(self):
        """Writes the file, or ends with 1 where a count is too high."""
        if self.is_written:
            FILE.write_text(json.dumps(self.known, indent=2, sort_keys=True) + "\n")
        elif self.is_worse:
            sys.exit(f"more than 5 % above {FILE.name}")
