"""Odd cases of elementwise functions, reductions, softmax and movements."""

import math

import numpy as np

random = np.random.default_rng(12)
INF, NAN = np.inf, np.nan
EDGES = [-INF, -100.0, -20.0, -3.0, -1.0, -1e-4, -1e-20, 0.0, 1e-20, 1e-4, 0.5, 1.0, 3.0, 20.0, 100.0, INF, NAN]


def draw(*shape):
    return random.normal(size=shape).astype(np.float32).astype(np.float64)


def ints(*values):
    return np.array(values, np.int64)


def edge_case(op, fn, attributes=None, **more):
    """An elementwise function at numbers where naive formulas overflow or lose digits."""
    x = np.array(EDGES, np.float32).astype(np.float64)
    with np.errstate(all="ignore"):
        y = np.array([fn(one) for one in x])
    return f"{op.lower()}_edges", op, attributes or {}, [x], [y], {"rtol": 1e-5, "atol": 1e-37, **more}



def elementwise():
    elu = lambda x: x if not x < 0 else 1.5 * math.expm1(x)
    softplus = lambda x: x if x > 50 or x != x else math.log1p(math.exp(x))
    return [
        edge_case("Exp", np.exp),
        edge_case("Log", np.log),
        edge_case("Sqrt", np.sqrt),
        edge_case("Reciprocal", lambda x: np.float64(1) / x),
        edge_case("Tanh", np.tanh),
        edge_case("Sigmoid", lambda x: 1 / (1 + np.exp(-x))),
        edge_case("Erf", math.erf),
        edge_case("Softplus", softplus),
        edge_case("Elu", elu, {"alpha": 1.5}),
        edge_case("Relu", lambda x: x if x != x else max(x, 0.0)),
        edge_case("Abs", abs),
        edge_case("Floor", np.floor),
        edge_case("IsNaN", np.isnan),
        edge_case("IsInf", np.isinf),
        edge_case("Sinh", np.sinh),
        edge_case("Atan", np.arctan),
        edge_case("Asin", np.arcsin),
        edge_case("Acos", np.arccos),
        edge_case("Atanh", np.arctanh),
        ("round_halves", "Round", {}, [np.array([0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, 8388607.5, 1e10, INF])],
         [np.array([0.0, 2, 2, -0.0, -2, 0, 8388608, 1e10, INF])], {"rtol": 0, "atol": 0}),
        ("div_by_zero", "Div", {}, [np.array([1.0, -1, 0]), np.array([0.0])], [np.array([INF, -INF, NAN])], {}),
        ("div_integers", "Div", {}, [np.array([-7, 7, -7, 2**31 - 1], np.int32), np.array([2, -2, -2, 3], np.int32)],
         [np.array([-3, -3, 3, 715827882], np.int32)], {}),
        ("mul_wraps", "Mul", {}, [np.array([2**30, -5], np.int32), np.array([6, 7], np.int32)],
         [np.array([-(2**31), -35], np.int32)], {}),
        ("add_bytes_wraps", "Add", {}, [np.array([250, 3], np.uint8), np.array([10, 4], np.uint8)],
         [np.array([4, 7], np.uint8)], {}),
        ("mod_signs", "Mod", {}, [np.array([-5, 5, -5, 5], np.int32), np.array([3, -3, -3, 3], np.int32)],
         [np.array([1, -1, -2, 2], np.int32)], {}),
        ("pow_special", "Pow", {}, [np.array([0.0, -2, -2, 2, 9, 0]), np.array([0.0, 3, 2, -1, 0.5, 5])],
         [np.array([1.0, -8, 4, 0.5, 3, 0])], {}),
        ("clip_crossed", "Clip", {}, [draw(3, 2), np.float32(1), np.float32(-1)], [np.full((3, 2), -1.0)], {}),
        ("where_three_ways", "Where", {}, [np.array([[True], [False]]), np.ones((3, 1, 1)), np.zeros((1, 1, 4))],
         [np.broadcast_to(np.array([[1.0], [0]]), (3, 2, 4))], {}),
        ("add_nothing", "Add", {}, [np.zeros((0, 3)), np.ones(3)], [np.zeros((0, 3))], {}),
        ("matmul_integers", "MatMul", {}, [np.array([[1, -2], [3, 4]], np.int32), np.array([[5], [6]], np.int32)],
         [np.array([[-7], [39]], np.int32)], {}),
        ("max_many", "Max", {}, [draw(3, 1), np.full((1, 4), 0.25), np.float64(0.5)], [], {}),
    ]


