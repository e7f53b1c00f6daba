"""Which topics a job description, or a list of one's projects, asks for, and by which words. It chooses no question."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Names of tracks that stand for several topics.
TRACKS: Mapping[str, frozenset[str]] = {
    "computer-vision": frozenset({"vision", "cnn"}),
    "nlp": frozenset({"language", "recurrent", "transformers"}),
    "llm": frozenset({"transformers", "language"}),
    "data-science": frozenset({"classical", "evaluation", "data"}),
    "mlops": frozenset({"deployment", "frameworks"}),
}

#: The words of job advertisements and project lists, by the topic that they point to. Matched as whole words.
WORDS: Mapping[str, tuple[str, ...]] = {
    "vision": (
        "computer vision",
        "opencv",
        "image processing",
        "image classification",
        "image",
        "images",
        "object detection",
        "segmentation",
        "video",
        "camera",
        "lidar",
        "yolo",
        "medical imaging",
        "x-ray",
        "x-rays",
        "ocr",
        "vit",
        "vision transformer",
    ),
    "cnn": ("cnn", "cnns", "convnet", "convolutional", "resnet", "efficientnet", "u-net", "unet", "vgg"),
    "language": (
        "nlp",
        "natural language",
        "text classification",
        "text mining",
        "chatbot",
        "sentiment",
        "translation",
        "tokenisation",
        "tokenization",
        "embeddings",
        "named entity",
        "summarisation",
        "summarization",
        "retrieval-augmented",
        "rag",
    ),
    "transformers": (
        "transformer",
        "transformers",
        "attention",
        "bert",
        "gpt",
        "llm",
        "llms",
        "large language model",
        "large language models",
        "llama",
        "lora",
        "rlhf",
        "fine-tuning",
        "finetuning",
        "prompt engineering",
        "hugging face",
        "huggingface",
    ),
    "recurrent": ("rnn", "rnns", "lstm", "gru", "recurrent", "time series", "time-series", "sequence models", "speech"),
    "generative": (
        "generative",
        "gan",
        "gans",
        "diffusion",
        "vae",
        "stable diffusion",
        "autoencoder",
        "autoencoders",
        "image generation",
    ),
    "classical": (
        "scikit-learn",
        "sklearn",
        "xgboost",
        "lightgbm",
        "random forest",
        "gradient boosting",
        "logistic regression",
        "regression",
        "statistics",
        "statistical",
        "classical machine learning",
    ),
    "evaluation": (
        "a/b test",
        "a/b testing",
        "experimentation",
        "metrics",
        "evaluation",
        "validation",
        "recommender",
        "recommendation",
        "ranking",
        "fraud",
        "anomaly detection",
    ),
    "data": (
        "data quality",
        "data pipelines",
        "data pipeline",
        "feature engineering",
        "pandas",
        "sql",
        "spark",
        "preprocessing",
        "labelling",
        "labeling",
        "annotation",
    ),
    "pytorch": ("pytorch", "torch", "lightning"),
    "frameworks": ("tensorflow", "keras", "jax", "frameworks"),
    "deployment": (
        "deployment",
        "deploy",
        "production",
        "mlops",
        "docker",
        "kubernetes",
        "onnx",
        "tensorrt",
        "inference",
        "latency",
        "monitoring",
        "edge",
        "quantisation",
        "quantization",
        "ci/cd",
        "distributed training",
    ),
    "optimisation": ("optimisation", "optimization", "optimizer", "optimiser", "gradient descent", "convergence"),
    "regularisation": ("overfitting", "regularisation", "regularization", "dropout", "generalisation"),
}
#: How many words are named for a topic.
MOST_NAMED = 4


def topics_in(text: str) -> dict[str, tuple[str, ...]]:
    """The topics that a text names, most named first, each with the words that did it as the text has them."""
    found: dict[str, tuple[str, ...]] = {}
    counts: dict[str, int] = {}
    for topic, words in WORDS.items():
        hits = [hit.group() for hit in _pattern(words).finditer(text)]
        if hits:
            named = dict.fromkeys(hit.casefold() for hit in hits)
            first = {hit.casefold(): hit for hit in reversed(hits)}
            found[topic] = tuple(first[word] for word in named)[:MOST_NAMED]
            counts[topic] = len(named)
    return {topic: found[topic] for topic in sorted(found, key=lambda t: -counts[t])}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)
