"""Makes messy group lists in every format, and says by its own rules what must become of each record. Used by torture.

The rules are those of ListsThatAreRead.md, written again in Python: nothing here is
taken from the program that is tested.
"""

import json
import re
import unicodedata
from xml.sax.saxutils import escape, quoteattr

from whitespace import SPACE

FORMATS = ("csv", "json", "ndjson", "xml")
WORDS = [
    "Gold",
    "Silver",
    "VIP",
    "été",
    "Straße",
    "Ωμέγα",
    "會員",
    "🎁",
    "naïve",
    "O'Neil",
    '"quoted"',
    "a,b",
    "semi;colon",
    "back\\slash",
    "<tag>",
    "&amp;",
    "100%",
    "+plus",
    "=SUM(1)",
    "tab",
    "x",
    "naïve",
    "ÅNGSTRÖM",
    "日本",
    "null",
    "🏳️‍🌈",
]
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+\Z")


class Entry:
    """A record as the list holds it.

    `name` and `rank` are text, None (left out or null), or a bare number of JSON's; `active` is text, a bare
    value of JSON's, or None.
    """

    def __init__(self, name, rank, is_broken=False):
        self.name, self.rank, self.is_broken, self.active = name, rank, is_broken, None

    @property
    def trimmed(self):
        return self.name.strip(SPACE) if isinstance(self.name, str) else ""

    @property
    def rank_value(self):
        """The rank as an integer, None for none, or False where it is no rank."""
        if self.rank is None:
            return None
        text = self.rank.strip(SPACE) if isinstance(self.rank, str) else repr(self.rank)
        if not text:
            return None
        if not WHOLE_NUMBER.match(text) or not -(2**31) <= int(text) < 2**31:
            return False
        return int(text)

    @property
    def is_inactive(self):
        """Whether the list says that the group isn't in use."""
        return self.active is not None and str(self.active).strip(SPACE).lower() in ("false", "no", "0")

    @property
    def is_valid(self):
        name = self.trimmed
        return bool(
            not self.is_broken
            and name
            and len(name) <= 255
            and self.rank_value is not False
            and not any(unicodedata.category(character) == "Cc" for character in name)
        )


def match_key(name, rule):
    """What two names have in common when they are the same under `exact` or `folded`."""
    if rule == "exact":
        return name
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def near_key(name):
    """What two names have in common that a person would take for the same."""
    return match_key(name, "folded")


def add_activity(random, entries, format):
    """Has some entries say whether their groups are in use, in the ways that people write it."""
    for entry in entries:
        if random.random() < 0.3:
            entry.active = random.choice(["true", "No", "1", "0", "yes", "FALSE", " no ", ""])
            if format in ("json", "ndjson") and random.random() < 0.5:
                entry.active = random.choice([True, False, 1, 0])


def expectations(entries, rule):
    """For each entry: ("invalid", None), ("duplicate", record number of the first), or ("draft", None)."""
    first, expected = {}, []
    for number, entry in enumerate(entries, 1):
        if not entry.is_valid:
            expected.append(("invalid", None))
            continue
        found = first.setdefault(match_key(entry.trimmed, rule), number)
        expected.append(("draft", None) if found == number else ("duplicate", found))
    return expected


def make_entries(random, count, format):
    """A list of `count` entries: about a tenth are duplicates, a twentieth invalid, some differ only in case."""
    entries, names = [], []
    for index in range(count):
        draw = random.random()
        rank = random.choice(
            [None, None, "", str(random.randrange(-50, 1000)), "+7", " 12 ", "2147483647", "-2147483648", "007"]
        )
        if format in ("json", "ndjson") and random.random() < 0.5:
            rank = random.choice([None, random.randrange(-50, 1000)])
        if names and draw < 0.10:
            entries.append(Entry(random.choice(names), rank))
        elif names and draw < 0.12:
            entries.append(
                Entry(random.choice(names).swapcase() if random.random() < 0.5 else random.choice(names).upper(), rank)
            )
        elif draw < 0.17:
            entries.append(invalid_entry(random, index, rank, format))
        else:
            name = f"{random.choice(WORDS)} {random.choice(WORDS)} {index}"
            if random.random() < 0.03:
                name = name.ljust(255, random.choice("xé會"))
            padding = random.choice(["", "", "", "", " ", "\u00a0", "\u3000 "])
            names.append(name)
            entries.append(Entry(padding + name + padding, rank))
    return entries