def softmax_case(name, op, x, axis, **more):
    top = np.max(x, axis=axis, keepdims=True)
    logarithm = x - top - np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))
    y = logarithm if op == "LogSoftmax" else np.exp(logarithm)
    return name, op, {"axis": axis}, [x], [y], {"rtol": 1e-5, "atol": 1e-6, **more}


def softmaxes():
    with_infinity = np.array([[0.0, -INF, 1], [-INF, -INF, 3]])
    x = draw(2, 3, 5)
    flat = x.reshape(2, 15)
    early = np.exp(flat) / np.exp(flat).sum(1, keepdims=True)
    with np.errstate(divide="ignore"):
        return [
            softmax_case("softmax_one_of_one", "Softmax", draw(1), 0),
            softmax_case("softmax_wide", "Softmax", draw(3, 1001) * 30, 1),
            softmax_case("softmax_first_axis", "Softmax", draw(7, 3, 2), 0),
            softmax_case("softmax_infinite", "Softmax", with_infinity, -1),
            softmax_case("logsoftmax_middle_axis", "LogSoftmax", draw(2, 5, 3) * 100, 1),
            ("softmax_early_version", "Softmax", {"axis": 1}, [x], [early.reshape(x.shape)], {"opset": 11}),
        ]


def reduction(name, op, fn, x, axes, keepdims=1, as_input=True, **more):
    axis = None if axes is None else tuple(axes)
    y = np.asarray(fn(x, axis=axis, keepdims=bool(keepdims)))
    attributes = {"keepdims": keepdims, **({} if as_input or axes is None else {"axes": list(axes)})}
    inputs = [x, ints(*axes)] if as_input and axes is not None else [x]
    return name, op, attributes, inputs, [y.astype(x.dtype)], {"rtol": 1e-4, "atol": 1e-5, **more}


def log_sum_exp(x, **options):
    with np.errstate(divide="ignore", invalid="ignore"):
        top = np.max(x, **{**options, "keepdims": True})
        top = np.where(np.isinf(top), 0, top)
        kept = np.log(np.sum(np.exp(x - top), **{**options, "keepdims": True})) + top
    return kept if options["keepdims"] else kept.reshape(np.sum(x, **options).shape)


def reductions():
    zeros = draw(3, 4)
    zeros[1, 2] = zeros[2, 0] = 0
    large = np.array([[1000.0, 1001], [-INF, -INF], [-1000, -1000.5]])
    tied = np.array([[1.0, 3, 3], [2, 2, 1]])
    l1, l2 = (lambda x, **o: np.sum(abs(x), **o)), (lambda x, **o: np.sqrt(np.sum(x * x, **o)))
    return [
        reduction("reducesum_axes_apart", "ReduceSum", np.sum, draw(3, 5, 2, 7), [-1, 1], 0),
        reduction("reducesum_very_long", "ReduceSum", np.sum, draw(20011), [0], atol=1e-2),
        reduction("reducesum_no_elements", "ReduceSum", np.sum, np.zeros((2, 0, 3)), [1]),
        reduction("reduceprod_no_elements", "ReduceProd", np.prod, np.zeros((0, 3)), [0]),
        reduction("reduceprod_with_zeros", "ReduceProd", np.prod, zeros, [1], as_input=False),
        reduction("reducemean_scalar", "ReduceMean", np.mean, np.array(2.5), None, 0),
        reduction("reducemean_first_axis", "ReduceMean", np.mean, draw(9, 2), [0], as_input=False),
        reduction("reducemax_all_below_zero", "ReduceMax", np.max, -abs(draw(5, 3)) - 1, [0], 0),
        reduction("reducemax_integers", "ReduceMax", np.max, np.array([[-(2**31), -5], [7, 2**31 - 1]], np.int32), [1]),
        reduction("reducemax_nan", "ReduceMax", np.max, np.array([[1, NAN, 3], [NAN, INF, -1], [1, 2, 3]]), [1]),
        reduction("reducemin_infinite", "ReduceMin", np.min, np.array([[INF, INF], [1, INF]]), [1]),
        reduction("reducel1", "ReduceL1", l1, draw(3, 1, 5), [2, 0], as_input=False),
        reduction("reducel2_all", "ReduceL2", l2, draw(3, 5), None),
        reduction("reducelogsumexp_large", "ReduceLogSumExp", log_sum_exp, large, [1], 0),
        reduction("reducesumsquare_integers", "ReduceSumSquare", lambda x, **o: np.sum(x * x, **o),
                  np.arange(-6, 6, dtype=np.int32).reshape(3, 4), [0]),
        ("reducesum_nothing_to_do", "ReduceSum", {"noop_with_empty_axes": 1}, [tied, ints()], [tied], {}),
        ("argmax_last_of_ties", "ArgMax", {"axis": -1, "keepdims": 0, "select_last_index": 1}, [tied], [ints(2, 1)], {}),
        ("argmin_first_of_ties", "ArgMin", {"axis": 1}, [tied], [np.array([[0], [2]])], {}),
        ("cumsum_reverse_exclusive", "CumSum", {"reverse": 1, "exclusive": 1}, [tied, np.int32(-1)],
         [np.array([[6.0, 3, 0], [3, 1, 0]])], {}),
    ]


