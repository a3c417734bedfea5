"""Odd cases of convolutions, pooling, recurrences, products and normalization."""

import numpy as np

import oracles

random = np.random.default_rng(11)


def draw(*shape):
    """Numbers that f32 holds exactly."""
    return random.normal(size=shape).astype(np.float32).astype(np.float64)


def flat(pads):
    """A pair for each axis, as ONNX lists them."""
    return [low for low, _ in pads] + [high for _, high in pads]


def convolution(name, x, w, strides, pads, dilations, group=1, bias=False, **auto):
    x, w = draw(*x), draw(*w)
    y = oracles.convolution(x, w, strides, pads, dilations, group)
    b = draw(w.shape[0])
    y = y + b.reshape(1, -1, *[1] * len(strides)) if bias else y
    attributes = {"strides": strides, "dilations": dilations, "group": group, **(auto or {"pads": flat(pads)})}
    return name, "Conv", attributes, [x, w, b] if bias else [x, w], [y], {"rtol": 1e-4, "atol": 1e-5}


def transposed(name, x, w, strides, pads, dilations, extra, group=1):
    x, w = draw(*x), draw(*w)
    y = oracles.transposed_convolution(x, w, strides, pads, dilations, extra, group)
    b = draw(y.shape[1])
    attributes = {
        "strides": strides, "dilations": dilations, "group": group, "pads": flat(pads), "output_padding": extra,
    }
    y = y + b.reshape(1, -1, *[1] * len(strides))
    return name, "ConvTranspose", attributes, [x, w, b], [y], {"rtol": 1e-4, "atol": 1e-5}


def pooling(name, op, x, window, strides, pads, dilations, ceil_mode=0, column_major=0, include_pad=0, x_values=None):
    x = draw(*x) if x_values is None else x_values
    geometry = (window, strides, pads, dilations, ceil_mode)
    attributes = {
        "kernel_shape": window, "strides": strides, "pads": flat(pads), "dilations": dilations, "ceil_mode": ceil_mode,
    }
    if op == "MaxPool":
        attributes["storage_order"] = column_major
        return name, op, attributes, [x], [*oracles.max_pool(x, *geometry, column_major=column_major)], {}
    attributes["count_include_pad"] = include_pad
    return name, op, attributes, [x], [oracles.average_pool(x, *geometry, include_pad=include_pad)], {"atol": 1e-6}


