"""Counts unique valid names, duplicates and invalid records of a list with DuckDB.

duckdb-count.py FORMAT FILE [THREADS]
"""

import json
import sys

import duckdb

READERS = {
    "csv": "read_csv('{}', columns = {{'name': 'VARCHAR', 'rank': 'VARCHAR'}}, header = true,"
    " delim = ',', quote = '\"')",
    "json": "read_json('{}', format = 'array', columns = {{name: 'VARCHAR', rank: 'VARCHAR'}})",
    "ndjson": "read_json('{}', format = 'newline_delimited', columns = {{name: 'VARCHAR', rank: 'VARCHAR'}})",
}
QUERY = """
SELECT count(key), sum(records) FILTER (key IS NOT NULL), sum(records) FILTER (key IS NULL) FROM (
  SELECT key, count(*) AS records FROM (
    SELECT CASE WHEN trim(name) <> '' AND length(name) <= 255
      AND (rank IS NULL OR rank = '' OR TRY_CAST(rank AS INTEGER) IS NOT NULL) THEN trim(name) END AS key
    FROM {}
  ) GROUP BY key)
"""
format, path = sys.argv[1:3]
connection = duckdb.connect()
if len(sys.argv) > 3:
    connection.execute(f"SET threads = {int(sys.argv[3])}")
unique, valid, invalid = connection.execute(QUERY.format(READERS[format].format(path))).fetchone()
print(json.dumps({"draft": unique, "duplicate": int(valid) - unique, "invalid": int(invalid or 0)}))
