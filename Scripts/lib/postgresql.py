"""A PostgreSQL server of a script's own, on loopback; imported by scripts."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import project
import sandbox

ROLE, PASSWORD = "loader", "of-checks-only"
SECONDS_MAX = 60


class PostgreSQL:
    """A running server, in a temporary directory; as root it runs as `postgres`, for it refuses to run as root.

    It is ended by its process id. What it holds need not survive a loss of power, unless it `is_durable`."""

    def __init__(self, is_durable=False):
        self.is_durable = is_durable
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not programs:
            project.install("postgresql-15")
            programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.programs = programs[-1]
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="groupload-postgresql."))
        self.user = []
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres", "postgres")
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.process, self.port = None, sandbox.free_port()
        password = self.directory / "password"
        password.write_text(PASSWORD + "\n")
        self.run(
            "initdb",
            "--pgdata=data",
            f"--username={ROLE}",
            f"--pwfile={password}",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def run(self, program, *options):
        ended = subprocess.run(
            [*self.user, self.programs / program, *options], cwd=self.directory, capture_output=True, text=True
        )
        if ended.returncode != 0:
            raise SystemExit(f"{program} ended with {ended.returncode}: {ended.stderr[-300:]}")

    @property
    def environment(self):
        """What libpq takes from a process's environment to get there."""
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": ROLE, "PGPASSWORD": PASSWORD}

    def start(self):
        """Starts it, on the same port each time, and waits until it serves."""
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                # After a kill its processes may not all have gone yet, and it ends at once.
                with open(self.directory / "log", "ab") as log:
                    self.process = subprocess.Popen(
                        [*self.user, self.programs / "postgres", "-D", "data", "-k", self.directory]
                        + ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
                        + ["-c", "fsync=on" if self.is_durable else "fsync=off"]
                        + ["-c", "max_connections=100"],
                        cwd=self.directory,
                        stdout=log,
                        stderr=log,
                    )
            if self.ask("SELECT 1").returncode == 0:
                return
            time.sleep(0.05)
        raise SystemExit(f"PostgreSQL doesn't start; see {self.directory / 'log'}")

    def kill(self):
        """Kills it (SIGKILL), and with it all its connections."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it, and removes all that it holds."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def ask(self, sql):
        """Runs SQL; gives the process that has ended."""
        return self.client("psql", "-XqtA", "-c", sql)

    def dump(self, schema):
        """All that a schema holds, as SQL."""
        return self.client("pg_dump", "--schema", schema).stdout

    def client(self, program, *options):
        place = ["-h", self.directory, "-p", str(self.port), "-U", ROLE, "-d", "postgres"]
        return subprocess.run([self.programs / program, *place, *options], capture_output=True, text=True)

    def rows(self, query):
        """The rows of a query, each a dictionary."""
        ended = self.ask(f"SELECT coalesce(json_agg(q), '[]') FROM ({query}) AS q")
        if ended.returncode != 0:
            raise SystemExit(f"psql: {ended.stderr}")
        return json.loads(ended.stdout)

    def cpu(self):
        """Seconds of CPU that the server has used so far, with all its processes."""
        used = 0
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            # Fields 14 to 17 of proc_pid_stat(5); those of children that were waited for count for the first process.
            if int(entry.parent.name) == self.process.pid:
                used += sum(map(int, fields[11:15]))
            elif int(fields[1]) == self.process.pid:
                used += sum(map(int, fields[11:13]))
        return used / os.sysconf("SC_CLK_TCK")

    def megabytes(self, schema):
        """What a schema's tables and indexes take, in MB."""
        sizes = f"""SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bytes FROM pg_class AS c
            JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = '{schema}' AND c.relkind = 'r'"""
        return self.rows(sizes)[0]["bytes"] / 1e6
