"""A run on several machines, which share its ledger in a database and have accidents; imported by crash-test.

A machine is a process with a clock, a state directory and a connection to the database of its own. The first imports;
the others work, and are started again when they end, until the import has ended."""

import contextlib
import math
import random
import signal
import subprocess
import time

import proxy
import sandbox
from accounts import Check

# The rules of the leases, written again.
LEASE_SECONDS, SENDING_SECONDS = 30, 15
# What a busy machine may make of a moment.
SLACK_SECONDS = 1
RUN_SECONDS_MAX, END_SECONDS_MAX = 600, 90
STARTS_MAX = 300
# Of a process that gets a SIGTERM: the second, where that comes before it is ready for it.
ENDED = (143, -signal.SIGTERM)


class Accident:
    """What befalls a machine, or the database: when, what, and for how long."""

    KINDS = ["kill"] * 4 + ["end"] + ["stop"] * 4 + ["cut"] * 3 + ["database"] * 2
    CUTS = [proxy.REFUSE, proxy.HOLD, proxy.DEAFEN]

    def __init__(self, dice, workers):
        self.at, self.kind = dice.expovariate(1 / 3), dice.choice(self.KINDS)
        self.machine = 0 if dice.random() < 0.3 or not workers else dice.randrange(1, workers + 1)
        self.cut = dice.choice(self.CUTS)
        past_lease, short = dice.uniform(33, 42), dice.uniform(0.5, 14)
        if self.kind == "database":
            self.seconds = dice.choice([0, 0, dice.uniform(0, 6), dice.uniform(0, 12)])
        elif self.kind == "stop":
            self.seconds = past_lease if dice.random() < 0.7 else short
        else:
            self.seconds = past_lease if dice.random() < 0.3 else short

    def __str__(self):
        what = f"{self.kind} {self.cut}" if self.kind == "cut" else self.kind
        whom = "" if self.kind == "database" else f" of {self.machine}"
        lasts = f" for {self.seconds:.1f} s" if self.kind in ("stop", "cut", "database") else ""
        return f"{what}{whom} at {self.at:.1f} s{lasts}"


class Machines:
    """What a seed decides of the machines of a run."""

    def __init__(self, seed, workers):
        dice = random.Random(seed ^ 0x5A17)
        self.seconds = dice.uniform(3, 12) if dice.random() < 0.75 else None
        # Of each machine's clock, the importer's first, in milliseconds.
        self.offsets = [
            dice.choice([0, 0, 3_600_000, -3_600_000, 5_000, -2_000, 300, -300]) for _ in range(workers + 1)
        ]
        self.starts = [0] + [0.3 + dice.expovariate(1) for _ in range(workers)]
        self.concurrency = [dice.choice([1, 4, 16, 64]) for _ in range(workers + 1)]
        self.accidents = sorted(
            (Accident(dice, workers) for _ in range(dice.randrange(1, 8))), key=lambda accident: accident.at
        )
        self.dice = dice


