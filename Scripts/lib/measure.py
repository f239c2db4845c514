"""Runs and measures a command, and makes the list that it loads; imported by the benchmarks."""

import subprocess
import time
from typing import NamedTuple

import sandbox


class Usage(NamedTuple):
    """What a command printed and used."""

    output: str
    wall: float
    cpu: float
    peak_bytes: int

    @property
    def peak_mb(self):
        return self.peak_bytes / 1e6


def measured(command, work, core=None, status=0, env=None):
    """Runs a command that must end with a status, pinned to a core where one is given.

    GNU time starts it, since a process that this one starts would count this one's memory as its own peak."""
    usage, out, err = (work / f"measured.{kind}" for kind in ("usage", "out", "err"))
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    with open(out, "wb") as output, open(err, "wb") as errors:
        began = time.monotonic()
        ended = subprocess.run(
            ["/usr/bin/time", "-f", "%U %S %M", "-o", usage, *pinned, *map(str, command)],
            stdout=output,
            stderr=errors,
            env=env or sandbox.environment(),
        )
        wall = time.monotonic() - began
    text = out.read_text(encoding="utf-8", errors="replace")
    if ended.returncode != status:
        said = err.read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"{' '.join(map(str, command[:2]))} ended with {ended.returncode}: {said[-500:]}{text[-500:]}")
    user, system, kibibytes = usage.read_text().split()[-3:]
    return Usage(text, wall, float(user) + float(system), int(kibibytes) * 1024)


def write_list(path, count, prefix, changed=0):
    """Writes a CSV list of `count` distinct names; `changed` of its ranks are higher by one."""
    step = count // changed if changed else 0

    def row(number):
        rank = number % 1000 + (1 if step and number % step == 0 else 0)
        return f"{prefix} {number:09d},{rank}\n"

    with open(path, "w", encoding="utf-8") as file:
        file.write("name,rank\n")
        for first in range(0, count, 100_000):
            file.write("".join(map(row, range(first, min(first + 100_000, count)))))
