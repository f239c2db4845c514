"""Where the project's files are, its built binary, and the programs that a script needs; imported by scripts."""

import os
import pathlib
import shutil
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
SAMPLES = ROOT / "SampleData"


def find_binary(given=None):
    """The binary: as given, else $GROUPLOAD_BINARY, else a fresh release build's."""
    path = given or os.environ.get("GROUPLOAD_BINARY")
    if not path:
        build = ["swift", "build", "-c", "release", "--product", "groupload"]
        subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr)
        shown = subprocess.run([*build, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
        path = shown.stdout.strip() + "/groupload"
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path}: no such binary; unset GROUPLOAD_BINARY to build one")
    return path


def install(*packages):
    """Installs Debian packages; those that are present are left alone."""
    subprocess.run([SCRIPTS / "setup", *packages], check=True, stdout=subprocess.DEVNULL)


def install_missing(needed):
    """Installs the Debian packages of the programs that are missing; `needed` maps programs to packages."""
    if missing := [package for program, package in needed.items() if not shutil.which(program)]:
        install(*missing)


def python_with(packages, directory):
    """A Python of a virtual environment made in a directory, with packages of PyPI."""
    python = directory / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(command, check=True)
    return python