def invalid_entry(random, index, rank, format):
    bad_names = ["", "  ", None, f"line\nbreak {index}", f"tab\tin {index}", f"long {index}".ljust(256, "x")]
    bad_ranks = ["12a", "1.5", "2147483648", "-2147483649", "1e-3", "--1", "+", "99999999999999999999"]
    if format in ("json", "ndjson"):
        bad_names += [5, f"nul\u0000 {index}"]
        bad_ranks += [1.5, 2147483648]
    if format in ("csv", "ndjson") and random.random() < 0.3:
        return Entry(f"broken {index}", rank, is_broken=True)
    if random.random() < 0.5:
        name = random.choice(bad_names)
        if format == "csv" and not (name or "").strip(SPACE):
            rank = rank or "7"  # A row of nothing at all would be no record.
        return Entry(name, rank)
    return Entry(f"bad rank {index}", random.choice(bad_ranks))


def write_list(path, entries, format, random):
    """Writes the entries in a format, in UTF-8, with the white space and the line ends that people leave in files."""
    end = random.choice(["\n", "\r\n"]) if format in ("csv", "ndjson") else "\n"
    text = {"csv": csv_text, "json": json_text, "ndjson": ndjson_text, "xml": xml_text}[format](entries, end, random)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def csv_text(entries, end, random):
    def cell(text):
        needs_quotes = (
            any(character in text for character in ',"\r\n;|\t') or text != text.strip() or random.random() < 0.05
        )
        return '"' + text.replace('"', '""') + '"' if needs_quotes else text

    has_activity = any(entry.active is not None for entry in entries)
    lines = ["name,rank" + (",isActive" if has_activity else "")]
    no_records = ["", ",", '"",""', " , \t", ",,,,", lines[0], lines[0].upper().replace(",", ' , "', 1) + '"']
    for entry in entries:
        if random.random() < 0.02:
            lines.append(random.choice(no_records))
        cells = [cell(entry.name or ""), cell(entry.rank or "")] + ([cell(entry.active or "")] if has_activity else [])
        while not entry.is_broken and len(cells) > 1 and not cells[-1] and random.random() < 0.1:
            cells.pop()
        surplus = ["too", "many"] if entry.is_broken else [""] if random.random() < 0.02 else []
        lines.append(",".join(cells + surplus))
    # A last line that lacks fields and its end is taken for cut off.
    is_whole = not entries or len(cells + surplus) > lines[0].count(",")
    return end.join(lines) + (random.choice([end, ""]) if is_whole else end)


def json_object(entry, random):
    members = []
    if entry.name is not None or random.random() < 0.5:
        members.append(f'"name":{json.dumps(entry.name, ensure_ascii=random.random() < 0.3)}')
    if entry.rank is not None or random.random() < 0.5:
        members.append(f'"rank":{json.dumps(entry.rank)}')
    if entry.active is not None:
        members.append(f'"isActive":{json.dumps(entry.active)}')
    if random.random() < 0.1:
        members.append('"other":{"name":"not this","list":[1,"x",null]}')
    random.shuffle(members)
    return "{" + ", ".join(members) + "}"


def json_text(entries, _, random):
    return "[" + ",\n ".join(json_object(entry, random) for entry in entries) + "]\n"


def ndjson_text(entries, end, random):
    lines = []
    for entry in entries:
        text = json_object(entry, random)
        lines.append(text[:-1] if entry.is_broken else text)
    return end.join(lines) + end


def xml_text(entries, _, random):
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<groups>"]
    for entry in entries:
        # Line breaks and tabs in attributes would become blanks (XML 1.0, 3.3.3).
        if random.random() < 0.2 and entry.name and not any(character in entry.name for character in "\t\n"):
            rank = "" if entry.rank is None else f" rank={quoteattr(entry.rank)}"
            active = "" if entry.active is None else f" active={quoteattr(entry.active)}"
            lines.append(f"  <group name={quoteattr(entry.name)}{rank}{active}/>")
            continue
        name = "" if entry.name is None else f"<name>{escape(entry.name)}</name>"
        rank = "" if entry.rank is None else f"<rank>{escape(entry.rank)}</rank>"
        active = "" if entry.active is None else f"<isActive>{escape(entry.active)}</isActive>"
        lines.append(f"  <group>{name}{rank}{active}</group>")
    return "\n".join([*lines, "</groups>"]) + "\n"
