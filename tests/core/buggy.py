"""Programs with bugs, made from a correct one by a change: what each change must be found by, and on which line.

In a change `~` stands for the line (a marker that is taken out again) on which the finding must be.
"""

from __future__ import annotations

from dataclasses import dataclass

BASE = """\
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from lab import load_mnist

x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.float().view(-1, 784) / 255
x_valid = x_valid.float().view(-1, 784) / 255
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=64, shuffle=True)
model = nn.Sequential(
    nn.Linear(784, 256),
    nn.ReLU(),
    nn.Linear(256, 10),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    for xb, yb in loader:
        scores = model(xb)
        loss = criterion(scores, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        hits = (model(x_valid).argmax(dim=1) == y_valid).sum()
    print(epoch, hits / len(y_valid))
"""

CLASSY = """\
import torch
from torch import nn
import torch.nn.functional as F
from lab import load_mnist

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Net(nn.Module):
    def __init__(self, hidden=128):
        super().__init__()
        self.fc1 = nn.Linear(784, hidden)
        self.drop = nn.Dropout(0.3)
        self.fc2 = nn.Linear(hidden, 64)
        self.fc3 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.flatten(1)
        x = self.drop(F.relu(self.fc1(x)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def batches(x, y, size=128):
    order = torch.randperm(len(x))
    for i in range(0, len(x), size):
        rows = order[i : i + size]
        yield x[rows].to(device), y[rows].to(device)


def train(model, x, y, epochs, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        model.train()
        for xb, yb in batches(x, y):
            optimizer.zero_grad()
            out = model(xb)
            loss = F.cross_entropy(out, yb)
            loss.backward()
            optimizer.step()


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return (model(x.to(device)).argmax(1) == y.to(device)).float().mean().item()


x_train, y_train, x_valid, y_valid = load_mnist()
x_train, x_valid = x_train.float() / 255, x_valid.float() / 255
model = Net().to(device)
train(model, x_train, y_train, epochs=3, lr=1e-3)
print("accuracy", accuracy(model, x_valid, y_valid))
"""

RAW = """\
import torch
from lab import load_mnist

x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.reshape(-1, 784) / 255
x_valid = x_valid.reshape(-1, 784) / 255
w1 = (torch.randn(784, 128) * 0.05).requires_grad_()
b1 = torch.zeros(128, requires_grad=True)
w2 = (torch.randn(128, 10) * 0.05).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
lr = 0.1
for epoch in range(5):
    perm = torch.randperm(len(x_train))
    for i in range(0, len(x_train), 64):
        idx = perm[i : i + 64]
        hidden = torch.relu(x_train[idx] @ w1 + b1)
        loss = torch.nn.functional.cross_entropy(hidden @ w2 + b2, y_train[idx])
        loss.backward()
        with torch.no_grad():
            for p in (w1, b1, w2, b2):
                p -= lr * p.grad
                p.grad.zero_()
with torch.no_grad():
    out = torch.relu(x_valid @ w1 + b1) @ w2 + b2
    print((out.argmax(1) == y_valid).float().mean())
"""


@dataclass(frozen=True)
class Buggy:
    """One program and the bugs in it. `changes` are pairs of old and new text, in order."""

    name: str
    rules: str
    changes: tuple[tuple[str, str], ...]
    base: str = BASE

    def program(self) -> tuple[str, set[tuple[str, int]]]:
        """The source, and each bug with its line."""
        source = self.base
        for old, new in self.changes:
            assert old in source, (self.name, old)
            source = source.replace(old, new, 1)
        lines = source.split("\n")
        marked = [i for i, line in enumerate(lines, start=1) if "~" in line]
        names = self.rules.split()
        assert len(marked) == len(names), (self.name, marked)
        return source.replace("~", ""), set(zip(names, marked, strict=True))


def one(name: str, rules: str, *changes: str, base: str = BASE) -> Buggy:
    """A program of one base and its changes, given as old, new, old, new."""
    return Buggy(name, rules, tuple(zip(changes[::2], changes[1::2], strict=True)), base)


