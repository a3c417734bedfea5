"""Writes the Parquet files of this folder with pyarrow 25: python3 make_files.py

weather.csv has the first 200 rows of seattle-weather.csv of the package vega-datasets.
"""

import datetime
import decimal
import os

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

here = os.path.dirname(os.path.abspath(__file__))
os.chdir(here)

weather = pa.csv.read_csv("weather.csv")
weather = weather.set_column(0, "date", weather["date"].cast(pa.date32()))
pq.write_table(weather, "weather.snappy.parquet", row_group_size=90)
pq.write_table(weather, "weather.gzip.parquet", compression="gzip", data_page_version="2.0", data_page_size=400)
pq.write_table(weather, "weather.zstd.parquet", compression="zstd", use_dictionary=False)
pq.write_table(
    weather, "weather.plain.parquet", compression="none", use_dictionary=False,
    column_encoding={"date": "DELTA_BINARY_PACKED", "precipitation": "BYTE_STREAM_SPLIT",
                     "weather": "DELTA_LENGTH_BYTE_ARRAY", "temp_max": "PLAIN", "temp_min": "PLAIN", "wind": "PLAIN"},
)
pq.write_table(weather, "weather.brotli.parquet", compression="brotli")

utc = datetime.timezone.utc
kinds = pa.table({
    "i8": pa.array([1, None, -3], pa.int8()),
    "u32": pa.array([4294967295, 0, None], pa.uint32()),
    "i64": pa.array([9007199254740991, -9007199254740991, None], pa.int64()),
    "f16": pa.array([0.5, None, -2.0], pa.float16()),
    "f32": pa.array([0.25, None, float("nan")], pa.float32()),
    "f64": pa.array([1e300, -0.1, None], pa.float64()),
    "decimal": pa.array([decimal.Decimal("12.34"), None, decimal.Decimal("-0.05")], pa.decimal128(9, 2)),
    "flag": pa.array([True, None, False], pa.bool_()),
    "text": pa.array(["é", "", None], pa.string()),
    "category": pa.array(["b", None, "b"], pa.dictionary(pa.int8(), pa.string())),
    "day": pa.array([datetime.date(1969, 12, 31), None, datetime.date(2024, 2, 29)], pa.date32()),
    "ms": pa.array([datetime.datetime(2024, 2, 29, 12, 30, 0, 125000), None, None], pa.timestamp("ms")),
    "us": pa.array([datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), None, None], pa.timestamp("us", "UTC")),
    "ns": pa.array([1, -1, None], pa.timestamp("ns")),
    "none": pa.nulls(3),
    "required": pa.array([7, 8, 9], pa.int32()),
})
schema = kinds.schema.set(15, pa.field("required", pa.int32(), nullable=False))
pq.write_table(kinds.cast(schema), "kinds.parquet")
pq.write_table(pa.table({"id": [1, 2], "big": [2**60, 1], "list": [[1], []], "record": [{"a": 1}, {"a": 2}]}), "lists.parquet")
pq.write_table(weather.slice(0, 0), "empty.parquet")
