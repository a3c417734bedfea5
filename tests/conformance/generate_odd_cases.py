"""Cases of odd shapes and unusual numbers, with plain numpy in double precision as the oracle.

    /usr/bin/python3 generate_odd_cases.py TARGET
"""

import pathlib
import sys

import numpy as np

sys.dont_write_bytecode = True
import odd_numbers
import odd_structures
from save_case import save_case


def stored(array):
    """Floats are stored as f32, whatever they were computed in."""
    array = np.asarray(array)
    with np.errstate(over="ignore"):
        return array.astype(np.float32) if array.dtype == np.float64 else array


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[1])
    count = 0
    for name, op, attributes, inputs, outputs, more in [*odd_structures.cases(), *odd_numbers.cases()]:
        tensors = {f"x{i}": stored(one) for i, one in enumerate(inputs) if one is not None}
        tensors |= {f"y{i}": stored(one) for i, one in enumerate(outputs) if one is not None}
        names = ["" if one is None else f"x{i}" for i, one in enumerate(inputs)]
        expected = ["" if one is None else f"y{i}" for i, one in enumerate(outputs)]
        save_case(target / name, name, op, attributes, names, expected, tensors, **more)
        count += 1
    print(f"{count} cases")


if __name__ == "__main__":
    main()
