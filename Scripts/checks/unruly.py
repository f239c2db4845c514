"""What a seed decides of a server that behaves as no client expects: its faults, clock, names and session; imported
by accounts.py."""

import unicodedata

# What a sandbox does with single requests; the second list is newer.
KINDS = """
    429 500 502 503 lost-before lost-after timeout-before timeout-after cut garbage false-success slow
    stale-list expired-token keepalive-close
""".split()
NEW_KINDS = """
    503-after 429-after redirect firewall desync foreign foreign-after false-id token-fail token-short gzip
""".split()
# Kinds that leave a create in doubt.
DOUBTFUL = set(
    """
    500 502 503 lost-before lost-after timeout-before timeout-after cut garbage keepalive-close 503-after
    429-after redirect desync foreign foreign-after false-id false-success gzip 429 firewall
    """.split()
)
# What is left of the rate of kinds that cost a second or a time-out each, and of the one that strikes names for good.
SHARES = {
    "429": 0.1,
    "429-after": 0.1,
    "503-after": 0.1,
    "timeout-before": 0.15,
    "timeout-after": 0.15,
    "slow": 0.3,
    "token-fail": 0.5,
    "firewall": 0.1,
}
CLOCKS = """
    list-grain=1s grain=1s grain=1s,round grain=10ms grain=1m nodes=20ms nodes=100ms nodes=20ms:40ms date=+2s
    date=+5s date=-10s skew=+5s skew=-60s step=500ms@100 step=-2s@100 created-by=0 list-grain=1s,created-by=0
    nodes=20ms,date=+2s list-grain=1s,nodes=20ms,round
""".split()
NORMALISATIONS = ["lower", "trim", "collapse", "nfc", "question", "cut=30", "no-rank", "lower,no-rank", "nfc,collapse"]
SESSION_LOSSES = ["redirect", "404", "400", "403", "page"]
# What is sent before a lost session is seen by the client.
LOST_SESSION_FAILURES_MAX = 20


def rates(dice, kinds, total):
    """The rate of each of some of the kinds; no more than `total` together."""
    chosen = dice.sample(kinds, dice.randrange(1, len(kinds) + 1))
    weights = [dice.random() for _ in chosen]
    return {
        kind: total * weight / sum(weights) * SHARES.get(kind, 1) for kind, weight in zip(chosen, weights, strict=False)
    }


def fault_option(faults):
    return ["--fault", ",".join(f"{kind}={rate:.4f}" for kind, rate in faults.items())] if faults else []


class World:
    """The server's ways that aren't faults of single requests."""

    def __init__(self, dice, records):
        self.clock = dice.choice(CLOCKS) if dice.random() < 0.33 else None
        draw = dice.random()
        self.normalisation = dice.choice(NORMALISATIONS) if draw < 0.07 else None
        self.is_upsert = 0.07 <= draw < 0.13
        self.session_lost_after = dice.randrange(records // 8, records // 2) if 0.13 <= draw < 0.19 else None
        self.session_lost_as = dice.choice(SESSION_LOSSES)
        self.foreign_ms = dice.choice([3000, 3000, 60000])

    @property
    def storing(self):
        """The sandbox's options for what is stored beforehand."""
        return ["--normalise", self.normalisation] if self.normalisation else []

    @property
    def options(self):
        options = [*self.storing, "--foreign-ms", str(self.foreign_ms)]
        if self.clock:
            options += ["--clock", self.clock]
        if self.is_upsert:
            options += ["--upsert"]
        if self.session_lost_after is not None:
            options += ["--session-lost-after", str(self.session_lost_after), "--session-lost-as", self.session_lost_as]
        return options

    @property
    def ignores_rank(self):
        return "no-rank" in (self.normalisation or "").split(",")

    def stored(self, name):
        """A name as the server stores it: the sandbox's rules, written again."""
        kinds = (self.normalisation or "").split(",")
        if "nfc" in kinds:
            name = unicodedata.normalize("NFC", name)
        if "question" in kinds:
            name = "".join(character if ord(character) < 256 else "?" for character in name)
        if "collapse" in kinds:
            name = " ".join(name.split())
        if "trim" in kinds:
            name = name.strip()
        if "lower" in kinds:
            name = name.lower()
        for kind in kinds:
            if kind.startswith("cut="):
                name = name[: int(kind[4:])]
        return name
