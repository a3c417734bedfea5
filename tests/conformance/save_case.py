"""Writes cases for run.ts: case.json, and case.safetensors beside it."""

import json
import pathlib
import struct

import numpy

ELEMENT_TYPES = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bool": "BOOL",
    "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64",
    "uint8": "U8", "uint16": "U16", "uint32": "U32", "uint64": "U64",
}


def save_safetensors(tensors, path):
    """Writes arrays by name in the safetensors format, wide elements first."""
    header, parts, end = {}, [], 0
    for name, array in sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0])):
        content = numpy.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": ELEMENT_TYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [end, end + len(content)],
        }
        end += len(content)
        parts.append(content)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def save_case(folder, name, op, attributes, inputs, outputs, tensors, **more):
    """Writes a case: inputs and outputs are names of tensors, "" where one is absent."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    save_safetensors(tensors, folder / "case.safetensors")
    fields = {"name": name, "op": op, "attributes": attributes, "inputs": inputs, "outputs": outputs, **more}
    (folder / "case.json").write_text(json.dumps(fields, indent=2) + "\n")
