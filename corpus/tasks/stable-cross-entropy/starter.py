import torch


def cross_entropy(logits, labels):
    """The cross-entropy of each row, from raw scores: one number a row."""
    probabilities = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    ...
