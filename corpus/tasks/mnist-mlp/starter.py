import torch
from torch import nn

from lab import load_mnist

# Images are uint8 tensors of shape N x 28 x 28, labels are int64 tensors of length N.
x_train, y_train, x_valid, y_valid = load_mnist()

# Your preparation of the data goes here.

# Your network goes here.
model = ...

# The rest of your program goes here.
