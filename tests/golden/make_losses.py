"""Makes losses.json: weighted and smoothed cross-entropies of PyTorch in double precision, with their gradients.

Run with a Python that has PyTorch (Debian: python3-torch), in this folder:  /usr/bin/python3 make_losses.py
"""

import json

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
logits = torch.tensor(
    [[1.5, -0.5, 0.25], [0.0, 2.0, -1.0], [-0.75, 0.5, 0.125], [2.0, 1.0, 0.0], [0.5, 0.5, -2.0]]
)
classes = torch.tensor([0, 2, 1, 0, 2])
class_weights = torch.tensor([0.5, 1.0, 4.0])
weights = torch.tensor([1.0, 0.0, 2.5, 0.25, 3.0])


def loss(z, classed, smooth, sampled):
    w = class_weights if classed else None
    costs = F.cross_entropy(z, classes, weight=w, label_smoothing=0.1 if smooth else 0.0, reduction="none")
    s = weights if sampled else torch.ones(5)
    return (costs * s).sum() / (s * (class_weights[classes] if classed else 1)).sum()


cases = []
for classed in [False, True]:
    for smooth in [False, True]:
        for sampled in [False, True]:
            z = logits.clone().requires_grad_()
            value = loss(z, classed, smooth, sampled)
            value.backward()
            if not sampled:
                w = class_weights if classed else None
                own = F.cross_entropy(z, classes, weight=w, label_smoothing=0.1 if smooth else 0.0)
                assert abs(own.item() - value.item()) < 1e-12
            cases.append(
                {
                    "classed": classed,
                    "smooth": smooth,
                    "sampled": sampled,
                    "loss": round(value.item(), 9),
                    "gradient": [[round(v, 9) for v in row] for row in z.grad.tolist()],
                }
            )

steps = torch.tensor(
    [[[1.0, -1.0], [0.5, 0.25], [2.0, 0.0]], [[0.0, 1.0], [-1.0, 1.5], [0.75, -0.25]]]
)
step_classes = torch.tensor([[0, 1, -1], [1, -1, -1]])
flat, flat_classes = steps.reshape(-1, 2), step_classes.reshape(-1)
masked = F.cross_entropy(flat, flat_classes, ignore_index=-1)
masked_classes = F.cross_entropy(flat, flat_classes, ignore_index=-1, weight=torch.tensor([0.25, 2.0]))

chances = torch.tensor([0.8, 0.3, 0.6, 0.1])
answers = torch.tensor([1.0, 0.0, 0.0, 1.0])
answer_weights = torch.where(answers > 0, 3.0, 0.5)
binary = (F.binary_cross_entropy(chances, answers, reduction="none") * answer_weights).sum() / answer_weights.sum()
binary_smooth = F.binary_cross_entropy(chances, answers * 0.8 + 0.1)

with open("losses.json", "w") as file:
    json.dump(
        {
            "logits": logits.tolist(),
            "classes": classes.tolist(),
            "classWeights": class_weights.tolist(),
            "weights": weights.tolist(),
            "cases": cases,
            "masked": {
                "logits": steps.tolist(),
                "classes": step_classes.tolist(),
                "loss": round(masked.item(), 9),
                "classWeights": [0.25, 2.0],
                "lossOfClasses": round(masked_classes.item(), 9),
            },
            "binary": {
                "chances": chances.tolist(),
                "answers": answers.tolist(),
                "classWeights": [0.5, 3.0],
                "loss": round(binary.item(), 9),
                "labelSmoothing": 0.2,
                "smoothed": round(binary_smooth.item(), 9),
            },
        },
        file,
        indent=1,
    )
    file.write("\n")
