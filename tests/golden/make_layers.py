"""Makes layers.json: values and gradients of every layer and objective in double precision, computed by PyTorch.

Run with a Python that has PyTorch (Debian: python3-torch), in this folder:  /usr/bin/python3 make_layers.py

A case: the name of the function, its options, parameters and input, a cotangent, the output, and the gradients of
sum(output * cotangent). Numbers that the function takes are multiples of 1/64, which single precision holds exactly.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)
cases = []


def exact(x, parts=64):
    return torch.round(x * parts) / parts


def draw(*shape, scale=1.0):
    return exact(torch.randn(*shape) * scale)


def uniform(*shape):
    return exact(torch.rand(*shape) * 0.94 + 0.03)


def pack(tensor, digits=9):
    values = [float(f"{v:.{digits}g}") for v in tensor.detach().reshape(-1).tolist()]
    return {"shape": list(tensor.shape), "values": values}


def case(function, formula, x, params=None, options=None, others=None, label=""):
    """formula(params, x, others) in PyTorch; gradients are taken by x and by all params."""
    params = {name: value.clone().requires_grad_() for name, value in (params or {}).items()}
    others = others or {}
    x = x.clone()
    if x.dtype.is_floating_point:
        x.requires_grad_()
    output = formula(params, x, others)
    cotangent = exact(torch.randn(output.shape), 8) + 1 / 16  # never 0, which would show nothing
    wanted = dict(params, **({"x": x} if x.requires_grad else {}))
    gradients = torch.autograd.grad((output * cotangent).sum(), list(wanted.values()))
    cases.append({
        "name": f"{function}{' ' + label if label else ''}, {'x'.join(map(str, x.shape))}",
        "function": function,
        "options": options or {},
        "params": {name: pack(value) for name, value in params.items()},
        "x": pack(x),
        "others": {name: pack(value.double()) for name, value in others.items()},
        "cotangent": pack(cotangent),
        "output": pack(output, 7),
        "gradients": {name: pack(g, 7) for name, g in zip(wanted, gradients)},
    })


# Activations ------------------------------------------------------------------------------------------------------

def ultra_fast_sigmoid(x):
    half = 0.5 * x
    z = half.abs()
    size = torch.where(z < 1.7, 1.5 * z / (1 + z), torch.where(
        z < 3, 0.935409070603099 + 0.0458812946797165 * (z - 1.7), torch.full_like(z, 0.99505475368673)))
    return 0.5 * (torch.where(half < 0, -size, size) + 1)


spread = torch.tensor([[-90.0, -20.0, -5.0, -1.0, -1e-3, 1e-3, 0.5, 2.0, 4.5, 7.0, 19.0, 90.0, -1e-5]])
for name, formula, options in [
    ("linear", lambda x: x, {}),
    ("sigmoid", torch.sigmoid, {}),
    ("ultraFastSigmoid", ultra_fast_sigmoid, {}),
    ("tanh", torch.tanh, {}),
    ("softmax", lambda x: torch.softmax(x, -1), {}),
    ("softplus", lambda x: torch.logaddexp(x, torch.zeros_like(x)), {}),
    ("relu", F.relu, {}),
    ("relu", lambda x: F.leaky_relu(x, 0.25), {"alpha": 0.25}),
    ("elu", F.elu, {}),
    ("elu", lambda x: F.elu(x, 0.5), {"alpha": 0.5}),
    ("selu", F.selu, {}),
    ("gelu", F.gelu, {}),
]:
    for x in (spread.float().double(), draw(5, 3, scale=2)):
        case(name, lambda p, x, o, f=formula: f(x), x, options=options, label=str(options or ""))

# Dense, convolution, pooling ---------------------------------------------------------------------------------------

for batch in (1, 5):
    case("dense", lambda p, x, o: torch.tanh(x @ p["W"] + p["b"]), draw(batch, 7),
         {"W": draw(7, 3), "b": draw(3)}, {"activation": "tanh"})

for batch in (1, 3):
    for label, kernel, options, arguments in [
        ("flipped", (2, 2, 3, 2), {}, {}),
        ("correlation", (2, 2, 3, 2), {"filterFlip": False}, {}),
        ("full", (2, 2, 3, 3), {"borderMode": "full"}, {"padding": 2}),
        ("half", (2, 2, 3, 5), {"borderMode": "half"}, {"padding": (1, 2)}),
        ("strided", (3, 2, 2, 3), {"subsample": [2, 3], "borderMode": [1, 0]}, {"stride": (2, 3), "padding": (1, 0)}),
        ("dilated", (2, 2, 3, 2), {"dilations": [2, 3]}, {"dilation": (2, 3)}),
        ("grouped", (4, 1, 3, 3), {"groups": 2, "borderMode": 1}, {"groups": 2, "padding": 1}),
    ]:
        flip = options.get("filterFlip", True)
        case("convolve",
             lambda p, x, o, a=arguments, flip=flip: F.conv2d(x, p["W"].flip(2, 3) if flip else p["W"], p["b"], **a),
             draw(batch, 2, 7, 8), {"W": draw(*kernel), "b": draw(kernel[0])}, options, label=label)

pools = [
    ("plain", {"poolSize": [2, 3]}, dict(kernel_size=(2, 3))),
    ("overlapping", {"poolSize": [3, 2], "stride": [1, 2]}, dict(kernel_size=(3, 2), stride=(1, 2))),
    ("padded", {"poolSize": [3, 3], "stride": [2, 2], "pad": [1, 1]}, dict(kernel_size=3, stride=2, padding=1)),
    ("with border", {"poolSize": [2, 2], "ignoreBorder": False}, dict(kernel_size=2, ceil_mode=True)),
]
for label, options, arguments in pools:
    for mode in ("max", "sum", "average_inc_pad", "average_exc_pad"):
        include = mode != "average_exc_pad"
        if mode == "max":
            formula = lambda p, x, o, a=arguments: F.max_pool2d(x, **a)
        elif mode == "sum":
            formula = lambda p, x, o, a=arguments: F.avg_pool2d(x, **a, divisor_override=1)
        else:
            formula = lambda p, x, o, a=arguments, i=include: F.avg_pool2d(x, **a, count_include_pad=i)
        case("pool", formula, draw(2, 2, 7, 5), options=dict(options, mode=mode), label=f"{mode} {label}")

for batch in (1, 3):
    case("convolvePool",
         lambda p, x, o: torch.tanh(F.max_pool2d(F.conv2d(x, p["W"].flip(2, 3)), 2) + p["b"].reshape(-1, 1, 1)),
         draw(batch, 1, 9, 8), {"W": draw(3, 1, 3, 3), "b": draw(3)}, {"poolSize": [2, 2]})
    case("separableConvolve",
         lambda p, x, o: F.conv2d(F.conv2d(x, p["W_depth"].flip(2, 3), groups=3), p["W_point"], p["b"]),
         draw(batch, 3, 5, 6), {"W_depth": draw(6, 1, 3, 2), "W_point": draw(4, 6, 1, 1), "b": draw(4)})
    for mode, formula in {"average": lambda x: x.mean((2, 3)), "max": lambda x: x.amax((2, 3)),
                          "sum": lambda x: x.sum((2, 3))}.items():
        case("globalPool", lambda p, x, o, f=formula: f(x), draw(batch, 3, 4, 5), options={"mode": mode}, label=mode)

# Normalization, embedding, attention -------------------------------------------------------------------------------

for x in (draw(5, 4), draw(2, 4), draw(3, 4, 5, 2)):
    case("batchNormalize",
         lambda p, x, o: F.batch_norm(x, None, None, p["gamma"], p["beta"], training=True, eps=1e-5), x,
         {"gamma": draw(4), "beta": draw(4)})
for x in (draw(1, 6), draw(3, 5, 6)):
    case("layerNormalize", lambda p, x, o: F.layer_norm(x, (6,), p["gamma"], p["beta"], eps=1e-5), x,
         {"gamma": draw(6), "beta": draw(6)})
case("embed", lambda p, x, o: F.embedding(x, p["W"]), torch.tensor([[0, 3, 3], [1, 0, 3]]), {"W": draw(5, 4)})


def attention(p, x, heads, causal):
    batch, time, features = x.shape
    split = lambda t: t.reshape(batch, time, heads, features // heads).transpose(1, 2)
    q, k, v = (split(x @ p[f"W_{n}"] + p[f"b_{n}"]) for n in "qkv")
    scores = q @ k.transpose(-1, -2) / math.sqrt(features // heads)
    if causal:
        scores = scores.masked_fill(torch.ones(time, time).triu(1).bool(), -math.inf)
    mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(batch, time, features)
    return mixed @ p["W_o"] + p["b_o"]


def attention_parameters(features):
    return {f"{kind}_{n}": draw(*shape, scale=0.5) for n in "qkvo"
            for kind, shape in (("W", (features, features)), ("b", (features,)))}


def transformer(p, x, heads, causal):
    norm = lambda t, n: F.layer_norm(t, t.shape[-1:], p[f"gamma_{n}"], p[f"beta_{n}"], eps=1e-5)
    y = x + attention(p, norm(x, 1), heads, causal)
    return y + F.gelu(norm(y, 2) @ p["W_1"] + p["b_1"]) @ p["W_2"] + p["b_2"]


for batch, causal in ((1, True), (3, False)):
    options = {"nHeads": 2, "causal": causal}
    case("attendHeads", lambda p, x, o, c=causal: attention(p, x, 2, c), draw(batch, 5, 6),
         attention_parameters(6), options)
    more = {"gamma_1": draw(6), "beta_1": draw(6), "gamma_2": draw(6), "beta_2": draw(6),
            "W_1": draw(6, 8, scale=0.5), "b_1": draw(8), "W_2": draw(8, 6, scale=0.5), "b_2": draw(6)}
    case("transform", lambda p, x, o, c=causal: transformer(p, x, 2, c), draw(batch, 5, 6),
         dict(attention_parameters(6), **more), options)

# Recurrent layers --------------------------------------------------------------------------------------------------

def unroll(x, first, step, options, lengths):
    """Runs a cell over time; `first` is a dictionary with h, step gives the next one."""
    time = range(x.shape[1])
    carry, outputs = first, [None] * x.shape[1]
    for t in reversed(time) if options.get("goBackwards") else time:
        after = step(carry, x[:, t])
        active = torch.ones(x.shape[0], 1).bool() if lengths is None else (t < lengths).reshape(-1, 1)
        carry = {name: torch.where(active, after[name], carry[name]) for name in carry}
        outputs[t] = torch.where(active, after["h"], torch.zeros_like(after["h"]))
    return carry["h"] if options.get("lastOnly", True) else torch.stack(outputs, 1)


def rnn(p, x, options, lengths=None):
    activate = torch.tanh if options.get("activation") == "tanh" else torch.sigmoid
    step = lambda s, x: {"h": activate(x @ p["W"] + s["h"] @ p["U"] + p["b"])}
    return unroll(x, {"h": activate(torch.zeros(x.shape[0], p["U"].shape[0]))}, step, options, lengths)


def lstm(p, x, options, lengths=None):
    def peep(c, name):
        if name not in p:
            return 0
        return c * p[name] if p[name].dim() == 1 else c @ p[name]

    def step(s, x):
        gate = lambda g: x @ p[f"W_{g}"] + s["h"] @ p[f"U_{g}"] + p[f"b_{g}"]
        f = torch.sigmoid(gate("f") + peep(s["c"], "P_f"))
        i = torch.sigmoid(gate("i") + peep(s["c"], "P_i")) if "W_i" in p else 1 - f
        c = f * s["c"] + i * torch.tanh(gate("c"))
        o = torch.sigmoid(gate("o") + peep(c, "P_o"))
        return {"h": o * torch.tanh(c), "c": c}

    zero = torch.zeros(x.shape[0], p["U_f"].shape[0])
    return unroll(x, {"h": zero, "c": zero}, step, options, lengths)


def gru(p, x, options, lengths=None):
    def step(s, x):
        z = torch.sigmoid(x @ p["W_z"] + s["h"] @ p["U_z"] + p["b_z"])
        r = torch.sigmoid(x @ p["W_r"] + s["h"] @ p["U_r"] + p["b_r"])
        h = torch.tanh(x @ p["W_h"] + (r * s["h"]) @ p["U_h"] + p["b_h"])
        return {"h": (1 - z) * s["h"] + z * h}

    return unroll(x, {"h": torch.zeros(x.shape[0], p["U_z"].shape[0])}, step, options, lengths)


def gates(names, features=3, units=4):
    return {f"{kind}_{g}": draw(*shape, scale=0.6) for g in names
            for kind, shape in (("W", (features, units)), ("U", (units, units)), ("b", (units,)))}


def peepholes(names, *shape):
    return {f"P_{g}": draw(*shape, scale=0.6) for g in names}


plain = lambda: {"W": draw(3, 4, scale=0.6), "U": draw(4, 4, scale=0.6), "b": draw(4)}
cells = [
    ("rnnSequence", rnn, plain, "sigmoid"),
    ("lstmSequence", lstm, lambda: gates("ifco"), "plain"),
    ("lstmSequence", lstm, lambda: dict(gates("ifco"), **peepholes("ifo", 4, 4)), "peepholes"),
    ("lstmSequence", lstm, lambda: dict(gates("ifco"), **peepholes("ifo", 4)), "own peepholes"),
    ("lstmSequence", lstm, lambda: dict(gates("fco"), **peepholes("fo", 4, 4)), "tied"),
    ("gruSequence", gru, lambda: gates("zrh"), "plain"),
]
for function, cell, parameters, label in cells:
    for batch, options in ((1, {}), (3, {"lastOnly": False}), (3, {"goBackwards": True}),
                           (5, {"lastOnly": False, "goBackwards": True})):
        case(function, lambda p, x, o, c=cell, s=options: c(p, x, s), draw(batch, 5, 3), parameters(), options,
             label=f"{label} {' '.join(options)}")
    if label in ("sigmoid", "plain"):
        lengths = torch.tensor([2, 5, 4])
        for options in ({}, {"lastOnly": False}, {"goBackwards": True}):
            case(function, lambda p, x, o, c=cell, s=options: c(p, x, s, o["lengths"]), draw(3, 5, 3), parameters(),
                 options, {"lengths": lengths}, label=f"{label} masked {' '.join(options)}")
case("rnnSequence", lambda p, x, o: rnn(p, x, {"activation": "tanh"}), draw(2, 5, 3), plain(), {"activation": "tanh"},
     label="tanh")

long = {"lastOnly": True}
case("lstmSequence", lambda p, x, o: lstm(p, x, long), draw(1, 60, 3), gates("ifco"), long, label="long")

# The same cell as PyTorch's own.
module = torch.nn.LSTM(3, 4, batch_first=True)
weights = gates("ifco")
with torch.no_grad():
    module.weight_ih_l0.copy_(torch.cat([weights[f"W_{g}"].T for g in "ifco"]))
    module.weight_hh_l0.copy_(torch.cat([weights[f"U_{g}"].T for g in "ifco"]))
    module.bias_ih_l0.copy_(torch.cat([weights[f"b_{g}"] for g in "ifco"]))
    module.bias_hh_l0.zero_()
sample = draw(2, 5, 3)
assert torch.allclose(module(sample)[0], lstm(weights, sample, {"lastOnly": False}))

# Batch-normalized LSTM in training, through the layer.
def bn_lstm(p, x):
    normal = lambda t, gamma: gamma * (t - t.mean(0)) / torch.sqrt(t.var(0, unbiased=False) + 1e-5)
    join = lambda kind, dim: torch.cat([p[f"{kind}_{g}"] for g in "ifco"], dim)
    W, U, b = join("W", 1), join("U", 1), join("b", 0)
    h = c = torch.zeros(x.shape[0], 4)
    for t in range(x.shape[1]):
        i, f, g, o = (normal(h @ U, p["gamma_h"]) + normal(x[:, t] @ W, p["gamma_x"]) + b).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(normal(c, p["gamma_c"]) + p["beta_c"])
    return h


case("bnLstm", lambda p, x, o: bn_lstm(p, x), draw(5, 4, 3),
     dict(gates("ifco"), gamma_x=draw(16), gamma_h=draw(16), gamma_c=draw(4), beta_c=draw(4)), {"nUnits": 4})

# Objectives --------------------------------------------------------------------------------------------------------

signs = lambda *shape: torch.randint(0, 2, shape).double() * 2 - 1
for batch in (1, 5):
    target, shares = draw(batch, 4), uniform(batch, 4)
    probabilities = uniform(batch, 4)
    labels = torch.randint(0, 4, (batch,))
    pairs = [
        ("meanSquaredError", draw(batch, 4), target, lambda x, t: F.mse_loss(x, t, reduction="none").mean(-1)),
        ("rootMeanSquaredError", draw(batch, 4), target, lambda x, t: ((x - t) ** 2).mean(-1).sqrt()),
        ("meanAbsoluteError", draw(batch, 4), target, lambda x, t: F.l1_loss(x, t, reduction="none").mean(-1)),
        ("binaryHingeError", draw(batch, 4), signs(batch, 4), lambda x, t: F.relu(1 - x * t).mean(-1)),
        ("categoricalHingeError", draw(batch, 4), signs(batch, 4), lambda x, t: F.relu(1 - x * t).mean(-1)),
        ("binaryCrossentropyError", uniform(batch, 4), uniform(batch, 4),
         lambda x, t: F.binary_cross_entropy(x, t, reduction="none").mean(-1)),
        ("categoricalCrossentropyError", probabilities, shares, lambda x, t: -(t * x.log()).sum(-1)),
        ("categoricalCrossentropyError", probabilities, labels, lambda x, t: F.nll_loss(x.log(), t, reduction="none")),
        ("kullbackLeiblerDivergence", probabilities, shares,
         lambda x, t: F.kl_div(x.log(), t, reduction="none").sum(-1)),
        ("huberError", draw(batch, 4, scale=2), target, lambda x, t: F.huber_loss(x, t, reduction="none").mean(-1)),
        ("categoricalCrossentropyFromLogits", draw(batch, 4, scale=5), labels,
         lambda x, t: F.cross_entropy(x, t, reduction="none")),
        ("categoricalCrossentropyFromLogits", draw(batch, 4, scale=5), shares,
         lambda x, t: F.cross_entropy(x, t, reduction="none")),
        ("binaryCrossentropyFromLogits", draw(batch, 4, scale=9), uniform(batch, 4),
         lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none").mean(-1)),
    ]
    for function, x, target, formula in pairs:
        case(function, lambda p, x, o, f=formula: f(x, o["target"]), x, others={"target": target},
             label="by class" if target.dim() == 1 else "")
    case("categoricalCrossentropyFromLogits",
         lambda p, x, o: F.cross_entropy(x, o["target"], reduction="none", label_smoothing=0.1), draw(batch, 4),
         options={"labelSmoothing": 0.1}, others={"target": labels}, label="smoothed")

# Unsupervised layers -----------------------------------------------------------------------------------------------

def auto_encoder(p, x, contraction):
    code = torch.sigmoid(x @ p["W"] + p["b"])
    cost = F.binary_cross_entropy(torch.sigmoid(code @ p["W"].T + p["b_prime"]), x, reduction="none").sum(1).mean()
    slopes = torch.stack([torch.diag(c * (1 - c)) @ p["W"].T for c in code])  # the whole Jacobian of each example
    return cost + contraction * (slopes ** 2).sum((1, 2)).mean()


for batch in (1, 5):
    weights = lambda: {"W": draw(6, 3), "b": draw(3), "b_prime": draw(6)}
    case("autoEncoderCost", lambda p, x, o: auto_encoder(p, x, 0), uniform(batch, 6), weights())
    case("autoEncoderCost", lambda p, x, o: auto_encoder(p, x, 0.3), uniform(batch, 6), weights(),
         {"contractionLevel": 0.3}, label="contractive")
    case("freeEnergy", lambda p, x, o: -x @ p["b_hidden"] - F.softplus(x @ p["W"] + p["b"]).sum(1), uniform(batch, 6),
         {"W": draw(6, 3), "b": draw(3), "b_hidden": draw(6)})

with open("layers.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases")
