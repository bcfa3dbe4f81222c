"""Writes pyarrow.parquet and pyarrow-int96.parquet: one row, with a column of each type that pyarrow has for instants and
amounts, as pyarrow itself lays them out. Run it in this directory with pyarrow 25.0.1; the tests read what it wrote."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

NS = 1769817540123456789
UNITS = {"ms": 10**6, "us": 10**3, "ns": 1}
ZONES = {"utc": "UTC", "offset": "+05:30", "local": None}

row = {
    "account": pa.array(["a"]),
    "asset": pa.array(["USD"]),
    "amount": pa.array(["1"]),
    "kind": pa.array(["deposit"]),
    "at": pa.array(["2026-01-30T23:59:00Z"]),
    "reference": pa.array(["0"]),
}
instants = {
    f"{unit}_{name}": pa.array([NS // size], pa.int64()).cast(pa.timestamp(unit, zone))
    for unit, size in UNITS.items()
    for name, zone in ZONES.items()
}
others = {
    "ns_lowest": pa.array([-(2**63)], pa.int64()).cast(pa.timestamp("ns", "UTC")),
    "ns_null": pa.array([None], pa.timestamp("ns", "UTC")),
    "date32": pa.array([date(2026, 1, 30)], pa.date32()),
    "decimal32_9_2": pa.array([Decimal("-1.5")], pa.decimal32(9, 2)),
    "decimal64_18_8": pa.array([Decimal("-1.5")], pa.decimal64(18, 8)),
    "decimal128_38_18": pa.array([Decimal("-1.5")], pa.decimal128(38, 18)),
    "decimal128_38_30": pa.array([Decimal("-1.5")], pa.decimal128(38, 30)),
    "decimal256_38_18": pa.array([Decimal("-1.5")], pa.decimal256(38, 18)),
    "decimal256_39_18": pa.array([Decimal("-1.5")], pa.decimal256(39, 18)),
    "decimal256_76_18": pa.array([Decimal("-1.5")], pa.decimal256(76, 18)),
    "uint64": pa.array([2**64 - 1], pa.uint64()),
    "float16": pa.array([1.5], pa.float32()).cast(pa.float16()),
    "float64": pa.array([1.5], pa.float64()),
    "dictionary": pa.array(["1.5"]).dictionary_encode(),
    "string_view": pa.array(["1.5"], pa.string_view()),
    "null": pa.array([None], pa.null()),
}

pq.write_table(pa.table({**row, **instants, **others}), "pyarrow.parquet")
pq.write_table(
    pa.table({**row, **instants}), "pyarrow-int96.parquet", use_deprecated_int96_timestamps=True
)
