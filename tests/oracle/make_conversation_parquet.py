"""Makes tests/core/data/conversations/chats.parquet: messages as lists of structs, some with tool calls,
in several row groups. Run by hand with pyarrow; the file is committed."""
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/data/conversations/chats.parquet"
MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
rows = [[{"role": "user", "content": f"问题 {i}"}, {"role": "assistant", "content": f"answer {i}\n"}] for i in range(50)]
rows[7] = [{"role": "user", "content": "no answer"}]
table = pa.table({"messages": pa.array(rows, pa.list_(MESSAGE)),
                  "tools": [None if i % 2 else json.dumps([{"name": f"f{i}"}]) for i in range(50)]})
pq.write_table(table, OUT, row_group_size=20, compression="zstd")
