"""Abbreviations of the field and what they stand for, to be added to a query. It changes no text of the corpus."""

from __future__ import annotations

import re

#: Lower case; read with an optional plural s. An abbreviation that is an English word is not in it.
ABBREVIATIONS: dict[str, str] = {
    "adagrad": "adaptive gradient optimiser",
    "ae": "autoencoder",
    "ai": "artificial intelligence",
    "ann": "artificial neural network",
    "auc": "area under the curve",
    "bce": "binary cross-entropy",
    "bgd": "batch gradient descent",
    "bn": "batch normalisation",
    "batchnorm": "batch normalisation",
    "bp": "backpropagation",
    "backprop": "backpropagation",
    "bptt": "backpropagation through time",
    "cd": "contrastive divergence",
    "ce": "cross-entropy",
    "cnn": "convolutional neural network",
    "convnet": "convolutional neural network",
    "cv": "computer vision",
    "dbn": "deep belief network",
    "dl": "deep learning",
    "dnn": "deep neural network",
    "fc": "fully connected layer",
    "ffn": "feedforward network",
    "ffnn": "feedforward neural network",
    "fnn": "feedforward neural network",
    "gan": "generative adversarial network",
    "gd": "gradient descent",
    "gelu": "Gaussian error linear unit",
    "gpu": "graphics processor",
    "gru": "gated recurrent unit",
    "knn": "nearest neighbours",
    "lr": "learning rate",
    "lstm": "long short-term memory",
    "mae": "mean absolute error",
    "mbgd": "mini-batch gradient descent",
    "ml": "machine learning",
    "mlp": "multilayer perceptron",
    "mse": "mean squared error",
    "nag": "Nesterov accelerated gradient",
    "nlp": "natural language processing",
    "nn": "neural network",
    "pca": "principal component analysis",
    "rbm": "restricted Boltzmann machine",
    "relu": "rectified linear unit",
    "rl": "reinforcement learning",
    "rmsprop": "root mean square propagation optimiser",
    "rnn": "recurrent neural network",
    "roc": "receiver operating characteristic",
    "sgd": "stochastic gradient descent",
    "slp": "single-layer perceptron",
    "svm": "support vector machine",
    "tf": "TensorFlow",
    "vae": "variational autoencoder",
    "vgd": "vanilla gradient descent",
    "xent": "cross-entropy",
}

_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def expand(query: str) -> str:
    """The query, followed by what its abbreviations stand for."""
    lower = query.lower()
    words = [word.lower() for word in _WORD.findall(query)]
    found = [ABBREVIATIONS.get(word) or ABBREVIATIONS.get(word.removesuffix("s")) for word in words]
    added = dict.fromkeys(long for long in found if long and long.lower() not in lower)
    return f"{query} ({', '.join(added)})" if added else query