class Machine:
    """One of them, and its process."""

    def __init__(self, number, run):
        self.number, self.run = number, run
        self.link = proxy.Proxy(run.loop, run.database.port)
        self.process, self.begins_at, self.statuses = None, run.plan.machines.starts[number], []
        self.is_stopped = self.is_disturbed = False
        home = run.work / f"machine-{number}"
        self.env = {
            **sandbox.environment(run.plan.credentials, home),
            **run.database.environment,
            "PGPORT": str(self.link.port),
        }
        if offset := run.plan.machines.offsets[number]:
            self.env |= {"LD_PRELOAD": str(run.clock), "CLOCK_OFFSET_MS": str(offset)}

    def command(self):
        run, options = self.run, ["--concurrency", str(self.run.plan.machines.concurrency[self.number])]
        known = [run.id] if run.dice.random() < 0.5 and run.id and run.is_begun() else []
        if run.dice.random() < 0.1:
            options += ["--for", "2s"]
        return [run.binary, "work", *known, "--ledger", run.address, *options], None

    @property
    def is_at_work(self):
        """Whether it has a process, and had time to take a lease."""
        return self.process and not self.is_stopped and self.run.now > self.began_at + 0.5

    def start(self):
        command, given = self.command()
        self.began_at = self.run.now
        with contextlib.ExitStack() as files:
            given = files.enter_context(open(given, "rb")) if given else subprocess.DEVNULL
            errors = files.enter_context(open(self.run.work / f"machine-{self.number}.err", "ab"))
            self.process = subprocess.Popen(
                command, stdin=given, stdout=subprocess.DEVNULL, stderr=errors, env=self.env
            )
        self.is_stopped = False
        self.is_disturbed = self.link.mode != proxy.PASS or self.run.database.process.poll() is not None
        self.run.processes[self.process.pid] = self
        self.run.log(f"{self.number}: {self.process.pid} {' '.join(map(str, command[1:]))}")

    def signal(self, number):
        if self.process:
            self.process.send_signal(number)
            self.is_disturbed = True

    def ended(self, status):
        """Takes up that its process has ended; decides when there is another."""
        self.statuses.append(status)
        self.process = None
        self.begins_at = self.run.now + self.run.dice.choice([0.2, 1, 3])
        if status not in (0, 3, 75, -signal.SIGKILL) and not (status in ENDED and self.is_disturbed):
            self.run.faults.append(f"machine {self.number} ended with {status}: {self.said()}")
            self.begins_at = math.inf

    def said(self):
        return (self.run.work / f"machine-{self.number}.err").read_text(errors="replace")[-300:]


class Importer(Machine):
    """The one that imports: again and again, until it settles the run."""

    def __init__(self, run):
        super().__init__(0, run)
        self.directory, self.status = run.work / "run", None

    def command(self):
        run, plan = self.run, self.run.plan
        path = run.work / f"list.{plan.format}"
        given = path if plan.is_piped else None
        if run.dice.random() < 0.6 and run.id and run.is_begun():
            if run.dice.random() < 0.5:
                self.directory = run.work / f"run-{len(self.statuses)}"
            resumed = ["resume", run.id, "--ledger", run.address, "--run-dir", self.directory, "--quiet", "--yes"]
            if (self.directory / "ledger.url").exists():
                resumed = ["resume", self.directory, "--quiet", "--yes"]
            return [run.binary, *resumed], given
        self.directory = run.work / "run"
        lists = ["-", "--format", plan.format] if plan.is_piped else [path]
        command = ["import", *lists, "--target", run.url, *plan.asked, *plan.options, "--quiet"]
        return [run.binary, *command, "--ledger", run.address, "--run-dir", self.directory], given

    def ended(self, status):
        self.statuses.append(status)
        self.process = None
        self.begins_at = self.run.now + 1
        is_interrupted = status == -signal.SIGKILL or status in ENDED and self.is_disturbed
        # A process that died leaves its lease, which a new run on the scope meets.
        if not is_interrupted and status != 75 and not (status == 3 and self.is_disturbed):
            self.status = status


