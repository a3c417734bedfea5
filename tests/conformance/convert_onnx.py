"""Turns the test directories of ONNX (model.onnx, test_data_set_*/{input,output}_*.pb) into cases for run.ts.

    /usr/bin/python3 convert_onnx.py /usr/share/libonnx-testdata/data/node TARGET [NAME ...]

Models of several nodes, sequences, optional values, texts and 16-bit brain floats are left out, with a note.
"""

import json
import os
import pathlib
import struct
import sys

os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
import numpy
import onnx
from onnx import AttributeProto, TensorProto, numpy_helper

ELEMENT_TYPES = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bool": "BOOL",
    "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64",
    "uint8": "U8", "uint16": "U16", "uint32": "U32", "uint64": "U64",
}

# Attributes that vectors were computed with, though their models do not state them.
MISSING_ATTRIBUTES = {"test_adam_multiple": {"epsilon": 0.01}}


class LeftOut(Exception):
    """Why a model is no case."""


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


def array_of(tensor):
    if tensor.data_type in (TensorProto.STRING, TensorProto.BFLOAT16):
        raise LeftOut(f"elements of type {TensorProto.DataType.Name(tensor.data_type)}")
    return numpy_helper.to_array(tensor)


def read_value(path, value):
    """The tensor in a file, which `value` describes."""
    if value.type.WhichOneof("value") != "tensor_type":
        raise LeftOut(f"a value of type {value.type.WhichOneof('value')}")
    if value.type.tensor_type.elem_type == TensorProto.BFLOAT16:
        raise LeftOut("elements of type BFLOAT16")
    tensor = TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return array_of(tensor)


def plain(attribute, tensors):
    """An attribute as JSON; a tensor is put among the tensors of the case, and named."""
    value = onnx.helper.get_attribute_value(attribute)
    if attribute.type == AttributeProto.STRING:
        return value.decode()
    if attribute.type == AttributeProto.STRINGS:
        return [text.decode() for text in value]
    if attribute.type in (AttributeProto.FLOATS, AttributeProto.INTS):
        return list(value)
    if attribute.type in (AttributeProto.FLOAT, AttributeProto.INT):
        return value
    if attribute.type == AttributeProto.TENSOR:
        name = f"attribute {attribute.name}"
        tensors[name] = array_of(value)
        return {"tensor": name}
    raise LeftOut(f"attribute {attribute.name} of type {AttributeProto.AttributeType.Name(attribute.type)}")


def convert(model_folder, target):
    model = onnx.load(str(model_folder / "model.onnx"))
    graph = model.graph
    if len(graph.node) != 1:
        raise LeftOut(f"{len(graph.node)} nodes")
    [node] = graph.node
    tensors = {initial.name: array_of(initial) for initial in graph.initializer}
    data = model_folder / "test_data_set_0"
    fed = [value for value in graph.input if value.name not in tensors]
    for kind, values in (("input", fed), ("output", graph.output)):
        for i, value in enumerate(values):
            tensors[value.name] = read_value(data / f"{kind}_{i}.pb", value)
    attributes = {attribute.name: plain(attribute, tensors) for attribute in node.attribute}
    attributes |= MISSING_ATTRIBUTES.get(model_folder.name, {})
    missing = [name for name in [*node.input, *node.output] if name and name not in tensors]
    outputs = ["" if name in missing else name for name in node.output]
    [opset] = [one.version for one in model.opset_import if one.domain == node.domain]
    more = {} if node.domain else {"opset": opset}
    save_case(target, target.name, node.op_type, attributes, list(node.input), outputs, tensors, **more)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    names = sys.argv[3:] or sorted(folder.name for folder in source.iterdir() if (folder / "model.onnx").exists())
    left_out = 0
    for name in names:
        try:
            convert(source / name, target / name.removeprefix("test_"))
        except LeftOut as reason:
            left_out += 1
            print(f"left out {name}: {reason}")
    print(f"{len(names) - left_out} cases, {left_out} left out")


if __name__ == "__main__":
    main()