ZERO = "        optimizer.zero_grad()\n"
BACK = "        loss.backward()"
STEP = "        optimizer.step()"
LAST = "    nn.Linear(256, 10),\n"
LOSS = "loss = criterion(scores, yb)"
MSE = "nn.CrossEntropyLoss()", "nn.MSELoss()"

PROGRAMS = (
    # Updates
    one("never cleared", "no-zero-grad", ZERO, "", BACK, BACK + "~"),
    one("cleared once", "no-zero-grad", ZERO, "", BACK, BACK + "~", "for epoch", "optimizer.zero_grad()\nfor epoch"),
    one(
        "cleared each epoch",
        "no-zero-grad",
        ZERO,
        "",
        BACK,
        BACK + "~",
        "    model.train()",
        "    optimizer.zero_grad()",
    ),
    one("clearing not called", "no-zero-grad", "zero_grad()", "zero_grad", BACK, BACK + "~"),
    one("cleared too late", "zero-grad-after-backward", ZERO + BACK, BACK + "\n" + ZERO.rstrip() + "~"),
    one("cleared first and too late", "zero-grad-after-backward", BACK, BACK + "\n        model.zero_grad()~"),
    one("no step", "no-optimizer-step", STEP + "\n", "", BACK, BACK + "~"),
    one("step not called", "no-optimizer-step", "optimizer.step()", "optimizer.step~"),
    one(
        "only the schedule steps",
        "no-optimizer-step",
        "for epoch",
        "sched = torch.optim.lr_scheduler.StepLR(optimizer, 1)\nfor epoch",
        STEP,
        "        sched.step()",
        BACK,
        BACK + "~",
    ),
    one("step after the loop", "step-outside-loop", STEP, "    optimizer.step()~"),
    one("no backward", "no-backward", BACK + "\n", "", STEP, STEP + "~"),
    one("backward not called", "no-backward", "loss.backward()", "loss.backward~"),
    one("loss as number", "detached-loss", LOSS, LOSS + ".item()~"),
    one(
        "loss wrapped again",
        "detached-loss",
        LOSS,
        LOSS + "\n        loss = torch.tensor(loss.item(), requires_grad=True)~",
    ),
    one("scores detached", "detached-loss", "scores = model(xb)", "scores = model(xb).detach()~"),
    one(
        "forward without gradients",
        "detached-loss",
        "        scores = model(xb)",
        "        with torch.no_grad():\n            scores = model(xb)~",
    ),
    one("hidden detached", "detached-loss", "x = F.relu(self.fc2(x))", "x = F.relu(self.fc2(x.data))~", base=CLASSY),
    one(
        "half the parameters",
        "parameters-not-in-optimizer",
        "SGD(model.parameters(), lr=0.1)",
        "SGD(model[2].parameters(), lr=0.1)~",
    ),
    one(
        "part of the class",
        "parameters-not-in-optimizer",
        "Adam(model.parameters(), lr=lr)",
        "Adam(model.fc3.parameters(), lr=lr)~",
        base=CLASSY,
    ),
    one(
        "another network",
        "parameters-not-in-optimizer",
        "lr=0.1)\n",
        "lr=0.1)~\nmodel = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))\n",
    ),
    one(
        "optimiser anew",
        "optimizer-made-anew",
        ZERO,
        "        optimizer = torch.optim.Adam(model.parameters(), lr=0.001)~\n" + ZERO,
    ),
    one("loss negated", "steps-uphill", LOSS, "loss = -criterion(scores, yb)~"),
    one("maximised", "steps-uphill", "lr=0.1)", "lr=0.1, maximize=True)~"),
    one("by hand uphill", "steps-uphill", "p -= lr * p.grad", "p += lr * p.grad~", base=RAW),
    one(
        "by hand never cleared",
        "no-zero-grad",
        "                p.grad.zero_()\n",
        "",
        "loss.backward()",
        "loss.backward()~",
        base=RAW,
    ),
    one("Adam at 1", "learning-rate-too-high", "SGD(model.parameters(), lr=0.1)", "Adam(model.parameters(), lr=1.0)~"),
    one("SGD at 100", "learning-rate-too-high", "lr=0.1)", "lr=100)~"),
    one("SGD at 1e-6", "learning-rate-too-low", "lr=0.1)", "lr=1e-6)~"),
    one(
        "Adam at 1e-8",
        "learning-rate-too-low",
        "Adam(model.parameters(), lr=lr)",
        "Adam(model.parameters(), lr=lr)~",
        "lr=1e-3",
        "lr=1e-8",
        base=CLASSY,
    ),
    # Outputs
    one("softmax in the row", "softmax-before-cross-entropy", LAST, LAST + "    nn.Softmax(dim=1),~\n"),
    one("softmax in the loss", "softmax-before-cross-entropy", LOSS, "loss = criterion(F.softmax(scores, dim=1), yb)~"),
    one(
        "softmax in the class",
        "softmax-before-cross-entropy",
        "return self.fc3(x)",
        "return torch.softmax(self.fc3(x), dim=-1)~",
        base=CLASSY,
    ),
    one("softmax method", "softmax-before-cross-entropy", "scores = model(xb)", "scores = model(xb).softmax(-1)~"),
    one("sigmoid in the row", "sigmoid-before-cross-entropy", LAST, LAST + "    nn.Sigmoid(),~\n"),
    one(
        "ReLU on the scores",
        "activation-on-the-logits",
        "return self.fc3(x)",
        "return F.relu(self.fc3(x))~",
        base=CLASSY,
    ),
    one(
        "NLL of probabilities",
        "nll-without-log",
        "CrossEntropyLoss",
        "NLLLoss",
        LAST,
        LAST + "    nn.Softmax(dim=1),~\n",
    ),
    one("NLL of scores", "nll-without-log", "CrossEntropyLoss", "NLLLoss", LOSS, LOSS + "~"),
    one(
        "log-softmax along the batch",
        "softmax-wrong-dim",
        "CrossEntropyLoss",
        "NLLLoss",
        LAST,
        LAST + "    nn.LogSoftmax(dim=0),~\n",
    ),
    one(
        "softmax along the batch, predicted",
        "softmax-wrong-dim",
        "model(x_valid).argmax",
        "torch.softmax(model(x_valid), dim=0).argmax",
        "hits = ",
        "hits = ~",
    ),
    one("dropout last", "dropout-on-the-logits", LAST, LAST + "    nn.Dropout(0.2),~\n"),
    one(
        "dropout on the scores",
        "dropout-on-the-logits",
        "return self.fc3(x)",
        "return self.drop(self.fc3(x))",
        "self.drop = nn.Dropout(0.3)",
        "self.drop = nn.Dropout(0.3)~",
        base=CLASSY,
    ),
    one(
        "nine outputs",
        "wrong-number-of-outputs",
        "nn.Linear(256, 10)",
        "nn.Linear(256, 9)",
        LAST.replace("10", "9").rstrip(),
        LAST.replace("10", "9").rstrip() + "~",
    ),
    one(
        "784 outputs",
        "wrong-number-of-outputs",
        "self.fc3 = nn.Linear(64, 10)",
        "self.fc3 = nn.Linear(64, 784)~",
        base=CLASSY,
    ),
    one(
        "squared labels",
        "mse-on-class-indices",
        *MSE,
        "nn.Linear(256, 10)",
        "nn.Linear(256, 1)",
        LOSS,
        "loss = criterion(scores.squeeze(1), yb.float())~",
    ),
    one(
        "squared labels, ten outputs",
        "mse-on-class-indices",
        *MSE,
        LOSS,
        "loss = criterion(scores, yb.float().unsqueeze(1))~",
    ),
    one("float labels", "wrong-label-type", LOSS, "loss = criterion(scores, yb.float())~"),
    one("short labels", "wrong-label-type", "loader =", "y_train = y_train.to(torch.int32)~\nloader ="),
    one("whole one-hot", "wrong-label-type", LOSS, "loss = criterion(scores, F.one_hot(yb, 10))~"),
    one("swapped", "loss-arguments-swapped", LOSS, "loss = criterion(yb, scores)~"),
    # Layers
    one("no activation", "no-activation", "    nn.ReLU(),\n", "", LAST, LAST.rstrip() + "~\n"),
    one(
        "activation missing once",
        "no-activation",
        "x = F.relu(self.fc2(x))",
        "x = self.fc2(x)",
        "self.fc3 = nn.Linear(64, 10)",
        "self.fc3 = nn.Linear(64, 10)~",
        base=CLASSY,
    ),
    one(
        "activation thrown away",
        "no-activation",
        "x = F.relu(self.fc2(x))",
        "x = self.fc2(x)\n        F.relu(x)",
        "self.fc3 = nn.Linear(64, 10)",
        "self.fc3 = nn.Linear(64, 10)~",
        base=CLASSY,
    ),
    one("sizes", "sizes-disagree", "self.fc2 = nn.Linear(hidden, 64)", "self.fc2 = nn.Linear(256, 64)~", base=CLASSY),
    one(
        "not flattened",
        "not-flattened",
        "x_train = x_train.float().view(-1, 784) / 255",
        "x_train = x_train.float() / 255",
        "x_valid = x_valid.float().view(-1, 784) / 255",
        "x_valid = x_valid.float() / 255",
        "nn.Linear(784, 256),",
        "nn.Linear(784, 256),~",
    ),
    one(
        "not flattened in the class",
        "not-flattened",
        "        x = x.flatten(1)\n",
        "",
        "nn.Linear(784, hidden)",
        "nn.Linear(784, hidden)~",
        base=CLASSY,
    ),
    one(
        "all zero",
        "zero-initialisation",
        "criterion =",
        "for p in model.parameters():\n    nn.init.zeros_(p)~\ncriterion =",
    ),
    one(
        "applied zero",
        "zero-initialisation",
        "criterion =",
        "def init(m):\n    if isinstance(m, nn.Linear):\n        nn.init.zeros_(m.weight)~\n"
        "        nn.init.zeros_(m.bias)\nmodel.apply(init)\ncriterion =",
    ),
    one(
        "zero in the class",
        "zero-initialisation",
        "self.fc3 = nn.Linear(64, 10)",
        "self.fc3 = nn.Linear(64, 10)\n        self.fc2.weight.data.zero_()~",
        base=CLASSY,
    ),
    one(
        "zero matrices",
        "zero-initialisation",
        "w1 = (torch.randn(784, 128) * 0.05).requires_grad_()",
        "w1 = torch.zeros(784, 128, requires_grad=True)~",
        base=RAW,
    ),
    one(
        "all alike",
        "equal-initialisation",
        "criterion =",
        "for layer in (model[0], model[2]):\n    nn.init.constant_(layer.weight, 0.05)~\ncriterion =",
    ),
    one(
        "all one",
        "equal-initialisation",
        "criterion =",
        "with torch.no_grad():\n    for p in model.parameters():\n        p.fill_(1.0)~\ncriterion =",
    ),
    # Data
    one(
        "raw pixels, SGD",
        "not-scaled",
        "x_train = x_train.float().view(-1, 784) / 255",
        "x_train = x_train.float().view(-1, 784)~",
        "x_valid = x_valid.float().view(-1, 784) / 255",
        "x_valid = x_valid.float().view(-1, 784)",
    ),
    one(
        "raw pixels, tanh",
        "not-scaled",
        "x_train, x_valid = x_train.float() / 255, x_valid.float() / 255",
        "x_train, x_valid = x_train.float(), x_valid.float()~",
        "F.relu(self.fc1(x))",
        "torch.tanh(self.fc1(x))",
        base=CLASSY,
    ),
    one(
        "scaling thrown away",
        "not-scaled",
        "view(-1, 784) / 255",
        "view(-1, 784)\nx_train.div(255)~",
        "view(-1, 784) / 255",
        "view(-1, 784)",
    ),
    one(
        "scaled otherwise",
        "scaled-otherwise",
        "x_valid = x_valid.float().view(-1, 784) / 255",
        "x_valid = x_valid.float().view(-1, 784)",
        "hits =",
        "hits =~",
    ),
    one(
        "joined",
        "trained-on-validation",
        "loader =",
        "x_train, y_train = torch.cat([x_train, x_valid]), torch.cat([y_train, y_valid])~\nloader =",
    ),
    one(
        "trained on the rest",
        "trained-on-validation",
        "loader = DataLoader(TensorDataset(x_train, y_train)",
        "loader = DataLoader(TensorDataset(x_valid, y_valid)",
        "batch_size=64, shuffle=True)",
        "batch_size=64, shuffle=True)~",
    ),
    one(
        "validation steps",
        "trained-on-validation",
        "    model.eval()\n",
        "    for xb, yb in DataLoader(TensorDataset(x_valid, y_valid), 64):~\n        optimizer.zero_grad()\n"
        "        F.cross_entropy(model(xb), yb).backward()\n        optimizer.step()\n    model.eval()\n",
    ),
    one(
        "two orders",
        "images-and-labels-shuffled-apart",
        "loader =",
        "x_train = x_train[torch.randperm(len(x_train))]\ny_train = y_train[torch.randperm(len(y_train))]~\nloader =",
    ),
    one(
        "images alone",
        "images-and-labels-shuffled-apart",
        "loader =",
        "x_train = x_train[torch.randperm(len(x_train))]~\nloader =",
    ),
    one(
        "two draws a batch",
        "images-and-labels-shuffled-apart",
        "y_train[idx]",
        "y_train[torch.randint(0, len(y_train), (64,))]~",
        base=RAW,
    ),
    one(
        "data not moved",
        "device-mix-up",
        "model = nn",
        "model = nn",
        "criterion =",
        "model.to('cuda')\ncriterion =",
        "scores = model(xb)",
        "scores = model(xb)~",
        "model(x_valid)",
        "model(x_valid.to('cuda'))",
    ),
    one(
        "move thrown away",
        "device-mix-up",
        "yield x[rows].to(device), y[rows].to(device)",
        "yield x[rows], y[rows]",
        "            optimizer.zero_grad()\n",
        "            optimizer.zero_grad()\n            xb.to(device)~\n",
        base=CLASSY,
    ),
    one(
        "network not moved",
        "device-mix-up",
        "model = Net().to(device)",
        "model = Net()",
        "out = model(xb)",
        "out = model(xb)~",
        base=CLASSY,
    ),
    one(
        "labels not moved",
        "device-mix-up",
        "y[rows].to(device)",
        "y[rows]",
        "loss = F.cross_entropy(out, yb)",
        "loss = F.cross_entropy(out, yb)~",
        base=CLASSY,
    ),
    one(
        "printed figure",
        "hard-coded-result",
        "    print(epoch, hits / len(y_valid))",
        "print('validation accuracy: 98.2%')~",
    ),
    one(
        "named figure",
        "hard-coded-result",
        "    print(epoch, hits / len(y_valid))",
        "accuracy = 0.985\nprint(f'accuracy {accuracy:.3f}')~",
    ),
    one(
        "blind predict",
        "hard-coded-result",
        "for epoch",
        "def predict(images):\n    return torch.zeros(len(images), dtype=torch.long)~\nfor epoch",
    ),
    one(
        "table",
        "hard-coded-result",
        "for epoch",
        f"TABLE = {b'abcd' * 600!r}~\n"
        "def predict(images):\n    return torch.tensor([TABLE[int(i.sum()) % 2400] % 10 for i in images])\nfor epoch",
    ),
    # Measuring
    one(
        "dropout on",
        "never-eval",
        "    model.eval()\n    with",
        "    with",
        "return (model(x.to(device))",
        "return ~(model(x.to(device))",
        base=CLASSY,
    ),
    one(
        "eval not called",
        "never-eval",
        "    nn.ReLU(),\n",
        "    nn.ReLU(),\n    nn.BatchNorm1d(256),\n",
        "model.eval()",
        "model.eval~",
    ),
    one(
        "functional dropout",
        "never-eval",
        "self.drop(F.relu(self.fc1(x)))",
        "F.dropout(F.relu(self.fc1(x)), 0.3)~",
        base=CLASSY,
    ),
    one(
        "never back",
        "never-back-to-train",
        "    nn.ReLU(),\n",
        "    nn.ReLU(),\n    nn.Dropout(0.5),\n",
        "for epoch in range(3):\n    model.train()\n",
        "model.train()\nfor epoch in range(3):\n",
        "model.eval()",
        "model.eval()~",
    ),
    one("argmax over the batch", "argmax-wrong-dim", "argmax(dim=1)", "argmax(dim=0)", "hits = ", "hits = ~"),
    one(
        "max over the batch",
        "argmax-wrong-dim",
        "hits = (model(x_valid).argmax(dim=1) == y_valid).sum()",
        "_, found = model(x_valid).max(0)~\n        hits = (found == y_valid).sum()",
    ),
    one("argmax over all", "argmax-wrong-dim", "argmax(dim=1)", "argmax()", "hits = ", "hits = ~"),
    # The same bugs, better hidden
    one(
        "layers in a list",
        "parameters-not-in-optimizer",
        "self.fc2 = nn.Linear(hidden, 64)",
        "self.hidden = [nn.Linear(hidden, 64)]~",
        "self.fc2(x)",
        "self.hidden[0](x)",
        base=CLASSY,
    ),
    one(
        "a bias left out",
        "parameters-not-in-optimizer",
        "lr = 0.1\n",
        "optimizer = torch.optim.SGD([w1, b1, w2], lr=0.1)~\n",
        "        with torch.no_grad():\n            for p in (w1, b1, w2, b2):\n"
        "                p -= lr * p.grad\n                p.grad.zero_()\n",
        "        optimizer.step()\n        optimizer.zero_grad()\n",
        base=RAW,
    ),
    one(
        "two loaders",
        "images-and-labels-shuffled-apart",
        "loader = DataLoader(TensorDataset(x_train, y_train), batch_size=64, shuffle=True)",
        "images = DataLoader(x_train, batch_size=64, shuffle=True)\n"
        "labels = DataLoader(y_train, batch_size=64, shuffle=True)~",
        "in loader",
        "in zip(images, labels)",
    ),
    one(
        "slices of the rest",
        "trained-on-validation",
        "    for xb, yb in loader:\n",
        "    for i in range(0, len(x_valid), 64):\n        xb, yb = x_valid[i : i + 64], y_valid[i : i + 64]~\n",
    ),
    one(
        "both sets",
        "trained-on-validation",
        "DataLoader(TensorDataset(x_train, y_train),",
        "DataLoader(torch.utils.data.ConcatDataset([TensorDataset(x_train, y_train), TensorDataset(x_valid, "
        "y_valid)]),",
        "64, shuffle=True)",
        "64, shuffle=True)~",
    ),
    one(
        "rate in a dict",
        "learning-rate-too-high",
        "criterion =",
        "config = {'lr': 25.0, 'epochs': 3}\ncriterion =",
        "lr=0.1)",
        "lr=config['lr'])~",
    ),
    one(
        "rate in a class",
        "learning-rate-too-low",
        "criterion =",
        "class Config:\n    lr = 1e-9\n\n\ncriterion =",
        "SGD(model.parameters(), lr=0.1)",
        "Adam(model.parameters(), lr=Config.lr)~",
    ),
    one(
        "loss in a helper",
        "softmax-before-cross-entropy",
        "for epoch",
        "def loss_of(scores, labels):\n    probabilities = torch.nn.functional.softmax(scores, -1)~\n"
        "    return criterion(probabilities, labels)\n\n\nfor epoch",
        LOSS,
        "loss = loss_of(scores, yb)",
    ),
    one(
        "softmax made in the class",
        "softmax-before-cross-entropy",
        "self.fc3 = nn.Linear(64, 10)",
        "self.fc3 = nn.Linear(64, 10)\n        self.last = nn.Softmax(dim=1)~",
        "return self.fc3(x)",
        "return self.last(self.fc3(x))",
        base=CLASSY,
    ),
    one("NLL of a softmax", "nll-without-log", LOSS, "loss = F.nll_loss(torch.softmax(scores, dim=1), yb)~"),
    one(
        "choices as scores",
        "detached-loss",
        LOSS,
        "loss = F.mse_loss(scores.argmax(dim=1).float(), F.one_hot(yb, 10).argmax(1).float())~",
    ),
    one(
        "zero by name",
        "zero-initialisation",
        "criterion =",
        "for name, p in model.named_parameters():\n    if 'weight' in name:\n"
        "        nn.init.constant_(p, 0.0)~\ncriterion =",
    ),
    one(
        "each module alike",
        "equal-initialisation",
        "criterion =",
        "for m in model.modules():\n    if isinstance(m, nn.Linear):\n        m.weight.data.fill_(0.1)~\n"
        "        m.bias.data.zero_()\ncriterion =",
    ),
    one(
        "steps before",
        "zero-grad-after-backward",
        ZERO + BACK + "\n" + STEP,
        STEP + "\n" + BACK + "\n" + ZERO.rstrip() + "~",
    ),
    one(
        "hidden batch norm",
        "never-eval",
        "nn.Linear(784, 256),\n",
        "nn.Linear(784, 256),\n    nn.BatchNorm1d(256),\n",
        "    model.eval()\n",
        "",
        "hits =",
        "hits =~",
    ),
    # Pairs
    one(
        "softmax and not cleared",
        "softmax-before-cross-entropy no-zero-grad",
        LAST,
        LAST + "    nn.Softmax(dim=1),~\n",
        ZERO,
        "",
        BACK,
        BACK + "~",
    ),
    one(
        "no activation and nine",
        "wrong-number-of-outputs",
        "    nn.ReLU(),\n    nn.Linear(256, 10)",
        "    nn.ReLU(),\n    nn.Linear(256, 9)",
        "9),",
        "9),~",
    ),
    one(
        "raw and never eval",
        "not-scaled never-eval",
        "x_train.float().view(-1, 784) / 255",
        "x_train.float().view(-1, 784)~",
        "x_valid.float().view(-1, 784) / 255",
        "x_valid.float().view(-1, 784)",
        "    nn.ReLU(),\n",
        "    nn.ReLU(),\n    nn.Dropout(0.2),\n",
        "    model.eval()\n",
        "",
        "hits =",
        "hits =~",
    ),
    one(
        "joined and sigmoid",
        "trained-on-validation sigmoid-before-cross-entropy",
        "loader =",
        "x_train, y_train = torch.vstack([x_train, x_valid]), torch.cat([y_train, y_valid])~\nloader =",
        LAST,
        LAST + "    nn.Sigmoid(),~\n",
    ),
    one(
        "zero and softmax along the batch",
        "zero-initialisation softmax-before-cross-entropy",
        "criterion =",
        "for p in model.parameters():\n    p.data.fill_(0)~\ncriterion =",
        "scores = model(xb)",
        "scores = torch.softmax(model(xb), dim=1)~",
    ),
    one(
        "apart and too high",
        "learning-rate-too-high images-and-labels-shuffled-apart",
        "lr=0.1)",
        "lr=50.0)",
        "optimizer = ",
        "optimizer = ~",
        "for epoch in range(3):\n",
        "for epoch in range(3):\n    order, other = torch.randperm(len(x_train)), torch.randperm(len(x_train))~\n",
        "    for xb, yb in loader:\n",
        "    for i in range(0, len(x_train), 64):\n"
        "        xb, yb = x_train[order[i:i + 64]], y_train[other[i:i + 64]]\n",
    ),
)
