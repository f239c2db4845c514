"""Counts unique valid names, duplicates and invalid records of a list with polars: polars-count.py FORMAT FILE"""

import json
import sys

import polars

format, path = sys.argv[1:3]
schema = {"name": polars.String, "rank": polars.String}
scan = polars.scan_csv if format == "csv" else polars.scan_ndjson
rows = scan(path, schema=schema)
name = polars.col("name").str.strip_chars()
rank = polars.col("rank")
valid = (
    name.is_not_null()
    & (name != "")
    & (name.str.len_chars() <= 255)
    & (rank.is_null() | (rank == "") | rank.cast(polars.Int32, strict=False).is_not_null())
)
keys = rows.select(polars.when(valid).then(name).alias("key")).group_by("key").len().collect(engine="streaming")
named = keys.filter(polars.col("key").is_not_null())
total, valid = int(keys["len"].sum()), int(named["len"].sum())
print(json.dumps({"draft": named.height, "duplicate": valid - named.height, "invalid": total - valid}))