FUNCTIONS = {
    "Tanh": np.tanh,
    "Sigmoid": oracles.sigmoid,
    "Relu": lambda x: np.maximum(x, 0),
    "Softsign": lambda x: x / (1 + abs(x)),
    "LeakyRelu": lambda x: np.where(x < 0, 0.3 * x, x),
    "HardSigmoid": lambda x: np.clip(0.25 * x + 0.4, 0, 1),
}
DEFAULTS = {"RNN": ["Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]}


def recurrence(name, op, time, batch, inputs, hidden, direction="forward", bias=True, lengths=None, initial=True,
               peepholes=False, activations=None, layout=0, **options):
    directions = {"forward": [False], "reverse": [True], "bidirectional": [False, True]}[direction]
    count = len(directions)
    _, gates, states = oracles.STEPS[op]
    x = draw(time, batch, inputs)
    w, r = draw(count, gates * hidden, inputs) * 0.5, draw(count, gates * hidden, hidden) * 0.5
    b = draw(count, 2 * gates * hidden) * 0.5
    start = [draw(count, batch, hidden) for _ in range(states)]
    p = draw(count, 3 * hidden)
    names = activations or DEFAULTS[op] * count
    results = []
    for i, reverse in enumerate(directions):
        functions = [FUNCTIONS[one] for one in names[i * len(DEFAULTS[op]) : (i + 1) * len(DEFAULTS[op])]]
        results.append(oracles.recurrence(
            op, x, w[i], r[i], b[i] if bias else b[i] * 0, lengths or [time] * batch,
            [one[i] if initial else one[i] * 0 for one in start], p[i] if peepholes else p[i] * 0,
            functions, reverse, **options))
    y = np.stack([outputs for outputs, _ in results], axis=1)
    last = [np.stack([final[k] for _, final in results]) for k in range(states)]
    turn = (lambda one: np.swapaxes(one, 0, 1)) if layout else (lambda one: one)
    attributes = {"hidden_size": hidden, "direction": direction, "layout": layout, **options}
    if activations:
        attributes["activations"] = activations
        attributes["activation_alpha"] = [{"LeakyRelu": 0.3, "HardSigmoid": 0.25}[one]
                                          for one in activations if one in ("LeakyRelu", "HardSigmoid")]
        attributes["activation_beta"] = [0.4 for one in activations if one == "HardSigmoid"]
    fed = [turn(x), w, r, b if bias else None, None if lengths is None else np.array(lengths, np.int32),
           *(turn(one) if initial else None for one in start), p if peepholes else None]
    while fed[-1] is None:
        fed.pop()
    outputs = [y.transpose(2, 0, 1, 3) if layout else y, *map(turn, last)]
    return name, op, attributes, fed, outputs, {"rtol": 1e-4, "atol": 1e-5}


def batch_normalization(name, shape, training):
    x, scale, bias, mean = draw(*shape), draw(shape[1]), draw(shape[1]), draw(shape[1])
    variance = abs(draw(shape[1])) + 0.1
    variance = variance.astype(np.float32).astype(np.float64)
    axes = tuple(axis for axis in range(len(shape)) if axis != 1)
    used = (x.mean(axes), x.var(axes)) if training else (mean, variance)
    wide = [one.reshape(1, -1, *[1] * (len(shape) - 2)) for one in (*used, scale, bias)]
    y = (x - wide[0]) / np.sqrt(wide[1] + 1e-3) * wide[2] + wide[3]
    running = [0.8 * old + 0.2 * now for old, now in zip((mean, variance), used)] if training else []
    attributes = {"epsilon": 1e-3, "momentum": 0.8, "training_mode": int(training)}
    return name, "BatchNormalization", attributes, [x, scale, bias, mean, variance], [y, *running], {"atol": 1e-5}


def adam(name, count):
    x, g, v, h = draw(3, 5), draw(3, 5), draw(3, 5), abs(draw(3, 5))
    norm, post, alpha, beta, epsilon = 0.1, 0.05, 0.8, 0.99, 1e-3
    gradient = norm * x + g
    first, second = alpha * v + (1 - alpha) * gradient, beta * h + (1 - beta) * gradient**2
    rate = 0.25 * (np.sqrt(1 - beta**count) / (1 - alpha**count) if count else 1)
    y = (1 - post) * (x - rate * first / (np.sqrt(second) + epsilon))
    attributes = {"norm_coefficient": norm, "norm_coefficient_post": post, "alpha": alpha, "beta": beta, "epsilon": epsilon}
    inputs = [np.float32(0.25), np.int64(count), x, g, v, h]
    return name, "Adam", attributes, inputs, [y, first, second], {"rtol": 1e-4, "atol": 1e-6}


def momentum(name, mode, count):
    (a, b), (ga, gb), (va, vb) = [(draw(3), draw(2, 1, 2)) for _ in range(3)]
    results = []
    for x, g, v in ((a, ga, va), (b, gb, vb)):
        gradient = 0.01 * x + g
        velocity = 0.9 * v + (0.5 if count else 1) * gradient
        results.append((x - 0.1 * (gradient + 0.9 * velocity if mode == "nesterov" else velocity), velocity))
    outputs = [results[0][0], results[1][0], results[0][1], results[1][1]]
    attributes = {"alpha": 0.9, "beta": 0.5, "mode": mode, "norm_coefficient": 0.01}
    inputs = [np.float32(0.1), np.int64(count), a, b, ga, gb, va, vb]
    return name, "Momentum", attributes, inputs, outputs, {"atol": 1e-6}


def matmul(name, a, b):
    a, b = draw(*a), draw(*b)
    return name, "MatMul", {}, [a, b], [a @ b], {"rtol": 1e-4, "atol": 1e-5}


def gemm(name, a, b, c, alpha, beta, trans_a, trans_b):
    a, b, c = draw(*a), draw(*b), draw(*c)
    y = alpha * (a.T if trans_a else a) @ (b.T if trans_b else b) + beta * c
    attributes = {"alpha": alpha, "beta": beta, "transA": trans_a, "transB": trans_b}
    return name, "Gemm", attributes, [a, b, c], [y], {"rtol": 1e-4, "atol": 1e-5}


def cases():
    none1, none2, none3 = [(0, 0)], [(0, 0)] * 2, [(0, 0)] * 3
    return [
        convolution("conv_1d_dilated_asymmetric", (3, 5, 23), (7, 5, 4), [3], [(2, 5)], [2], bias=True),
        convolution("conv_1d_depthwise_window_of_all", (2, 3, 9), (3, 1, 9), [1], none1, [1], group=3),
        convolution("conv_2d_groups_odd", (1, 6, 7, 5), (9, 2, 3, 2), [2, 1], [(1, 0), (0, 3)], [1, 2], group=3, bias=True),
        convolution("conv_2d_padding_wider_than_window", (2, 1, 3, 3), (2, 1, 2, 2), [1, 1], [(4, 3), (0, 5)], [1, 1]),
        convolution("conv_2d_stride_over_window", (1, 2, 11, 13), (3, 2, 2, 1), [5, 4], none2, [1, 1], bias=True),
        convolution("conv_2d_pixelwise", (1, 17, 1, 1), (13, 17, 1, 1), [1, 1], none2, [1, 1]),
        convolution("conv_2d_same_lower_even", (1, 2, 7, 8), (3, 2, 4, 2), [2, 3], [(2, 1), (0, 0)], [1, 1],
                    auto_pad="SAME_LOWER"),
        convolution("conv_2d_same_upper_dilated", (2, 1, 6, 5), (2, 1, 2, 3), [1, 2], [(1, 2), (2, 2)], [3, 2],
                    auto_pad="SAME_UPPER"),
        convolution("conv_2d_many_channels", (2, 33, 5, 5), (65, 33, 3, 3), [1, 1], [(1, 1)] * 2, [1, 1], bias=True),
        convolution("conv_3d", (1, 2, 4, 5, 3), (3, 2, 2, 3, 1), [1, 2, 1], [(1, 0), (0, 1), (1, 1)], [2, 1, 1], bias=True),
        transposed("convtranspose_1d", (2, 3, 5), (3, 2, 4), [3], [(1, 2)], [1], [2]),
        transposed("convtranspose_2d_groups", (1, 4, 3, 2), (4, 3, 2, 3), [2, 3], [(0, 1), (2, 1)], [2, 1], [1, 0], group=2),
        transposed("convtranspose_2d_cut_over_window", (1, 1, 5, 5), (1, 1, 2, 2), [1, 2], [(2, 2), (3, 3)], [1, 1], [0, 1]),
        pooling("maxpool_1d_positions", "MaxPool", (2, 3, 11), [4], [3], [(1, 2)], [1]),
        pooling("maxpool_2d_dilated_column_major", "MaxPool", (1, 2, 9, 7), [2, 3], [2, 1], [(0, 1), (2, 0)], [3, 2],
                column_major=1),
        pooling("maxpool_2d_ceil_overhang", "MaxPool", (1, 1, 5, 6), [2, 2], [3, 3], [(1, 1), (0, 1)], [1, 1], ceil_mode=1),
        pooling("maxpool_2d_ties", "MaxPool", (1, 1, 4, 4), [3, 3], [1, 1], [(1, 1)] * 2, [1, 1],
                x_values=np.array([[[[1, 1, 0, 0], [0, 1, 1, 2], [2, 2, 0, 0], [-1, -1, -1, -1]]]], np.float32)),
        pooling("maxpool_3d", "MaxPool", (1, 2, 4, 3, 5), [2, 3, 2], [2, 1, 3], [(0, 0), (1, 1), (0, 1)], [1, 1, 1]),
        pooling("averagepool_2d_ceil_with_padding", "AveragePool", (2, 1, 6, 5), [3, 2], [2, 2], [(1, 1), (1, 0)], [1, 1],
                ceil_mode=1, include_pad=1),
        pooling("averagepool_2d_ceil_without_padding", "AveragePool", (1, 2, 6, 5), [3, 2], [2, 3], [(1, 1), (1, 0)], [1, 1],
                ceil_mode=1),
        pooling("averagepool_1d_dilated", "AveragePool", (1, 3, 10), [3], [2], [(2, 1)], [2]),
        pooling("averagepool_3d", "AveragePool", (1, 1, 3, 4, 5), [2, 2, 3], [1, 2, 2], [(1, 0), (0, 0), (1, 1)], [1, 1, 1]),
        recurrence("rnn_both_ways", "RNN", 5, 3, 4, 2, "bidirectional", activations=["LeakyRelu", "HardSigmoid"]),
        recurrence("rnn_one_of_each", "RNN", 1, 1, 1, 1, bias=False, initial=False),
        recurrence("rnn_reverse_lengths", "RNN", 6, 4, 2, 3, "reverse", lengths=[6, 1, 0, 3], clip=0.5),
        recurrence("rnn_long", "RNN", 300, 1, 3, 5),
        recurrence("lstm_all", "LSTM", 4, 3, 5, 2, "bidirectional", lengths=[2, 4, 1], peepholes=True, clip=1.0,
                   activations=["Sigmoid", "Softsign", "Tanh", "HardSigmoid", "LeakyRelu", "Relu"]),
        recurrence("lstm_tied_gates", "LSTM", 3, 1, 2, 4, "reverse", peepholes=True, input_forget=1),
        recurrence("lstm_batch_first", "LSTM", 4, 3, 2, 5, "bidirectional", layout=1),
        recurrence("lstm_wide", "LSTM", 2, 7, 33, 17, initial=False),
        recurrence("gru_linear_reverse_lengths", "GRU", 5, 3, 2, 3, "reverse", lengths=[1, 5, 3], linear_before_reset=1),
        recurrence("gru_both_ways", "GRU", 4, 2, 3, 5, "bidirectional", clip=0.75,
                   activations=["HardSigmoid", "Tanh", "Sigmoid", "Softsign"]),
        recurrence("gru_no_bias_batch_first", "GRU", 3, 5, 4, 2, bias=False, initial=False, layout=1, linear_before_reset=1),
        batch_normalization("batchnorm_2d_training", (7, 3), True),
        batch_normalization("batchnorm_5d_training", (2, 3, 1, 4, 5), True),
        batch_normalization("batchnorm_3d", (1, 5, 9), False),
        adam("adam_first_update", 0),
        adam("adam_third_update", 3),
        momentum("momentum_first_nesterov", "nesterov", 0),
        momentum("momentum_later_standard", "standard", 2),
        matmul("matmul_vectors", (7,), (7,)),
        matmul("matmul_vector_by_matrices", (3,), (2, 5, 3, 4)),
        matmul("matmul_matrices_by_vector", (2, 5, 4, 3), (3,)),
        matmul("matmul_broadcast_5d", (2, 1, 3, 1, 5), (4, 1, 5, 6)),
        matmul("matmul_nothing_inside", (3, 0), (0, 2)),
        matmul("matmul_no_rows", (0, 4), (4, 3)),
        matmul("matmul_primes", (131, 67), (67, 101)),
        gemm("gemm_turned_column", (5, 3), (7, 5), (3, 1), 0.5, -2.0, 1, 1),
        gemm("gemm_scalar", (3, 1), (1, 4), (), 1.5, 0.25, 0, 0),
        gemm("gemm_row", (1, 9), (2, 9), (1, 2), 1.0, 1.0, 0, 1),
    ]
