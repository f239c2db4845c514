"""How benchmark-submit runs each client, and what one run gives; imported by it."""

import contextlib
import re
import shutil
import subprocess

import project
import sandbox
from measure import measured, write_list

PEERS = project.SCRIPTS / "benchmarks/peers"
SERVER_CORE, CLIENT_CORE = 0, 1
BUSY_LEAST = 0.90
CREATE_PATH = "/api_gateway/core/v1/group/create"


@contextlib.contextmanager
def delay_server(work, milliseconds):
    """A server that responds after a delay and costs little: its address."""
    program = work / "delay-server"
    subprocess.run(["gcc", "-O2", "-o", program, PEERS / "delay-server.c"], check=True)
    server = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), program, str(milliseconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
        server.stdin.close()
        server.stdout.close()


class Figures:
    """One run of a client."""

    def __init__(self, creates, wall, cpu, peak_bytes):
        self.creates, self.wall, self.cpu, self.peak_bytes = creates, wall, cpu, peak_bytes

    @property
    def is_busy(self):
        return self.cpu / self.wall >= BUSY_LEAST


class Clients:
    """How each client is run; each gives its figures of one round."""

    def __init__(self, options, work):
        self.options, self.work = options, work
        self.env = {**sandbox.environment(), "GROUPLOAD_WRK_AUTHORIZATION": sandbox.BASIC}
        self.body = work / "body.json"
        self.body.write_text('{"name":"Benchmark 000000001","rank":1}')

    def run(self, command, count):
        used = measured(command, self.work, CLIENT_CORE, env=self.env)
        creates = count(used.output) if callable(count) else count
        if not creates:
            raise SystemExit(f"{command[0]} created nothing: {used.output[-500:]}")
        return Figures(creates, used.wall, used.cpu, used.peak_bytes)

    def groupload(self, url, round, connections, count, flags=()):
        path, run = self.work / "list.csv", self.work / "run"
        write_list(path, count, f"Round {round}")
        command = [
            self.options.binary,
            "import",
            "--quiet",
            "--target",
            url,
            "--concurrency",
            connections,
            "--run-dir",
            run,
            *self.options.import_option,
            *flags,
            path,
        ]
        figures = self.run(command, count)
        outcomes = sandbox.read_json(run / "summary.json")["outcomes"]
        if outcomes["created"] != count:
            raise SystemExit(f"the import created {outcomes['created']} of {count}: {outcomes}")
        shutil.rmtree(run)
        path.unlink()
        return figures

    def wrk(self, url, round, connections, seconds):
        self.env["GROUPLOAD_WRK_PREFIX"] = f"wrk {round}"
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", PEERS / "wrk-create.lua", url]

        def created(text):
            found = re.search(r"^figures created=(\d+) responses=\d+ errors=(\d+)", text, re.MULTILINE)
            if not found or found[2] != "0":
                raise SystemExit(f"wrk met errors: {text[-500:]}")
            return int(found[1])

        return self.run(command, created)

    def ab(self, url, _, connections, count):
        command = [
            "ab",
            "-q",
            "-k",
            "-n",
            count,
            "-c",
            connections,
            "-p",
            self.body,
            "-T",
            "application/json",
            "-H",
            f"Authorization: {sandbox.BASIC}",
            url + CREATE_PATH,
        ]

        def created(text):
            is_clean = re.search(r"Failed requests:\s+0\n", text) and "Non-2xx" not in text
            return int(re.search(r"Complete requests:\s+(\d+)", text)[1]) if is_clean else 0

        return self.run(command, created)

    def hey(self, url, _, connections, count):
        command = [
            "hey",
            "-n",
            count // connections * connections,
            "-c",
            connections,
            "-m",
            "POST",
            "-T",
            "application/json",
            "-H",
            f"Authorization: {sandbox.BASIC}",
            "-d",
            self.body.read_text(),
            url + CREATE_PATH,
        ]
        return self.run(command, lambda text: int((re.search(r"\[200\]\s+(\d+) responses", text) or [0, 0])[1]))

    def curl(self, url, round, connections, count):
        path = self.work / "curl.conf"
        with open(path, "w", encoding="utf-8") as file:
            for number in range(count):
                body = f'{{\\"name\\":\\"curl {round} {number:09d}\\",\\"rank\\":{number % 1000}}}'
                file.write(
                    ("next\n" if number else "")
                    + f'url = "{url}{CREATE_PATH}"\ndata = "{body}"\noutput = "/dev/null"\n'
                    f'header = "Content-Type: application/json"\n'
                    f'header = "Authorization: {sandbox.BASIC}"\nfail\nsilent\n'
                )
        figures = self.run(
            ["curl", "--parallel", "--parallel-max", connections, "--parallel-immediate", "--config", path], count
        )
        path.unlink()
        return figures

    def aiohttp(self, url, round, connections, count):
        command = [
            self.options.aiohttp_python,
            PEERS / "aiohttp-create.py",
            url,
            count,
            connections,
            f"aiohttp {round}",
        ]
        return self.run(command, lambda text: int(text))
