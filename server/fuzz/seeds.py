"""Makes the seeds of the target `table`: three bytes that the target takes for itself, then content.

Needs pyarrow: python3 -m venv venv && venv/bin/pip install pyarrow && venv/bin/python seeds.py
"""

import io
import pathlib

import pyarrow as pa

folder = pathlib.Path(__file__).parent / "seeds"
table = pa.table(
    {
        "n": pa.array([1, None, 3]),
        "text": pa.array(["a", "é", None]),
        "key": pa.array(["x", "x", "y"]).dictionary_encode(),
        "list": pa.array([[1.5, None], [], None]),
        "at": pa.array([0, 1, None], pa.timestamp("ms")),
        "pair": pa.array([{"a": 1, "b": "c"}, None, {"a": 2, "b": None}]),
    }
)


def arrow(begin):
    out = io.BytesIO()
    with begin(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


seeds = {
    "arrow-file": arrow(pa.ipc.new_file),
    "arrow-stream": arrow(pa.ipc.new_stream),
    "csv": b'a,b\n1,"x ""y"""\n2,\n',
    "tsv": b"a\tb\n1\tx\n",
    "json": b'[{"a": 1, "b": [1, null]}, {"a": "x", "c": {"d": 1e400}}]',
    "lines": b'{"a": 1}\n{"b": "\\ud83c\\udfb5"}\n',
}
folder.mkdir(exist_ok=True)
for name, content in seeds.items():
    kind = {"csv": 1, "tsv": 2}.get(name, 0)
    (folder / name).write_bytes(bytes([kind, 0, 0]) + content)
