"""A project in thirty seconds: what of it can be found in words. It does not ask whether the project was a good one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.question import Question
from bot.offline.exact.finds import Finds, denied_before, met, sentence_at

#: What thirty seconds of speech hold, at 150 words a minute.
HALF_A_MINUTE = 75
#: A pitch of more characters than this is none; what it names comes before.
LONGEST_SEARCHED = 2_000
_METRICS = (
    r"(?:accuracy|acc\.?|f1(?:[- ]score)?|f-?score|precision|recall|auc(?:-?roc)?|roc[- ]?auc|auroc|pr[- ]?auc|"
    r"auprc|map(?:@[\d.:]+)?|"
    r"mean average precision|iou|miou|dice(?: score| coefficient)?|bleu|rouge(?:-?[12l])?|perplexity|rmse|mae|"
    r"mse|mape|r2|r²|r-squared|"
    r"psnr|ssim|fid|wer|cer|ndcg(?:@\d+)?|mrr|log[- ]?loss|error(?: rate)?|top-?[15](?: accuracy)?|sensitivity|"
    r"specificity|"
    r"kappa|correlation|bertscore|hit rate|recall@\d+|precision@\d+|cross-entropy|loss)"
)
_FIGURE = r"\d+(?:[.,]\d+)*\s*(?:%|per\s?cent|percent)?"
_DATA = (
    r"(?:images?|pictures?|photos?|x-?rays?|scans?|slides|samples?|examples?|rows?|records?|reviews?|tweets?|"
    r"posts?|documents?|"
    r"sentences?|articles?|emails?|messages?|clips?|videos?|frames?|recordings?|hours|patients?|users?|"
    r"customers?|"
    r"transactions?|queries|searches|listings?|tickets?|measurements?|sequences?|tokens?|data ?points?|"
    r"observations?|pages?|"
    r"households?|sensors?|years of|months of|days of|sites|classes|labels|pairs|points?|files|songs|tracks|"
    r"cells|molecules|games)"
)
_NAMED_DATA = (
    r"MNIST|CIFAR(?:-?10+)?|ImageNet|COCO|Pascal VOC|Cityscapes|KITTI|SQuAD|GLUE|IMDB|WikiText|Common ?Crawl|"
    r"Librispeech|"
    r"MovieLens|Criteo|MIMIC|ChestX-?ray\d*|CheXpert|PlantVillage|Kaggle|UCI|Hugging ?Face datasets?|CelebA|SVHN|"
    r"Open Images|"
    r"Twitter|Reddit|Yelp|Amazon reviews|Food-?101|HAM10000|ISIC|BraTS|UrbanSound8K|ESC-50|AudioSet|CoNLL|SST-?2|ETT"
)
_MODELS = (
    r"ResNets?(?:-?\d+)?|VGG(?:-?\d+)?|EfficientNets?(?:-?B\d)?|MobileNets?(?:-?V?\d)?|DenseNets?(?:-?\d+)?|"
    r"Inception(?:-?V?\d)?|AlexNet|"
    r"LeNet(?:-?5)?|ConvNeXt|U-?Net|YOLO\w*|Faster R-?CNN|Mask R-?CNN|R-?CNN|RetinaNet|(?-i:SSD|DETR|ViTs?|Swin|CLIP|"
    r"SAM|DINO(?:v2)?|T5|BART|GRUs?|Mistral|GCN)|"
    r"BERT|RoBERTa|DistilBERT|ALBERT|DeBERTa|ELECTRA|GPT(?:-?\w+)?|LLaMA(?:[- ]?\d[\w.]*)?|Gemma|Qwen\w*|"
    r"XLNet|"
    r"LSTMs?|Bi-?LSTMs?|RNNs?|CNNs?|ConvNets?|MLPs?|transformers?|autoencoders?|VAEs?|GANs?|DCGAN|"
    r"StyleGAN\w*|CycleGAN|"
    r"diffusion models?|Stable Diffusion|Whisper|wav2vec\w*|WaveNet|XGBoost|LightGBM|CatBoost|random forests?|"
    r"gradient boosting|"
    r"logistic regression|linear regression|word2vec|GloVe|fastText|sentence-?BERT|MiniLM|two-tower|DLRM|"
    r"graph neural networks?|GNNs?|"
    r"TabNet|temporal fusion transformer|N-?BEATS|DQN|PPO|(?:convolutional|recurrent|feed-?forward|siamese|deep)"
    r"(?: neural)? networks?|multi-?layer perceptrons?"
)
_FRAMEWORKS = (
    r"PyTorch(?: Lightning)?|torch|torchvision|TensorFlow|TF ?2|tf\.keras|Keras|JAX|Flax|scikit-?learn|sklearn|"
    r"Hugging ?Face(?:'s)?(?: "
    r"Transformers)?|fast\.?ai|MXNet|Caffe2?|ONNX(?: Runtime)?|Detectron2?|MMDetection|Ultralytics|spaCy|Theano|"
    r"Chainer|PaddlePaddle|"
    r"MATLAB|LangChain|XGBoost|LightGBM|Keras-?CV|OpenCV|timm|NumPy|Darknet|OpenNMT|fairseq|Core ?ML|TensorRT"
)
_DETECTORS: Mapping[str, re.Pattern[str]] = {
    "problem": re.compile(
        r"\b(?:(?:we|i|they|the team|the client|the company|my client|the hospital)\s+(?:\w+\s+)?(?:wanted|had|"
        r"tried|needed|aimed|set out|"
        r"hoped|were asked|was asked)\s+to\s+\w+|(?:the|our|my|its?)\s+(?:\w+\s+)?(?:goal|aim|task|problem|"
        r"challenge|objective|idea|"
        r"purpose|question)\s+(?:was|is|were|of|:)|(?:to|that|which|could|for|"
        r"on)\s+(?:automatically\s+)?(?:predict|detect|classify|recognis\w+|"
        r"recogniz\w+|segment|forecast|estimat\w+|identif\w+|translat\w+|recommend|generat\w+|diagnos\w+|"
        r"count\w*|rank\w*|flag\w*|"
        r"tell\w*|find\w*|spot\w*|summari\w+|transcrib\w+|distinguish\w*|localis\w+|localiz\w+|track\w*|cut\b|"
        r"reduc\w+)(?:s|es|ed|ing)?\s+\w+|"
        r"(?:predict|detect|classify|recognis|recogniz|segment|forecast|identify|recommend|diagnos|rank|"
        r"flag)(?:e?d|ing|s|es|ied|ies)\s+"
        r"(?:\w+\s+){0,4}\w+|(?:a|an|our|my)\s+(?:\w+[- ]){0,4}(?:classifier|detector|recommender|predictor|"
        r"forecaster|chatbot|"
        r"segmentation|recogni[sz]er|detection|classification|recognition|forecasting|"
        r"prediction)\s+(?:\w+\s+)?(?:for|of|that|system|"
        r"model|project|tool|service))\b",
        re.IGNORECASE,
    ),
    "data": re.compile(
        rf"\b\d[\d,.\u00a0 ]{{0,14}}(?:k|K|M|thousand|million|billion|hundred)?\s*(?:\w+[- ]){{0,4}}?{_DATA}\b|"
        rf"\b(?:{_NAMED_DATA})\b"
        rf"|\b(?:hundreds|thousands|millions|dozens|tens of thousands|two hundred|(?:a|one|two|five|ten|fifty|"
        rf"twenty) (?:hundred|"
        rf"thousand|million)) (?:of )?(?:\w+[- ]){{0,4}}?{_DATA}\b"
        r"|\b(?:data ?sets?|data|corpus|logs|records|images|photos|scans)\s+(?:\w+\s+){0,3}(?:of|from|by|with|"
        r"were|was|came|collected|"
        r"scraped|labelled|labeled|gathered|provided)\b|\b(?:scraped|collected|labelled|labeled|annotated|"
        r"recorded|gathered)\s+\w+",
        re.IGNORECASE,
    ),
    "framework": re.compile(rf"(?<!\w)(?:{_FRAMEWORKS})(?!\w)", re.IGNORECASE),
    "model": re.compile(rf"(?<!\w)(?:{_MODELS})(?!\w)", re.IGNORECASE),
    "metric-value": re.compile(
        rf"(?<!\w){_METRICS}(?!\w)(?:(?!\b(?:not|without)\b)[^.;\n\d]|\.(?=\d)){{0,40}}(?<![A-Za-z_\d]){_FIGURE}"
        rf"|(?<![A-Za-z_\d]){_FIGURE}\s*(?:(?:of|in|on|test|validation|mean|overall|average|held-out|macro|micro|"
        rf"the|a|an)[- ]?\s*){{0,3}}"
        rf"{_METRICS}(?!\w)",
        re.IGNORECASE,
    ),
}


def pitched(question: Question, text: str) -> Finds:
    """The parts of a pitch that are there, and how long it was if it was too long."""
    detected = [(p, pattern) for p in question.points if (pattern := _DETECTORS.get(p.found_by or ""))]
    if not detected:
        return Finds()
    found = []
    for point, pattern in detected:
        match = next(
            (m for m in pattern.finditer(text, 0, LONGEST_SEARCHED) if not denied_before(text, m.start())), None
        )
        if match is not None:
            found.append(met(point.id, sentence_at(text, *match.span())))
    return Finds(tuple(found), note=_note(text) if question.kind == "pitch" else "", heard=bool(found))


def _note(text: str) -> str:
    count = len(text.split())
    if count <= HALF_A_MINUTE:
        return ""
    return f"The pitch has {count} words; thirty seconds hold about {HALF_A_MINUTE}."
