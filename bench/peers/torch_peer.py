"""The workloads of rows.ts in PyTorch. It reads one JSON object per line, and answers each with one.

{"do": "open", "row": NAME, "file": FILE}  {"values": the first numbers, "parameters": count, "variant": how it is computed}
{"do": "round", "calls": N}                {"milliseconds": one number per call}
{"do": "close"}                            {}

`torch_peer.py THREADS export ROW FILE MODEL` writes the network of a forward pass as an ONNX file instead.

FILE has the tensors of the other side, in the safetensors format: x, y, and the parameters in order, named by numbers.
"""

import copy
import json
import struct
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = 4  # numbers that both sides compute first, to compare them


def read_tensors(path):
    with open(path, "rb") as file:
        data = file.read()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        dtype = {"F32": torch.float32, "I32": torch.int32}[entry["dtype"]]
        part = bytearray(data[8 + size + begin:8 + size + end])
        tensors[name] = torch.frombuffer(part, dtype=dtype).reshape(entry["shape"]).clone()
    return tensors


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.cells = kind(28, 128, batch_first=True)
        self.output = nn.Linear(128, 10)

    def forward(self, x):
        return self.output(self.cells(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self, tokens=65, time=64, width=128, heads=4, blocks=4):
        super().__init__()
        self.heads = heads
        self.embedding, self.positions = nn.Embedding(tokens, width), nn.Embedding(time, width)
        self.blocks = nn.ModuleList(self.block(width) for _ in range(blocks))
        self.norm, self.output = nn.LayerNorm(width), nn.Linear(width, tokens)
        self.register_buffer("later", torch.triu(torch.ones(time, time, dtype=torch.bool), 1))

    @staticmethod
    def block(width):
        parts = {name: nn.Linear(width, width) for name in "qkvo"}
        parts.update(norm_1=nn.LayerNorm(width), norm_2=nn.LayerNorm(width))
        return nn.ModuleDict(dict(parts, wide=nn.Linear(width, 4 * width), narrow=nn.Linear(4 * width, width)))

    def attend(self, block, x):
        batch, time, width = x.shape
        q, k, v = (block[name](x).view(batch, time, self.heads, -1).transpose(1, 2) for name in "qkv")
        scores = q @ k.transpose(-1, -2) * (width / self.heads) ** -0.5
        weights = scores.masked_fill(self.later, -float("inf")).softmax(-1)
        return block["o"]((weights @ v).transpose(1, 2).reshape(batch, time, width))

    def forward(self, tokens):
        x = self.embedding(tokens) + self.positions.weight
        for block in self.blocks:
            x = x + self.attend(block, block["norm_1"](x))
            x = x + block["narrow"](F.gelu(block["wide"](block["norm_2"](x))))
        return self.output(self.norm(x)).flatten(0, 1)


def perceptron(units, dropout=None):
    first, second = ([nn.Dropout(p)] for p in dropout) if dropout else ([], [])
    layers = [*first, nn.Linear(784, units), nn.ReLU(), *second, nn.Linear(units, units), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(units, 10))


class Images(nn.Module):
    def forward(self, x):
        return x.reshape(-1, 1, 28, 28)


def lenet5():
    return nn.Sequential(
        Images(), nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Tanh(), nn.Conv2d(20, 50, 5),
        nn.MaxPool2d(2), nn.Tanh(), nn.Flatten(), nn.Linear(800, 500), nn.Tanh(), nn.Linear(500, 10))


def vgg():
    def conv(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
    return nn.Sequential(
        *conv(3, 32), *conv(32, 32), nn.MaxPool2d(2), *conv(32, 64), *conv(64, 64), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(4096, 256), nn.ReLU(), nn.Linear(256, 10))


def separable():
    def conv(inputs, outputs, size=3, **options):
        return nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False, **options)
    def norm(channels):
        return [nn.BatchNorm2d(channels), nn.ReLU()]
    return nn.Sequential(
        conv(3, 32), *norm(32), conv(32, 64, stride=2), *norm(64), conv(64, 64, groups=64), conv(64, 128, 1),
        *norm(128), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10))


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.001, eps=1e-8)


def sgd(rate, **options):
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, **options)


def load_in_order(model, given):
    parameters = list(model.parameters())
    assert len(parameters) == len(given), "expected %d parameters, got %d" % (len(parameters), len(given))
    tables = {id(part.weight) for part in model.modules() if isinstance(part, nn.Embedding)}
    for own, other in zip(parameters, given):
        if other.dim() == 4:
            other = other.flip(2, 3)  # the other side's layers flip their filters
        if other.dim() == 2 and id(own) not in tables:
            other = other.t()
        assert own.shape == other.shape, "expected %s, got %s" % (list(own.shape), list(other.shape))
        own.data.copy_(other)


def load_cells(model, given, order, signs):
    """W, U and b of each gate, which PyTorch has in another order, joined and with a second bias."""
    gates = [[sign * given[3 * gate + i] for i in range(3)] for gate, sign in zip(order, signs)]
    W, U, b = ([gate[i] for gate in gates] for i in range(3))
    cells = model.cells
    cells.weight_ih_l0.data.copy_(torch.cat([w.t() for w in W]))
    cells.weight_hh_l0.data.copy_(torch.cat([u.t() for u in U]))
    cells.bias_ih_l0.data.copy_(torch.cat(b))
    cells.bias_hh_l0.data.zero_()
    output, bias = given[3 * len(order):]
    model.output.weight.data.copy_(output.t())
    model.output.bias.data.copy_(bias)


