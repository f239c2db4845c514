"""Starts and ends sandboxes, and speaks to them with Python's own HTTP; imported by scripts."""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

TILL, PASSWORD, KEY, SECRET = "sandbox.till", "sandbox", "sandbox", "sandbox"
PASSWORD_MD5 = hashlib.md5(PASSWORD.encode()).hexdigest()
BASIC = "Basic " + base64.b64encode(f"{TILL}:{PASSWORD_MD5}".encode()).decode()
# What a client may take from its environment, by the kind of credentials.
CREDENTIALS = {
    "password": {"GROUPLOAD_TILL": TILL, "GROUPLOAD_PASSWORD": PASSWORD},
    "md5": {"GROUPLOAD_TILL": TILL, "GROUPLOAD_PASSWORD_MD5": PASSWORD_MD5},
    "oauth": {"GROUPLOAD_KEY": KEY, "GROUPLOAD_SECRET": SECRET},
}
GROUP_PATH = "/api_gateway/core/v1/group"


def environment(credentials="password", work=None):
    """This process's environment with nothing of groupload's but one kind of credentials; what it knows of runs, too,
    stays in the directory `work`: a port may be another sandbox's tomorrow."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GROUPLOAD")}
    state = {} if work is None else {"XDG_STATE_HOME": str(work / "state")}
    return {**kept, **CREDENTIALS[credentials], **state}


def spare_port():
    """A port of loopback that nobody has, and that the system gives nobody who asks for any: for a sandbox that is
    started again at the same place."""
    first = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(first // 2, first), 100):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit("no port of 100 is free")


class Sandbox:
    """A running sandbox; as a context manager it is ended by its process id, however the block ends."""

    def __init__(self, binary, *options, log=os.devnull):
        self.errors = open(log, "ab")  # noqa: SIM115 (closed by stop)
        self.process = subprocess.Popen(
            [binary, "sandbox", "--port", "0", *options], stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http://"):
            self.stop()
            raise SystemExit(f"the sandbox did not start: {' '.join(map(str, options))}; see {log}")
        self.port = int(self.url.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return body

    def requests(self):
        return json.loads(self.get("/sandbox/requests"))

    def counted(self):
        """How many requests it let through, and how many it throttled, since it started."""
        routes = self.requests()
        routes.pop("faults", None)
        statuses = [(status, count) for route in routes.values() for status, count in route.items()]
        throttled = sum(count for status, count in statuses if status == "429")
        return sum(count for _, count in statuses) - throttled, throttled

    def stored(self):
        """The stored groups, in order of storing."""
        return [json.loads(line) for line in self.get("/sandbox/stored").split(b"\n") if line]

    def create(self, groups, may_collide=False):
        """Stores groups, (name, rank) each, over one connection.

        Each must be accepted, or with `may_collide` the server may have its name."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for name, rank in groups:
            body = json.dumps({"name": name, "rank": rank})
            connection.request(
                "POST", GROUP_PATH + "/create", body, {"Authorization": BASIC, "Content-Type": "application/json"}
            )
            response = connection.getresponse()
            text = response.read()
            if response.status != 200 and not (may_collide and b"12012" in text):
                raise SystemExit(f"the sandbox refused {name!r}: {response.status} {text[:200]!r}")
        connection.close()

    def update(self, number, stored, changes):
        """Changes a group, as somebody else would; sent again until it is taken, for the sandbox may have faults."""
        group = next(group for group in stored if group["id"] == number)
        body = json.dumps({key: group[key] for key in ("name", "rank", "isActive")} | changes)
        for _ in range(100):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request(
                    "PUT", f"{GROUP_PATH}/{number}", body, {"Authorization": BASIC, "Content-Type": "application/json"}
                )
                response = connection.getresponse()
                if response.read() and response.status == 200:
                    return
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()
        raise SystemExit(f"the sandbox does not take a change of group {number}")


def free_port():
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=10):
    """Waits until something listens on a port of 127.0.0.1, or fails where its process has ended."""
    for _ in range(int(seconds * 20)):
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended with {process.returncode} before it served")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{process.args[0]} does not listen on port {port} after {seconds} s")


def read_json(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
