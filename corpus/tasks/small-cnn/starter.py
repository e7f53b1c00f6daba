import torch
from torch import nn

from lab import load_mnist

# Images are uint8 tensors of shape N x 28 x 28, labels are int64 tensors of length N.
x_train, y_train, x_valid, y_valid = load_mnist()

# A convolution wants N x channels x height x width.

# At most 20,000 parameters: sum(p.numel() for p in model.parameters())
model = ...

# The rest of your program goes here.