def load_lstm(model, given):
    load_cells(model, given, (0, 1, 2, 3), (1, 1, 1, 1))


def load_gru(model, given):
    # The other side keeps 1 - z of the state, PyTorch keeps z of it.
    load_cells(model, given, (1, 0, 2), (1, -1, 1))


def training(make, rule, load=load_in_order):
    def prepare(tensors):
        model, x, y = make(), tensors["x"], tensors["y"].long()
        if not x.is_floating_point():
            x = x.long()
        load(model, [tensors[name] for name in sorted(tensors) if name.isdigit()])
        count = sum(p.numel() for name, p in model.named_parameters() if not name.startswith("cells.bias_hh"))
        def variant(channels_last):
            own, inputs = copy.deepcopy(model), x
            if channels_last:
                own = own.to(memory_format=torch.channels_last)
                if x.dim() == 4:
                    inputs = x.contiguous(memory_format=torch.channels_last)
            optimizer = rule(own.parameters())
            def step():
                optimizer.zero_grad(set_to_none=True)
                loss = F.cross_entropy(own(inputs), y)
                loss.backward()
                optimizer.step()
                return loss.item()
            return step
        variants = {"contiguous": variant(False)}
        if any(isinstance(part, nn.Conv2d) for part in model.modules()):
            variants["channels last"] = variant(True)
        return variants, count
    return prepare


def load(make, tensors):
    """A network with the weights of the other side, and its input."""
    model, x = make().eval(), tensors["x"]
    load_in_order(model, [tensors[name] for name in sorted(tensors) if name.isdigit()])
    return model, x if x.is_floating_point() else x.long()


def forward(make):
    def prepare(tensors):
        model, x = load(make, tensors)
        def variant(channels_last):
            own, inputs = copy.deepcopy(model), x
            if channels_last:
                own, inputs = own.to(memory_format=torch.channels_last), x
                if x.dim() == 4:
                    inputs = x.contiguous(memory_format=torch.channels_last)
            def run():
                with torch.no_grad():
                    return own(inputs)
            return run
        variants = {"contiguous": variant(False)}
        if any(isinstance(part, nn.Conv2d) for part in model.modules()):
            variants["channels last"] = variant(True)
        return variants, sum(p.numel() for p in model.parameters())
    prepare.make = make
    return prepare


def operation(compute):
    def prepare(tensors):
        x, y = tensors["x"], tensors.get("y")
        def run():
            with torch.no_grad():
                return compute(x, y)
        return {"eager": run}, 0
    return prepare


ROWS = {
    "lenet5": training(lenet5, sgd(0.1)),
    "mlp500": training(lambda: perceptron(500, (0.4, 0.2)), sgd(0.1, momentum=0.5, nesterov=True)),
    "mlp20": training(lambda: perceptron(500), sgd(0.1)),
    "wide": training(lambda: perceptron(2048), adam),
    "vgg": training(vgg, sgd(0.01, momentum=0.9)),
    "separable": training(separable, adam),
    "transformer": training(Transformer, lambda p: torch.optim.AdamW(p, lr=0.001, eps=1e-8, weight_decay=0.01)),
    "lstm": training(lambda: Recurrent(nn.LSTM), adam, load_lstm),
    "gru": training(lambda: Recurrent(nn.GRU), adam, load_gru),
    "products": operation(torch.matmul),
    "transposed": operation(lambda x, y: x.t() + y),
    "chain": operation(lambda x, _: torch.tanh(x * 1.7 + 0.3) * torch.sigmoid(x) + torch.relu(x)),
    "softmax": operation(lambda x, _: torch.softmax(x, 1)),
}
ROWS.update({
    "lenet5-forward": forward(lenet5),
    "mlp500-forward": forward(lambda: perceptron(500, (0.4, 0.2))),
    "vgg-forward": forward(vgg),
    "separable-forward": forward(separable),
    "transformer-forward": forward(Transformer),
})
for name in ("matmul511", "matmul512", "matmul1024", "matmul2048"):
    ROWS[name] = ROWS["products"]


def time_calls(call, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        result = call()
        times.append((time.perf_counter() - start) * 1000)
        del result
    return times


def number(value):
    return value.double().square().mean().item() if torch.is_tensor(value) else value


def open_row(row, file):
    variants, count = ROWS[row](read_tensors(file))
    values = [[number(call()) for _ in range(VALUES)] for call in variants.values()][0]
    speeds = {name: min(time_calls(call, 5)) for name, call in variants.items()}
    name = min(speeds, key=speeds.get)
    reply = {"values": values, "parameters": count, "variant": name, "milliseconds": speeds[name]}
    return variants[name], reply


def main():
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[1]))
    if sys.argv[2:3] == ["export"]:
        row, file, target = sys.argv[3:]
        model, x = load(ROWS[row].make, read_tensors(file))
        return torch.onnx.export(model, x, target, opset_version=13)
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    call = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "open":
                call, reply = open_row(request["row"], request["file"])
            elif request["do"] == "round":
                reply = {"milliseconds": time_calls(call, request["calls"])}
            else:
                call, reply = None, {}
        except Exception as error:
            reply = {"error": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(reply), flush=True)


main()
