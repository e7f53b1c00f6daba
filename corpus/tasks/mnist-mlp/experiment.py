"""A multilayer perceptron on MNIST with what an experiment may change about it; SETTINGS is put before this text."""

import torch
from torch import nn

from lab import load_mnist

DEFAULTS = {
    "hidden_layers": 2,
    "width": 128,
    "activation": "relu",  # relu, sigmoid, none
    "weights": "usual",  # usual, zero, equal
    "dropout": 0.0,
    "scaled": True,  # pixels between 0 and 1; otherwise 0 to 255
    "optimiser": "Adam",  # Adam, SGD
    "learning_rate": 0.001,
    "momentum": 0.0,
    "weight_decay": 0.0,
    "clear_gradients": True,
    "batch_size": 64,
    "steps": 800,  # steps and not epochs, so that a run takes as long whatever the data are
    "examples": 0,  # so many training images alone; 0 takes all
    "label_noise": 0.0,  # the share of training labels that are drawn anew at random
}
settings = {**DEFAULTS, **SETTINGS}


def build():
    bends = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "none": nn.Identity}[settings["activation"]]
    layers, size = [nn.Flatten()], 28 * 28
    for _ in range(settings["hidden_layers"]):
        layers += [nn.Linear(size, settings["width"]), bends(), nn.Dropout(settings["dropout"])]
        size = settings["width"]
    return nn.Sequential(*layers, nn.Linear(size, 10))


def prepared(images):
    return images.float() / 255 if settings["scaled"] else images.float()


torch.manual_seed(0)
x_train, y_train, x_valid, y_valid = load_mnist()
if settings["examples"]:
    x_train, y_train = x_train[: settings["examples"]], y_train[: settings["examples"]]
x_train = prepared(x_train)
noisy = torch.rand(len(y_train)) < settings["label_noise"]
y_train = torch.where(noisy, torch.randint(10, (len(y_train),)), y_train)

network = build()
if settings["weights"] != "usual":
    for parameter in network.parameters():
        nn.init.constant_(parameter, {"zero": 0.0, "equal": 0.01}[settings["weights"]])

options = {"lr": settings["learning_rate"], "weight_decay": settings["weight_decay"]}
if settings["optimiser"] == "SGD":
    optimizer = torch.optim.SGD(network.parameters(), momentum=settings["momentum"], **options)
else:
    optimizer = torch.optim.Adam(network.parameters(), **options)
loss_fn = nn.CrossEntropyLoss()

for _ in range(settings["steps"]):
    batch = torch.randint(len(x_train), (settings["batch_size"],))
    if settings["clear_gradients"]:
        optimizer.zero_grad()
    loss = loss_fn(network(x_train[batch]), y_train[batch])
    loss.backward()
    optimizer.step()


def predict(images):
    network.eval()
    with torch.no_grad():
        return network(prepared(images)).argmax(dim=1)
