"""The comparison of what a run's report, its ledger and the sandbox say; imported by the scripts beside it."""

import collections
import contextlib
import csv
import hashlib
import sqlite3

import messy
import sandbox
import unruly

ADDED = {"created", "confirmed"}
# What `_source` says of groups that the list doesn't name.
MISSING = "(groups that the lists don't have)"


class Check:
    """The comparison of one run; `faults` is what does not hold."""

    def __init__(self, plan, run, before, after, status):
        self.plan, self.run, self.status, self.faults = plan, run, status, []
        self.before = {group["name"]: group for group in before}
        self.after = {group["name"]: group for group in after}
        self.expect(len(self.after) == len(after), "the sandbox stored a name twice")
        # By the name that was sent: a server may store another.
        self.added = {group["sent"]: group for name, group in self.after.items() if name not in self.before}
        self.foreign = {name for name, group in self.added.items() if "foreign" in group}
        self.undecidable = {name for name, group in self.added.items() if "foreignAfter" in group}
        self.expected = messy.expectations(plan.entries, plan.match)
        self.summary = sandbox.read_json(run / "summary.json")
        self.rows = self.read("results.csv")
        self.listed = [row for row in self.rows if row["_source"] != MISSING]
        self.counts = collections.Counter(row["_outcome"] for row in self.rows)

    def expect(self, holds, message):
        if not holds:
            self.faults.append(message)

    def read(self, name):
        with open(self.run / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def all(self):
        self.check_summary()
        self.check_rows()
        self.check_claims()
        self.check_world()
        self.check_files()
        self.check_ledger()
        return self.faults

    def check_summary(self):
        outcomes = self.summary["outcomes"]
        self.expect(
            self.summary["read"] == sum(outcomes.values()), f"read {self.summary['read']} is not the sum of {outcomes}"
        )
        nonzero = {outcome: count for outcome, count in outcomes.items() if count}
        self.expect(nonzero == dict(self.counts), f"summary.json says {nonzero}, results.csv holds {dict(self.counts)}")
        self.expect(
            self.summary["exit"] == self.status, f"summary.json says exit {self.summary['exit']}, it was {self.status}"
        )
        for name, digest in self.summary["files"].items():
            found = hashlib.sha256((self.run / name).read_bytes()).hexdigest()
            self.expect(found == digest, f"{name} has another SHA-256 than summary.json says")
        failed = self.counts["invalid"] + self.counts["failed"]
        # A group that was made and is still active, against its record, is there to resume.
        failed += sum("could not be set inactive" in row["_message"] for row in self.listed)
        settled = 4 if self.counts["unresolved"] else 1 if failed else 0
        if self.plan.signal_after is not None and self.status == 143:
            return
        is_stopped = (
            self.status in (2, 3) and self.counts["unprocessed"] + self.counts["unresolved"] + self.counts["failed"] > 0
        )
        self.expect(is_stopped or self.status == settled, f"exit {self.status} with {dict(self.counts)}")
        self.expect(
            is_stopped or not self.counts["unprocessed"], f"unprocessed records in a run that ended with {self.status}"
        )
        self.expect(
            is_stopped or len(self.listed) == len(self.plan.entries),
            f"{len(self.listed)} rows for {len(self.plan.entries)} records",
        )

    def check_rows(self):
        numbers = [int(row["_record"]) for row in self.rows]
        self.expect(numbers == list(range(1, len(numbers) + 1)), "results.csv is not in input order, each record once")
        for row, entry, (outcome, first) in zip(self.listed, self.plan.entries, self.expected, strict=False):
            where = f"record {row['_record']} ({row['name'][:60]!r}): {row['_outcome']} {row['_message']!r}"
            if outcome == "draft":
                self.expect(row["_outcome"] not in ("invalid", "duplicate"), f"{where}: should be a draft")
            else:
                self.expect(row["_outcome"] == outcome, f"{where}: should be {outcome}")
            self.expect(
                row["_duplicate_of"] == (str(first) if first else ""),
                f"{where}: duplicate of {row['_duplicate_of']!r}, not {first}",
            )
            if entry.is_valid:
                self.expect(row["name"] == entry.name, f"{where}: the list says {entry.name!r}")
                rank = "" if entry.rank is None else str(entry.rank)
                self.expect(row["rank"] == rank, f"{where}: rank {row['rank']!r}, the list says {rank!r}")

    def check_claims(self):
        """What the report says of the server against what is there."""
        accounted = set()
        for row, entry in zip(self.listed, self.plan.entries, strict=False):
            name, outcome = entry.trimmed, row["_outcome"]
            where = f"record {row['_record']} ({name[:60]!r}): {outcome} {row['_message']!r}"
            if outcome in ADDED:
                group = self.added.get(name)
                if group is None and outcome == "confirmed" and (twin := self.twin_of(row, name)):
                    # A look-up can't tell which of the two creates that the server takes for the same has made it.
                    accounted.add(twin)
                    continue
                if group is None:
                    self.expect(False, f"{where}: {'was there before' if name in self.before else 'is not stored'}")
                    continue
                self.expect(name not in self.foreign, f"{where}: was created by somebody else: {group}")
                self.expect(
                    outcome == "confirmed" or name not in self.undecidable,
                    f"{where}: was created by somebody else: {group}",
                )
                self.expect(str(group["id"]) == row["_id"], f"{where}: id {row['_id']}, stored is {group['id']}")
                self.check_stored_form(row, entry, group, where)
                is_inactive = self.plan.policy == "update" and entry.is_inactive
                is_sure = "could not be set inactive" not in row["_message"]
                self.expect(
                    not is_sure or group["isActive"] is not is_inactive,
                    f"{where}: the list says {entry.active!r}, stored is {group}",
                )
                accounted.add(name)
            elif outcome == "unresolved":
                accounted.add(name)
            elif outcome == "present":
                # A name that a group of the last ten minutes has may be the work of a create that was sent twice.
                is_fresh = name in self.before or any(
                    messy.match_key(other, "folded") == messy.match_key(name, "folded") for other in self.before
                )
                self.expect(self.plan.is_doubtful or is_fresh, f"{where}: no response was lost")
                self.expect(
                    row["_id"] in self.ids_of(name), f"{where}: id {row['_id']}, stored are {self.ids_of(name)}"
                )
                accounted.add(name)
            elif outcome == "existing":
                self.check_existing(row, name, where)
            elif outcome == "updated" and name in self.foreign:
                self.expect(
                    str(self.added[name]["id"]) == row["_id"], f"{where}: id {row['_id']}, stored is {self.added[name]}"
                )
        # What somebody else created needs no claim.
        unclaimed = sorted(set(self.added) - accounted - self.foreign - self.undecidable)
        for name in unclaimed[:5]:
            rows = [
                f"{row['_record']} {row['_outcome']} {row['_message']!r}"
                for row, entry in zip(self.listed, self.plan.entries, strict=False)
                if entry.trimmed == name
            ]
            self.expect(False, f"stored but not accounted for: {name[:60]!r} (records {rows})")
        self.expect(len(unclaimed) <= 5, f"{len(unclaimed)} groups stored but not accounted for")
        self.check_before()
        keys = collections.Counter(messy.match_key(name, self.plan.match) for name in self.added)
        twice = [key for key, count in keys.items() if count > 1]
        self.expect(not twice, f"stored twice under the rule {self.plan.match}: {twice[:5]}")

    def twin_of(self, row, name):
        """The name of another record which the server takes for the same, whose create has made the group of this one,
        and which doesn't claim it; None where there is none."""
        for other, group in self.added.items():
            if str(group["id"]) == row["_id"] and other not in self.foreign:
                rows = zip(self.listed, self.plan.entries, strict=False)
                claims = [row for row, entry in rows if entry.trimmed == other and row["_outcome"] in ADDED]
                is_same = messy.match_key(other, "folded") == messy.match_key(name, "folded")
                return other if is_same and not claims else None
        return None

    def check_stored_form(self, row, entry, group, where):
        """What the server made of the record, and that the record says so."""
        ignores_rank = self.plan.world.ignores_rank
        rank = None if ignores_rank else entry.rank_value
        self.expect(group["rank"] == rank, f"{where}: rank {entry.rank_value}, stored is {group['rank']}")
        differs = group["name"] != entry.trimmed or ignores_rank and entry.rank_value is not None
        self.expect(not differs or row["_message"], f"{where}: has no note, stored is {group}")

    def ids_of(self, name):
        """The ids of the groups that the list's name may stand for."""
        key, server_key = messy.match_key(name, self.plan.match), self.plan.server_key(name)
        return {
            str(group["id"])
            for stored, group in self.after.items()
            if group["sent"] == name
            or stored in self.before
            and messy.match_key(stored, self.plan.match) == key
            or self.plan.server_key(group["sent"]) == server_key
        }

    def check_world(self):
        """What a firewall and a lost session make of the whole run."""
        kinds, world = self.plan.faults.keys(), self.plan.world
        if "firewall" in kinds and not kinds & {
            "token-fail",
            "token-short",
            "expired-token",
            "redirect",
            "garbage",
            "429",
            "429-after",
        }:
            self.expect(
                self.status != 3 or not self.plan.is_plain, "single refusals by a firewall ended the run with 3"
            )
        if world.session_lost_after is None or len(self.added) < world.session_lost_after:
            return
        drafts = [
            (row, entry)
            for row, entry in zip(self.listed, self.plan.entries, strict=False)
            if row["_outcome"] in ("failed", "unprocessed")
            and self.plan.server_key(entry.trimmed) not in self.server_keys()
        ]
        failed = [row for row, _ in drafts if row["_outcome"] == "failed"]
        self.expect(
            len(failed) <= unruly.LOST_SESSION_FAILURES_MAX,
            f"the session was lost, and {len(failed)} records are called failed",
        )
        self.expect(
            not drafts or self.status in (3, 130, 143), f"the session was lost, and the run ended with {self.status}"
        )

    def server_keys(self):
        return {self.plan.server_key(group["sent"]) for group in self.after.values()}

    def check_before(self):
        """What was there before is what the list has it be where it is called so, and else what it was."""
        changed = {}
        for row, entry, (outcome, _) in zip(self.listed, self.plan.entries, self.expected, strict=False):
            if outcome == "draft":
                changed[messy.match_key(entry.trimmed, self.plan.match)] = (row, entry)
        named = {messy.near_key(entry.trimmed) for entry in self.plan.entries if entry.is_valid}
        lost = {row["_id"]: row for row in self.rows if row["_source"] == MISSING}
        is_decided = bool(lost) or self.status in (0, 1, 4)
        for name, group in self.before.items():
            found = self.after.get(name)
            row, entry = changed.get(messy.match_key(group["sent"], self.plan.match), (None, None))
            wanted, outcome = (self.plan.wanted(entry, group), row["_outcome"]) if row else (group, None)
            if self.plan.deactivates and group["isActive"] and messy.near_key(name) not in named:
                row = lost.pop(str(group["id"]), None)
                self.expect(
                    row or not is_decided,
                    f"group {group['id']} {name[:60]!r} is not in the list, but is not in the report",
                )
                wanted, outcome = ({**group, "isActive": False}, row["_outcome"]) if row else (group, None)
            where = f"group {group['id']} {name[:60]!r}: {outcome} {row and row['_message']!r},"
            where += f" was {group}, is {found}, should be {wanted}"
            if outcome == "updated":
                self.expect(found == wanted and wanted != group, where)
            elif outcome in ("unresolved", "present"):
                self.expect(found in (group, wanted), where)
            else:
                self.expect(found == group, where)
                self.expect(outcome != "existing" or wanted == group, where)
        self.expect(not lost, f"called missing from the list: {list(lost.values())[:3]}")

    def check_existing(self, row, name, where):
        key = messy.match_key(name, self.plan.match)
        same = [group for group in self.before.values() if messy.match_key(group["sent"], self.plan.match) == key]
        if name in self.foreign:
            same.append(self.added[name])
        if not self.plan.is_plain:
            # Another record's name that the server takes for this one; no group that this record's create made.
            same += [
                group
                for group in self.after.values()
                if self.plan.server_key(group["sent"]) == self.plan.server_key(name) and group["sent"] != name
            ]
        self.expect(same, f"{where}: was not there before")
        self.expect(
            not same or row["_id"] in {str(group["id"]) for group in same}, f"{where}: id {row['_id']}, there is {same}"
        )

    def check_files(self):
        for name, outcomes in (
            ("failed.csv", {"invalid", "failed", "unresolved"}),
            ("unprocessed.csv", {"unprocessed"}),
        ):
            wanted = [row["_record"] for row in self.rows if row["_outcome"] in outcomes]
            found = [row["_record"] for row in self.read(name)]
            self.expect(found == wanted, f"{name} holds {len(found)} records, not the {len(wanted)} of results.csv")

    def ledger(self):
        """What the ledger has: outcomes, and the first and last record of each claim and of each change."""
        with contextlib.closing(sqlite3.connect(f"file:{self.run / 'ledger.sqlite'}?mode=ro", uri=True)) as ledger:
            found = ledger.execute("SELECT record, outcome, id, duplicate_of FROM outcome ORDER BY record").fetchall()
            claims = ledger.execute("SELECT first, last FROM claim").fetchall()
            claims += ledger.execute("SELECT record, record FROM group_update WHERE sent_at IS NOT NULL").fetchall()
        return found, claims

    def check_ledger(self):
        found, claims = self.ledger()
        wanted = [
            (
                int(row["_record"]),
                row["_outcome"],
                int(row["_id"]) if row["_id"] else None,
                int(row["_duplicate_of"]) if row["_duplicate_of"] else None,
            )
            for row in self.rows
        ]
        differing = [pair for pair in zip(found, wanted, strict=False) if pair[0] != pair[1]]
        self.expect(
            len(found) == len(wanted) and not differing, f"the ledger and results.csv differ in {differing[:3]}"
        )
        for row in self.rows:
            if row["_outcome"] in ADDED | {"unresolved", "updated", "present"}:
                number = int(row["_record"])
                if not any(first <= number <= last for first, last in claims):
                    self.expect(False, f"record {number} was sent without an intent in the ledger")
