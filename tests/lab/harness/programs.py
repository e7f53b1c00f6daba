"""Programs that the harness's tests run: pieces to be put together, and styles in which people train."""

from __future__ import annotations

START = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nfrom lab import load_mnist\n"
DATA = "x, y, xv, yv = load_mnist()\n"
SCALED = DATA + "x, xv = x.float() / 255, xv.float() / 255\n"
NETWORK = "model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))\n"
ADAM = "optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)\n"


def loop(inputs: str = "xb", loss: str = "F.cross_entropy(out, yb)", after: str = "", epochs: int = 3) -> str:
    """Mini-batches of 50 in a new order each epoch."""
    return (
        f"for epoch in range({epochs}):\n"
        "    for rows in torch.randperm(len(x)).split(50):\n"
        "        xb, yb = x[rows], y[rows]\n"
        "        optimizer.zero_grad()\n"
        f"        out = model({inputs})\n"
        f"        loss = {loss}\n"
        "        loss.backward()\n"
        "        optimizer.step()\n" + after
    )


ORDINARY = START + SCALED + NETWORK + ADAM + loop()

BY_HAND = (
    START
    + SCALED
    + """
w1 = (torch.randn(784, 64) * .05).requires_grad_()
b1 = torch.zeros(64, requires_grad=True)
w2 = (torch.randn(64, 10) * .1).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
params = [w1, b1, w2, b2]
def forward(images):
    return torch.relu(images.reshape(len(images), -1) @ w1 + b1) @ w2 + b2
for epoch in range(6):
    for rows in torch.randperm(len(x)).split(50):
        scores = forward(x[rows])
        logs = scores - scores.logsumexp(1, keepdim=True)
        loss = -logs[torch.arange(len(rows)), y[rows]].mean()
        loss.backward()
        with torch.no_grad():
            for p in params:
                p -= .2 * p.grad
                p.grad = None
def predict(images):
    return forward(images.float() / 255).argmax(1)
"""
)

CONVOLUTIONAL = (
    START
    + DATA
    + """
x = ((x.float() / 255 - .1307) / .3081).unsqueeze(1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 8, 5, stride=2)
        self.d = nn.Dropout(.2)
        self.l = nn.Linear(8 * 144, 10)
    def forward(self, images):
        return F.log_softmax(self.l(self.d(F.relu(self.c(images)).flatten(1))), dim=1)
def train():
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=.05, momentum=.9)
    loss_fn = nn.NLLLoss()
    for epoch in range(3):
        for rows in torch.randperm(len(x)).split(50):
            optimizer.zero_grad()
            loss_fn(net(x[rows]), y[rows]).backward()
            optimizer.step()
train()
"""
)

PER_PIXEL = (
    START
    + DATA
    + """
x, xv = x.float().view(-1, 784), xv.float().view(-1, 784)
mean, std = x.mean(0), x.std(0)
x = (x - mean) / (std + 1e-8)
model = nn.Linear(784, 10)
"""
    + ADAM
    + loop()
)

GRADIENTS = (
    START
    + SCALED
    + """
w = torch.zeros(784, 10, requires_grad=True)
for epoch in range(4):
    for rows in torch.randperm(len(x)).split(50):
        loss = F.cross_entropy(x[rows].flatten(1) @ w, y[rows])
        (g,) = torch.autograd.grad(loss, w)
        w = (w - .3 * g).detach().requires_grad_()
model = lambda images: images @ w
"""
)
