"""What a seed decides of a load of a messy list into a sandbox full of faults; imported by the scripts beside it."""

import random

import messy
import unruly


class Plan:
    """All that a seed decides."""

    def __init__(self, seed, records):
        self.seed = seed
        dice = random.Random(seed)
        self.format = messy.FORMATS[seed % len(messy.FORMATS)]
        self.entries = messy.make_entries(dice, dice.randrange(records // 2, records + 1), self.format)
        self.case = dice.choice(["case-sensitive", "case-sensitive", "case-insensitive"])
        self.match = dice.choice(["exact", "exact", "folded"])
        self.credentials = dice.choice(["password", "md5", "oauth", "oauth"])
        self.decide_world(random.Random(seed ^ 0x0DD5), records, 0.30)
        self.options = ["--concurrency", str(dice.choice([1, 4, 16, 64, 200]))]
        # What a plan is given, too.
        self.asked = ["--name-match", self.match]
        self.options += ["--request-timeout", "0.3", "--connect-timeout", "2"]
        if dice.random() < 0.2:
            self.options.append("--no-preflight")
        self.sandbox = [
            "--names",
            self.case,
            "--errors",
            dice.choice(["status", "flat", "list"]),
            "--error-status",
            dice.choice(["400", "400", "409", "200"]),
            "--stale-ms",
            dice.choice(["100", "500", "1000"]),
            "--seed",
            str(seed),
        ]
        self.sandbox += unruly.fault_option(self.faults)
        self.sandbox += self.world.options
        self.decide_policy(random.Random(seed ^ 0x901C))
        self.before = self.preloaded(dice)
        self.pause = dice.choice([0, 0.2, 1.5])
        self.signal_after = dice.uniform(0.2, 6) if dice.random() < 0.2 else None
        messy_dice = random.Random(seed ^ 0x5EED)
        self.write = lambda path: messy.write_list(path, self.entries, self.format, messy_dice)

    def decide_world(self, dice, records, total):
        """The ways of the server, and its faults; one that loses the session has hardly any others."""
        self.world = unruly.World(dice, records)
        self.faults = unruly.rates(dice, unruly.KINDS + unruly.NEW_KINDS, dice.uniform(0, total))
        if self.world.session_lost_after is not None:
            self.faults = {"lost-after": 0.02}

    @property
    def storing(self):
        """The sandbox's options for what is stored beforehand."""
        return self.world.storing

    @property
    def is_plain(self):
        """Whether the server stores what it is sent, and whoever is known stays so."""
        world = self.world
        return not (world.normalisation or world.is_upsert) and world.session_lost_after is None

    @property
    def is_doubtful(self):
        """Whether the response to a create can be lost, or doesn't tell whether the group is older than its create."""
        clock = self.world.clock or ""
        return bool(unruly.DOUBTFUL & self.faults.keys()) or clock == "grain=1m" or clock.startswith("step=")

    def server_key(self, name):
        """What two names have in common that the server takes for one."""
        name = self.world.stored(name)
        return name.upper().lower() if self.case == "case-insensitive" else name

    def decide_policy(self, dice):
        """What becomes of groups that are there already; a list that others are set inactive by has nothing invalid."""
        self.policy = dice.choice(["skip", "skip", "fail", "update", "update", "update"])
        self.deactivates = dice.random() < 0.25
        if not self.is_plain:
            self.policy, self.deactivates = "skip", False
        self.is_planned = dice.random() < 0.2
        self.asked += ["--on-existing", self.policy]
        if self.deactivates:
            self.entries = [entry for entry in self.entries if entry.is_valid]
            self.asked += ["--deactivate-missing"]
            self.options += ["--yes", "--max-deactivate", "100%"]
        elif not self.is_planned:
            snapshot = dice.choice(["auto", "auto", "always", "never"])
            # Names are compared regardless of case with the target's list alone.
            self.options += ["--snapshot", "auto" if self.match == "folded" and snapshot == "never" else snapshot]
        if self.policy == "update":
            messy.add_activity(dice, self.entries, self.format)
        self.share_inactive = dice.choice([0, 0.1, 0.5])

    def preload(self, server):
        """Stores what is there beforehand, some of it inactive; gives that."""
        server.create(self.before, may_collide=not self.is_plain)
        stored, dice = server.stored(), random.Random(self.seed)
        for group in dice.sample(stored, int(len(stored) * self.share_inactive)):
            server.update(group["id"], stored, {"isActive": False})
        return server.stored()

    def wanted(self, entry, group):
        """What a group becomes by a record of the list."""
        if self.policy != "update":
            return group
        rank = group["rank"] if entry.rank_value is None else entry.rank_value
        return {**group, "rank": rank, "isActive": not entry.is_inactive}

    def preloaded(self, dice):
        """Groups that are there beforehand: some of the list's names, as they are or in another case, some with another
        rank, and some others; no two of them the same in any case."""
        groups = {}
        valid = [entry for entry in self.entries if entry.is_valid]
        for entry in dice.sample(valid, len(valid) // 20):
            name = entry.trimmed.swapcase() if dice.random() < 0.1 else entry.trimmed
            rank = entry.rank_value if dice.random() < 0.6 else dice.randrange(1000, 2000)
            groups.setdefault(messy.match_key(name, "folded"), (name, rank))
        for index in range(20):
            groups[f"other {index}"] = (f"other {index}", index)
        return list(groups.values())