class SharedRun:
    """A run by an importer and workers, each of which may have accidents."""

    def __init__(self, binary, plan, work, database, loop, clock, is_interrupted):
        self.binary, self.plan, self.work, self.database, self.loop = binary, plan, work, database, loop
        self.clock, self.dice, self.is_interrupted = clock, plan.machines.dice, is_interrupted
        self.schema = f"seed_{plan.seed}"
        self.address = f"postgresql:///postgres?schema={self.schema}"
        self.faults, self.processes, self.pending, self.woken = [], {}, [], {}
        self.accidents = []
        self.began = time.monotonic()
        self.events = open(work / "events.log", "w", encoding="utf-8")  # noqa: SIM115 (closed by `close`)

    @property
    def now(self):
        return time.monotonic() - self.began

    @property
    def id(self):
        """The run's id, once it is known."""
        with contextlib.suppress(OSError, IndexError):
            return (self.work / "run" / "ledger.url").read_text().split("\n")[1]

    def log(self, text):
        print(f"{self.now:7.2f} {text}", file=self.events, flush=True)

    def is_begun(self):
        """Whether the ledger has the run's settings; before that there is nothing to resume, and no work."""
        sql = f"SELECT count(*) FROM {self.schema}.fact WHERE key = 'configuration'"
        return self.database.ask(sql).stdout.strip() == "1"

    def all(self, server):
        """Runs to the end; gives the importer's status, None where it doesn't end."""
        self.target = proxy.Proxy(self.loop, server.port, owners=lambda: list(self.processes))
        self.url = f"http://127.0.0.1:{self.target.port}"
        self.importer = Importer(self)
        self.machines = [self.importer] + [
            Machine(number, self) for number in range(1, len(self.plan.machines.offsets))
        ]
        self.began = time.monotonic()
        self.pending = [(accident.at, accident) for accident in self.plan.machines.accidents]
        try:
            return self.go_on()
        finally:
            for machine in self.machines:
                if machine.process:
                    machine.process.kill()
                    machine.process.wait()
                self.loop.call(machine.link.close())
            self.loop.call(self.target.close())
            if self.database.process.poll() is not None:
                self.database.start()

    def go_on(self):
        ended_at = None
        while not self.is_interrupted.is_set():
            self.befall()
            for machine in self.machines:
                if machine.process and (status := machine.process.poll()) is not None:
                    self.log(f"{machine.number}: {machine.process.pid} ended with {status}")
                    del self.processes[machine.process.pid]
                    machine.ended(status)
                if machine.process is None and self.importer.status is None and machine.begins_at <= self.now:
                    machine.start()
            if self.importer.status is not None:
                # What hasn't happened yet doesn't; what has is put right.
                self.pending = [entry for entry in self.pending if callable(entry[1])]
                ended_at = max(ended_at or self.now, *(at for at, _ in self.pending), 0)
                if not any(machine.process for machine in self.machines) and not self.pending:
                    return self.importer.status
                if self.now > ended_at + END_SECONDS_MAX:
                    running = [machine.number for machine in self.machines if machine.process]
                    self.faults.append(f"machines {running} don't end though the run has")
                    return self.importer.status
            if self.now > RUN_SECONDS_MAX or max(len(machine.statuses) for machine in self.machines) > STARTS_MAX:
                self.faults.append(f"the run doesn't end; of the importer: {self.importer.said()}")
                return None
            time.sleep(0.005)
        return None

    def befall(self):
        """Has happen what is due."""
        for entry in sorted(self.pending, key=lambda entry: entry[0]):
            if entry[0] > self.now:
                return
            self.pending.remove(entry)
            if callable(entry[1]):
                entry[1]()
            else:
                accident = entry[1]
                # Of those that are at work, the next one.
                for _ in self.machines:
                    if self.machines[accident.machine].is_at_work:
                        break
                    accident.machine = (accident.machine + 1) % len(self.machines)
                self.log(str(accident))
                self.accidents.append(accident)
                happen = {"database": self.database_dies}.get(accident.kind) or getattr(self, accident.kind)
                happen(accident, self.machines[accident.machine])

    def after(self, seconds, action):
        self.pending.append((self.now + seconds, action))

    def kill(self, _, machine):
        machine.signal(signal.SIGKILL)

    def end(self, _, machine):
        if not machine.is_stopped:
            machine.signal(signal.SIGTERM)

    def stop(self, accident, machine):
        if machine.process and not machine.is_stopped:
            machine.signal(signal.SIGSTOP)
            machine.is_stopped = True
            process = machine.process
            self.after(accident.seconds, lambda: self.wake(machine, process))

    def wake(self, machine, process):
        if machine.process is not process:
            return
        # Where another process has ended its lease meanwhile, this one's last transaction is over.
        ended = self.leases(f"ended_at IS NOT NULL AND name LIKE '%:{process.pid}'")
        self.woken |= {lease["epoch"]: lease["written"] for lease in ended or []}
        self.log(f"{machine.number} wakes; its lease {'has ended' if ended else 'lasts'}")
        machine.is_stopped = False
        machine.signal(signal.SIGCONT)

    def cut(self, accident, machine):
        machine.is_disturbed = True
        machine.link.turn(accident.cut)
        self.after(accident.seconds, lambda: self.heal(machine))

    def heal(self, machine):
        self.log(f"{machine.number} reaches the database again")
        machine.is_disturbed = True
        machine.link.turn(proxy.PASS)

    def database_dies(self, accident, _):
        for machine in self.machines:
            machine.is_disturbed = True
        self.database.kill()
        self.after(accident.seconds, self.database_is_back)

    def database_is_back(self):
        self.database.start()
        self.log("the database is back")
        for machine in self.machines:
            machine.is_disturbed = True

    def leases(self, condition):
        """Leases of the run; none where the database is dead."""
        with contextlib.suppress(SystemExit):
            return self.database.rows(f"""SELECT epoch, role, name, ended_by, written, requests,
                extract(epoch FROM ended_at) AS ended_at, extract(epoch FROM expires_at) AS expires_at
                FROM {self.schema}.lease WHERE {condition} ORDER BY epoch""")

    def close(self):
        self.events.close()

    def check(self, before, after):
        """What doesn't hold, and the comparison, once a report is there."""
        check = SharedCheck(self, before, after)
        # Those of which there are few come first, for not all are shown.
        return self.check_leases() + self.check_requests(check.summary) + check.all(), check

    def check_leases(self):
        """A process whose lease was ended when it had expired sends and writes nothing any more, and none sends
        anything from half its lease on. An importer at its end ends leases that have not expired: what their processes
        send until they learn of it is in doubt, and looked up once nothing can be sent under them any more."""
        faults = []
        for lease in self.leases("ended_at IS NOT NULL AND ended_by <> epoch"):
            process = int(lease["name"].rsplit(":", 1)[1])
            last = self.target.last.get(process)
            where = f"lease {lease['epoch']} of the {lease['role']} {process}"
            if last and last > lease["ended_at"] >= lease["expires_at"]:
                faults.append(f"{where}: sent something {last - lease['ended_at']:.1f} s after it was ended")
            silent_from = lease["expires_at"] - LEASE_SECONDS + SENDING_SECONDS + SLACK_SECONDS
            if last and last > silent_from:
                faults.append(f"{where}: sent something {last - silent_from:.1f} s after it had to be silent")
            # A process that lost its connection in a commit counts up by two, to learn whether it was carried out.
            woken = self.woken.get(lease["epoch"], lease["written"])
            if lease["written"] not in (woken, woken + 2):
                faults.append(f"{where}: written to after it was ended")
        return faults

    def check_requests(self, summary):
        """The summary counts no request twice; those of a process that died may be missing."""
        seen = self.target.requests.total()
        self.log(f"{summary['requests']} requests, seen {dict(self.target.requests)}")
        counted = summary["requests"]
        return [f"{counted} requests by the summary, {seen} seen"] if counted > seen + 20 else []


class SharedCheck(Check):
    """The comparison of a run whose ledger is in a database."""

    def __init__(self, run, before, after):
        self.database, self.schema = run.database, run.schema
        super().__init__(run.plan, run.importer.directory, before, after, run.importer.status)

    def ledger(self):
        found = self.database.rows(
            f"SELECT record, outcome, id, duplicate_of FROM {self.schema}.outcome ORDER BY record"
        )
        claims = self.database.rows(f"SELECT first, last FROM {self.schema}.claim")
        claims += self.database.rows(f"SELECT record AS first, record AS last FROM {self.schema}.update_intent")
        return [tuple(row.values()) for row in found], [tuple(row.values()) for row in claims]