def movements():
    x = draw(4, 5, 3)
    most = 2**63 - 1
    return [
        ("slice_to_the_end", "Slice", {}, [x, ints(1, -2), ints(most, most), ints(0, 1)], [x[1:, -2:]], {}),
        ("slice_backwards", "Slice", {}, [x, ints(-1, 3), ints(-most, 0), ints(1, 0), ints(-2, -1)], [x[3:0:-1, ::-2]], {}),
        ("slice_to_nothing", "Slice", {}, [x, ints(3), ints(1), ints(1)], [x[:, 3:1]], {}),
        ("slice_early_version", "Slice", {"starts": [1], "ends": [1000], "axes": [1]}, [x], [x[:, 1:]], {"opset": 9}),
        ("pad_cut", "Pad", {}, [x, ints(-1, 2, 0, 1, -2, 0), np.float32(7)],
         [np.pad(x[1:, :-2], [(0, 1), (2, 0), (0, 0)], constant_values=7)], {}),
        ("pad_reflect", "Pad", {"mode": "reflect"}, [x, ints(2, 0, 1, 3, 4, 2)],
         [np.pad(x, [(2, 3), (0, 4), (1, 2)], mode="reflect")], {}),
        ("pad_edge", "Pad", {"mode": "edge"}, [x, ints(0, 3, 1, 2, 0, 1)],
         [np.pad(x, [(0, 2), (3, 0), (1, 1)], mode="edge")], {}),
        ("transpose_6d", "Transpose", {"perm": [5, 0, 3, 1, 4, 2]}, [np.arange(720.0).reshape(1, 2, 3, 4, 5, 6)],
         [np.arange(720.0).reshape(1, 2, 3, 4, 5, 6).transpose(5, 0, 3, 1, 4, 2)], {}),
        ("concat_with_nothing", "Concat", {"axis": -2}, [x, x[:, :0], x[:, 1:2]], [np.concatenate([x, x[:, 1:2]], 1)], {}),
        ("split_unequal", "Split", {"axis": -2}, [x, ints(1, 0, 4)], [x[:, :1], x[:, :0], x[:, 1:]], {}),
        ("gather_from_the_end", "Gather", {"axis": 1}, [x, np.array([[-1, 0], [2, -5]])], [x[:, [[-1, 0], [2, -5]]]], {}),
        ("onehot_first_axis", "OneHot", {"axis": 0}, [ints(2, -1, 5), ints(3), np.array([-1.0, 4])],
         [np.array([[-1.0, -1, -1], [-1, -1, -1], [4, 4, -1]])], {}),
        ("tile_two_axes", "Tile", {}, [x, ints(2, 1, 3)], [np.tile(x, (2, 1, 3))], {}),
        ("expand_both_ways", "Expand", {}, [x[:, :1], ints(2, 1, 5, 1)], [np.broadcast_to(x[:, :1], (2, 4, 5, 3))], {}),
        ("reshape_kept_and_left_over", "Reshape", {}, [x, ints(0, -1, 1)], [x.reshape(4, 15, 1)], {}),
        ("flatten_from_the_end", "Flatten", {"axis": -1}, [x], [x.reshape(20, 3)], {}),
        ("cast_towards_zero", "Cast", {"to": 6}, [np.array([-1.9, 1.9, -0.5])], [np.array([-1, 1, 0], np.int32)], {}),
        ("lrn_even", "LRN", {"size": 4, "alpha": 0.5, "beta": 0.6, "bias": 2.0}, [draw(2, 7, 3)], [], {}),
    ]


def completed(case):
    """Expected outputs where writing them beside the case would be unwieldy."""
    name, op, attributes, inputs, outputs, more = case
    if name == "max_many":
        outputs = [np.maximum(np.maximum(inputs[0], inputs[1]), inputs[2])]
    if name == "lrn_even":
        [x] = inputs
        sums = np.stack([(x[:, max(0, c - 1) : c + 3] ** 2).sum(1) for c in range(7)], 1)
        outputs = [x / (2 + 0.5 / 4 * sums) ** 0.6]
    return name, op, attributes, inputs, outputs, more


def cases():
    return [completed(case) for case in [*elementwise(), *softmaxes(), *reductions(), *movements()]]
