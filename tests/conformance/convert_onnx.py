"""Turns the test directories of ONNX (model.onnx, test_data_set_*/{input,output}_*.pb) into cases for run.ts.

    /usr/bin/python3 convert_onnx.py /usr/share/libonnx-testdata/data/node TARGET [NAME ...]

Models of several nodes, sequences, optional values, texts and 16-bit brain floats are left out, with a note.
"""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
import onnx
from onnx import AttributeProto, TensorProto, numpy_helper

from save_case import save_case

# Attributes that vectors were computed with, though their models do not state them.
MISSING_ATTRIBUTES = {"test_adam_multiple": {"epsilon": 0.01}}


class LeftOut(Exception):
    """Why a model is no case."""


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
