"""Operators with a structure of their own, written as plainly as their definitions, in double precision."""

import itertools

import numpy as np


def places(*extents):
    return itertools.product(*(range(extent) for extent in extents))


def convolution(x, w, strides, pads, dilations, group=1):
    """Cross-correlation; `pads` lists a pair for each spatial axis."""
    x = np.pad(x, [(0, 0), (0, 0), *pads])
    filters, depth, *window = w.shape
    spans = [(k - 1) * d + 1 for k, d in zip(window, dilations)]
    space = [(e - span) // s + 1 for e, span, s in zip(x.shape[2:], spans, strides)]
    y = np.zeros((x.shape[0], filters, *space))
    for n, o, *at in places(*y.shape):
        first = o // (filters // group) * depth
        for c, *tap in places(depth, *window):
            source = tuple(a * s + t * d for a, s, t, d in zip(at, strides, tap, dilations))
            y[(n, o, *at)] += x[(n, first + c, *source)] * w[(o, c, *tap)]
    return y


def transposed_convolution(x, w, strides, pads, dilations, output_padding, group=1):
    """Each element of x adds the filter, scaled, to the output."""
    channels, depth, *window = w.shape
    space = [
        (e - 1) * s + (k - 1) * d + 1 + extra
        for e, s, k, d, extra in zip(x.shape[2:], strides, window, dilations, output_padding)
    ]
    y = np.zeros((x.shape[0], depth * group, *space))
    for n, c, *at in places(*x.shape):
        first = c // (channels // group) * depth
        for o, *tap in places(depth, *window):
            target = tuple(a * s + t * d for a, s, t, d in zip(at, strides, tap, dilations))
            y[(n, first + o, *target)] += x[(n, c, *at)] * w[(c, o, *tap)]
    cut = tuple(slice(low, extent - high) for (low, high), extent in zip(pads, y.shape[2:]))
    return y[(slice(None), slice(None), *cut)]


def windows(x, window, strides, pads, dilations, ceil_mode=False):
    """For each window: its place in the output, and the places of its taps in x, None outside of it and its padding."""
    space = []
    for e, k, s, (low, high), d in zip(x.shape[2:], window, strides, pads, dilations):
        room = e + low + high - (k - 1) * d - 1
        count = (-(-room // s) if ceil_mode else room // s) + 1
        space.append(count - 1 if (count - 1) * s >= e + low else count)
    for at in places(x.shape[0], x.shape[1], *space):
        taps = []
        for tap in places(*window):
            source = [a * s - low + t * d for a, s, (low, _), t, d in zip(at[2:], strides, pads, tap, dilations)]
            inside = all(0 <= i < e for i, e in zip(source, x.shape[2:]))
            padded = all(i < e + high for i, e, (_, high) in zip(source, x.shape[2:], pads))
            taps.append((at[:2] + tuple(source), inside, padded))
        yield (x.shape[0], x.shape[1], *space), at, taps


def max_pool(x, *geometry, column_major=False):
    """The greatest elements, and their positions."""
    y = positions = None
    numbers = np.arange(x.size).reshape(x.shape)
    if column_major:
        plane = np.arange(np.prod(x.shape[2:])).reshape(x.shape[2:], order="F")
        numbers = numbers // plane.size * plane.size + plane
    for shape, at, taps in windows(x, *geometry):
        if y is None:
            y, positions = np.zeros(shape), np.zeros(shape, np.int64)
        best = max((source for source, inside, _ in taps if inside), key=lambda source: x[source])
        y[at], positions[at] = x[best], numbers[best]
    return y, positions


def average_pool(x, *geometry, include_pad=False):
    y = None
    for shape, at, taps in windows(x, *geometry):
        y = np.zeros(shape) if y is None else y
        counted = sum(1 for _, inside, padded in taps if inside or (include_pad and padded))
        y[at] = sum(x[source] for source, inside, _ in taps if inside) / counted
    return y


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rnn_step(x, states, w, r, b, p, functions, options):
    [f], [h] = functions, states
    return [f(options["clip"](x @ w.T + h @ r.T + b[0] + b[1]))]


def lstm_step(x, states, w, r, b, p, functions, options):
    (f, g, h), (output, cell), clip = functions, states, options["clip"]
    i, o, forget, c = np.split(x @ w.T + output @ r.T + b[0] + b[1], 4, axis=1)
    pi, po, pf = np.split(p, 3)
    i = f(clip(i + pi * cell))
    forget = 1 - i if options["input_forget"] else f(clip(forget + pf * cell))
    cell = forget * cell + i * g(clip(c))
    return [f(clip(o + po * cell)) * h(cell), cell]


def gru_step(x, states, w, r, b, p, functions, options):
    (f, g), [h], clip = functions, states, options["clip"]
    xz, xr, xh = np.split(x @ w.T + b[0], 3, axis=1)
    rz, rr, rh = np.split(r, 3)
    bz, br, bh = np.split(b[1], 3)
    z, reset = f(clip(xz + h @ rz.T + bz)), f(clip(xr + h @ rr.T + br))
    inner = reset * (h @ rh.T + bh) if options["linear_before_reset"] else (reset * h) @ rh.T + bh
    return [(1 - z) * g(clip(xh + inner)) + z * h]


STEPS = {"RNN": (rnn_step, 1, 1), "LSTM": (lstm_step, 4, 2), "GRU": (gru_step, 3, 1)}


def recurrence(op, x, w, r, b, lengths, initial, p, functions, reverse, **options):
    """One direction, one sequence after the other: outputs [time, batch, hidden], and the last states."""
    step, _, _ = STEPS[op]
    bound = options.get("clip")
    options = {"input_forget": 0, "linear_before_reset": 0, **options}
    options["clip"] = (lambda v: v) if bound is None else (lambda v: np.clip(v, -bound, bound))
    y = np.zeros((x.shape[0], x.shape[1], r.shape[1]))
    last = [state.copy() for state in initial]
    for n in range(x.shape[1]):
        states = [state[n : n + 1] for state in initial]
        times = range(lengths[n])
        for t in reversed(times) if reverse else times:
            states = step(x[t, n : n + 1], states, w, r, np.split(b, 2), p, functions, options)
            y[t, n] = states[0][0]
        for state, final in zip(last, states):
            state[n] = final[0]
    return y, last
