"""Reads a safetensors file with NumPy alone and prints each tensor's type, shape and bytes, one JSON object per line.

With the safetensors package (`--package`) the same is printed by its own reader.
"""

import json
import sys

import numpy

TYPES = {"F32": "<f4", "I32": "<i4", "U32": "<u4", "BOOL": "?"}


def read_with_numpy(path):
    with open(path, "rb") as file:
        content = file.read()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, facts in header.items():
        begin, end = facts["data_offsets"]
        elements = numpy.frombuffer(content[start + begin : start + end], TYPES[facts["dtype"]])
        tensors[name] = elements.reshape(facts["shape"])
    return tensors


def read_with_package(path):
    from safetensors.numpy import load_file

    return load_file(path)


read = read_with_package if "--package" in sys.argv else read_with_numpy
for name, array in sorted(read(sys.argv[1]).items()):
    print(json.dumps({"name": name, "type": str(array.dtype), "shape": array.shape, "bytes": array.tobytes().hex()}))
