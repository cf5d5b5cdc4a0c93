"""Makes tests/core/data/fixtures/poems.parquet: several row groups, dictionary and list columns,
nulls. Run by hand with pyarrow; the file is committed."""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

fixtures = pathlib.Path(__file__).parent.parent / "core" / "data" / "fixtures"
rows = 600
table = pa.table(
    {
        "title": [f"题 {i}" for i in range(rows)],
        "author": pa.array(["李白" if i % 2 else "杜甫" for i in range(rows)]).dictionary_encode(),
        "lines": [None if i % 100 == 99 else [f"line {i}\n\"a\"", "床前明月光"] for i in range(rows)],
        "year": [i if i % 3 else None for i in range(rows)],
        "score": [i / 4 for i in range(rows)],
    }
)
pq.write_table(table, fixtures / "poems.parquet", row_group_size=250, compression="zstd")
