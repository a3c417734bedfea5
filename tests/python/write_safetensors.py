"""Writes a file with the safetensors package: a tensor of every element type that NumPy has, of odd shapes."""

import sys

import numpy
from safetensors.numpy import save_file

save_file(
    {
        "W": numpy.array([[1, -0.0, 0.1], [numpy.inf, -1e-45, 3e38]], numpy.float32),
        "transposed": numpy.ascontiguousarray(numpy.arange(6, dtype=numpy.float32).reshape(2, 3).T),
        "half": numpy.array([1.5, -65504], numpy.float16),
        "double": numpy.array([0.1], numpy.float64),
        "long": numpy.array([-(2**31), 2**31 - 1], numpy.int64),
        "int": numpy.array(-7, numpy.int32),
        "unsigned": numpy.array([2**32 - 1], numpy.uint32),
        "byte": numpy.array([[255]], numpy.uint8),
        "flags": numpy.array([True, False, True]),
        "empty": numpy.zeros((0, 3), numpy.float32),
    },
    sys.argv[1],
    metadata={"network": "mlp", "made": "by Python, ä"},
)
