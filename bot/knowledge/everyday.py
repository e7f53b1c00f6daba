"""What people say for a term of the field: everyday words, of who has forgotten the term or never knew it, and names of
what belongs to it. The term is added behind the query, whose own words all stay. It knows no context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

#: Each term, and what people say for it. A word stands for its forms in -s, -es, -ed, -d and -ing too; `*` at its end
#: for every ending, `…` for at most six words between. Written with the development queries in sight.
SAYINGS = """
gradient: slope, steepness, derivative, direction of steepest, undo button
gradient descent: walk downhill, go downhill, roll downhill, down the hill, down the slope, ball roll, valley, optimi*
    loop
learning rate: step size, size of the step, step … too large, step … too big, step … too small, stride … train*
momentum: keep its speed, keep its direction, inertia, velocity, ball roll
error, loss: mistake, how wrong, how bad, wrongness, badness
cost function: one number, single number, score … how wrong, number … how wrong, punish*
hyperparameters: made by you, you choose, we choose, chosen by hand, set by hand, not learn*, before training, tune,
    knob, dial, setting, configuration, chosen before train*, bayesian optimi*, optuna
parameters: learned number, learnt number
epoch: full pass, whole pass, pass over the data, pass through the data, pass over the training, once through
mini-batch: at a time, handful of examples, few examples, chunk of data, small group, packet
backpropagation: travel back, goes back, sent back, passed back, flow back, error back, blame
backpropagation through time: back in time, back through the sequence, unroll*, through the time steps
vanishing gradients: dies out, die out, fade*, shrink to nothing, smaller and smaller, hardly learn, barely learn,
    early layers, first layers, lower layers, deep … not learn, deep … won't learn, deep … wont learn
exploding gradients: blow up, blown up, blew up, goes to infinity, nan, huge update, blows up
weight initialisation: starting value, starting weight, initial number, where the weights start, weights at the start,
    first values, drawn at random, random start, small random
all weights equal, symmetry: identical number, identical value, same number, same value, all the same, same start*,
    start* … same, identical weights, identical start, all zero
early stopping: stop in time, stop soon enough, when to stop, stop training, quit*, no longer improv*, no longer gets,
    held-out error no longer, validation … no longer, before it overfits
learning-rate schedule: slow down over time, smaller steps later, warm up, decay the learning, onecycle, warmup, warm
    restart
weight decay: shrink … weight, shrink … parameter, small weights, pull … to zero, pull … towards zero, tikhonov
dropout: half the net, leaving out units, leaves out units, random subset of units, randomly remov*, switch off, turn
    off, shut off, silence … neuron, kill … neuron, drop … neuron, remove … neuron
regularisation: keep it from memoris*, stop it from memoris*, prevent … memoris*
overfitting: memoris*, memoriz*, learn* the noise, by heart, good on training … bad, new data … worse, fail* on new,
    bad on new, flop* on new, too well on … train*, learned … too well, learnt … too well, knows its examples
underfitting: too simple, too dumb, too weak, not even the training, cannot even
data augmentation: more pictures out of, more examples out of, fake examples, flip … image, rotate*, crop*, mirror*,
    cutout
batch normalisation: normali* … batch, batch … same scale, rescale … layer
layer normalisation: normali* … token, normali* … each example, per token, per example, groupnorm
normalisation: same scale, common scale, same range, standardi*, squash … feature, rescal*, units differ
mixed precision: half the bits, 16-bit, 16 bit, sixteen bit, half-size, half precision, half the memory, tf32
gradient accumulation: act like it has a big batch, pretend … batch, simulate … batch, does not fit, doesn't fit,
    can't fit, cannot fit, out of memory, oom, bigger batch, microbatch
distributed training: several card, several gpu, many gpu, many machine, several machine, multiple gpu, two gpu,
    all-reduce, copies of the network, replica, spread over, shar* the work, nccl, allreduce
GPU: graphics card, card, graphics processor
profiling slow training: gpu is only, gpu only, gpu … per cent, gpu … percent, utilisation, utilization, busy, so
    slow, too slow, idle, wait* for data, speed up train*, takes forever, gpu utili*
network: net
neuron: brain cell, nerve cell, little unit
activation function: after each layer, nonlinearity, do i need … activation, squiggle, squash* function, bend*, kink,
    non-linear*, curve after
no activation function: without relu, without activation, leave out … relu, leave out … activation, only linear
ReLU: cut off below zero, cuts negative, zero for negative, negative … zero, elu
softmax: add up to one, sum to one, scores into prob*, scores into chance, into percent*
sigmoid: s-shaped, s shaped, between zero and one, between 0 and 1
perceptron: artificial neuron, single neuron, simplest neuron, first neuron, fires above, fire above, weighted vote,
    threshold unit, yes or no unit, mcculloch
linearly separable: straight line, single line, one line, cannot be split
computational graph: order of operations, graph of operations, which operation, arrow, nodes are op*, recipe of op*,
    diagram of op*
autograd: derivatives by itself, gradients by itself, derivatives automatic*, slopes by itself
tensor: container, grid of numbers, array, multi-dimensional array, block of numbers, cube of numbers
convolution: filter slid*, sliding window, slid* window, little window, stencil
convolutional neural network: conv net, convnet, image network, network for image, network for picture
padding: keep … height, keep … width, same size as the input, smaller than the input, border, frame of zeros, rim,
    edge of the image, edge of the picture, keeps its size, keep the size
pooling: downsampl*, shrink the image, shrink the picture, take the largest, summari* … region
receptive field: how much of the image, how far … see, pixels that affect, pixels that influence, part of the image …
    see
1 x 1 convolution: filter of size one, covers just one, one pixel, single pixel, only one position, one position,
    single position, single pixel filter, mix channels
separable convolution: each channel alone, each channel separately, channel by channel, one filter per channel
residual connections: very deep, stack more layers, deeper is worse, hundred layers, more layers … worse, skip
    connection, shortcut, skip a layer, jump over, bypass*, add the input back, highway network, densenet
recurrent network: reads in order, one word after another, step by step through a sequence, elman
LSTM: memory cell, gate, remember and forget, what to keep, conveyor, peephole
bidirectional: backwards as well, also backwards, reversed too, both directions, from both ends, forwards and
    backwards, left to right and right to left
image: picture, photo, snapshot, photograph
validation: held-out, held out, put aside, kept aside, set aside
train, validation and test set: two parts, three sets, divide the data, third part, untouched, final check, kept for
    the end, never touch, three parts, split off, hold back, data i never, final exam
cross-validation: little data, few data, reliabl* … estimat*, each part in turn, every part once, take turns, rotate
    the test, several splits, fold, kfold, loocv
data leakage: slip* into train*, sneak*, cheat*, peek*, too good to be true, knows the answer, seen the answer, too
    well in test*, already seen, information … from the test, test part … train*, superb … poor, great offline … poor,
    contaminat*
class imbalance: rare class, rare positive, rare case, uneven class, skewed, lopsided, unbalanced, one in a thousand
precision and recall: half the spam, spam filter, lets … through, rare disease, catch all, misses half, false alarm,
    missed case, how many of the found, how many … caught, type ii
accuracy on imbalanced data: always answers, nearly all negative, hardly any fraud, fraud, always says no, always
    predict, 99 percent, 99 %, percent accurate
calibrated probabilities: really mean, trust the prob*, trust … percent*, how sure, over-confident, overconfident,
    confidence
probability: chance, percentage, likelihood, odds
variance: wobbl*, jumpy, jitter*, changes a lot with the data
bias and variance: too simple … too wobbl*, underfit* … overfit*, two kinds of error, irreducible
bagging: resampl*, bootstrap*, combine many models, combine several models, average … predictions, many trees,
    committee, vote, average of many models, wisdom of the crowd
boosting: weak learner, one after another … mistake, fix … mistake, corrects the previous, correct … previous,
    catboost, gbm, gbdt
regression metrics, MAE and RMSE: average miss, typical miss, how far off, punish* outlier, mape, huber, r2
time-based split: by date, by time, past … future, future … past, tomorrow, backtest*
drift, monitoring: data look* different, data changed, world changed, gone stale, worse over time, rots, gets old,
    silently, after release, after launch, once it is live, keep an eye, keeps working, still works, become worse,
    becomes worse
deployment: in production, go live, goes live, put online, ship, serve, web service, api, other application, end
    point, make available, customers can use, put to use, put into use, into something other, call* over, docker,
    torchscript, endpoint, microservice
listings, bookings: flat, apartment, rental, accommodation, holiday home, lodging, place to stay, airbnb, room
cold start: brand new, no history, newcomer, first time user, nothing is known
baseline: dumb model, simple rule, trivial model, beat first, compare it with, simplest thing
tokenisation: raw text, text into numbers, words not in the vocabulary, unknown words, chop*, cut into piece, cut up,
    split into piece, word piece, subword, break … words, sentencepiece, oov
word embeddings: similar words, similar ones lie close, word … vector, king and queen, words into numbers, words as
    numbers, words into vectors, meaning of words, words … vector, fasttext, cbow
large language model: chatbot, chat bot, assistant, chatgpt, giant model, huge model
language model: next word, next token, predict the next, autocomplete
self-attention: every other word, all other words, look at each other, which words matter, words … attend
positional encoding: told where, where in the sequence, position of each, shuffle the words, order does not matter,
    word order, order of the words, order of words, which word comes first, where each word
causal mask: see the future, look ahead, future words, later words, later tokens, lower triangular, tril
encoder-decoder attention: google translate, under the hood … translat*, translat*, sequence into another, one
    language, luong
sampling temperature: randomness, creativ*, more random, less random, varied answers, decoding strateg*
KV cache: store … keys, stored keys, already computed, computed before, compute* again, keep the keys, reuse the keys,
    do not recompute, without recomputing, earlier tokens again, prefill
cost of attention, long context: grows with the length, quadratic*, slower … longer, conversation grow*, doubl* the
    length, long text, long document, long input, long context, twice as long
retrieval-augmented generation: look up document, look up … first, search* document, feed* document, own documents,
    hand* it document, handing it, give it my own, my own files, new facts, company documents, make stuff up, makes
    things up, hallucinat*, vector database
LoRA, low-rank adaptation: few extra weights, small add-on, adapter, without a big gpu, without … gpu, cheap
    fine-tun*, small fraction … parameter, few parameters, small part … parameter, cheaply adapt, adapt … cheaply,
    huge … cheaply
preference tuning: preferred answer, helpful and harmless, polite, what people prefer, human feedback, human judg*,
    people's judg*, thumbs up, which answer … better, which reply, sycophan*
pretraining: read* the internet, huge text, lots of text, whole web
perplexity: how surprised, surprise, how many choices
generative adversarial network: forger, counterfeit*, detective, fake, two networks … against, two nets … against,
    compet*, opponent, adversar*, play against, fool*, realistic image
mode collapse, GAN training: always the same image, same picture again, only one kind of image
autoencoder: rebuild*, reconstruct*, compress* … input, squeeze … input, bottleneck, copy its input, undercomplete
variational autoencoder: bell-curve, bell curve, gaussian code, sample new ones, reparameteri*
diffusion: starts from noise, starting from noise, pure noise, noisy image, step by step … noise, remove noise, take
    away noise, noise is removed, denois*, from pure noise, step by step noise
contrastive learning: two versions of, two crops, same image … different, unlabelled image, pull … together, push …
    apart, push … away, two views, similar … close, triplet
transfer learning: reus*, borrow*, pretrained, pre-trained, knowledge from one, head start, trained on something else,
    few labelled, few images, little labelled, start from a trained, already trained, feature extractor
freeze or fine-tune: frozen, freez*, last layer, last bit, last few layers, backbone, whole pretrained
quantisation: fewer bits, eight bit, 8-bit, 8 bit, smaller numbers, whole numbers, less precise weights, compress the
    model, smaller and faster, smaller … memory, run … phone, fit* on a phone, small device, edge device, int4, ptq,
    qat
object detection: where … objects are, which objects, find* objects, locate*, box around, boxes, bounding box, several
    things in, find things in, where things are, ssd
segmentation: label every, street scene, mask of, every pixel, each pixel, pixel by pixel, outline, cut out objects,
    unet, deeplab, miou
mean average precision: quality of … boxes, predicted boxes … number, boxes … one number, score … detector, how good …
    detector, judge … detector
focal loss: easy example, easy background, easy negatives, hard examples
vision transformer: patch, squares of the image, image as words, image in pieces, deit
OpenCV: colours swapped, blue faces, red and blue, bgr
training and evaluation mode: .eval, eval mode, before testing, switch … before, mode before predict*
zero the gradients: reset the gradient, forgot to reset, forget to reset, clear the gradient, gradients add up
save and load a checkpoint: continue training later, pick up where, store the model, power cut, keep the weights,
    resume, crash*, interrupt*, start again where, store … training
data loader: worker, feeding data, load* and batch*, read* from disk, feed the data, load* data, reads the files,
    worker process
project pitch: something you built, something you made, what have you built, what did you build, elevator pitch
looking back at the project: do differently, do it again, if you started over, with hindsight, learn* from the project
odds, logistic coefficients: odds, log-odds, dummy variable, yes/no feature, boolean, coefficient
when not to use deep learning: advise against, overkill, too much effort, sledgehammer, simpler … enough, rather use …
    forest, instead of a neural
BERT and GPT: fills in blanks, fill in blanks, fills in the blank, fills gaps, gaps, masked word, hidden word,
    continues a text
single-layer perceptron: only one layer, one layer of weights, single layer of weights, without hidden layers, no
    hidden layer, minsky
bias: offset, constant … added, plus b, shift*, intercept
role of the weights: strength of … connection, strength … input, importance of each input, how much each input
batch or stochastic gradient descent: entire data set, whole data set, all the data, every example at once, full
    batch, one example
gated recurrent unit: leaner, simpler gated, two gates, lighter version, fewer gates
Adam: running mean, running average, adapts the step, own step, step … each weight, step … every weight, step … each
    parameter
RMSprop: recent size, recent squared, squared gradient, divide … gradient, divide … slope
project: your own work, your work, project of yours, worked on, something you did, your own system
tools and frameworks of the project: which tools, what tools, which library, which software, software … use*
sentiment rater: positive words, negative words, rate* review, good or bad review, mood of, opinion of a text
data structures: how … data … stored, how … data … held, how … data … represented, ways to store
supervised and unsupervised tasks: with labels … without, with and without labels, with a teacher, with an answer key
output size of a convolution: bigger than the image, larger than the image, filter … larger, filter … bigger, how
    large … output, how big … output, window bigger
multi-head attention: several smaller, several attention, side by side, in parallel … attention, many attention
attention scaling: divide* … dot product, dot product … large, square root of the dimension, divide* by the square
    root
booking metric: ranking of, quality of the ranking, good … ranking, order of the results
recommender baselines: recommender … compared, beat, popular items
GAN training trouble, mode collapse: training … generator … fail*, competing networks … wrong, gan … wrong, generator
    gets stuck, balance between the two
logging curves, training log: loss goes down … validation goes up, training loss fall*, validation loss rise*, loss
    curve, what do you see
forward propagation: input becomes, layer by layer, from input to output
image through a CNN: picture goes in, what happens in between, from pixels to
remedies for underfitting: badly even on, poor even on, does badly on its own training, bad on training
remedies for overfitting: gap between training and validation, gap … test, close the gap, keep … from memoris*, stop …
    memoris*
kinds, types: family, families, sorts, flavour, variety, varieties
advantages and disadvantages: pros and cons, pros & cons, upside, downside, good and bad
difference: tell apart, vs, versus, not the same as
vanishing gradients, LSTM: constant error carousel, gradient highway
Boltzmann machine: hopfield
choosing an activation function: swish
Adam and other optimisers: adadelta, nadam, lion, adaptive optimi*, which optimi*
why TensorFlow: tensorboard
ROC and PR curves: auroc, auprc
kinds of networks: zoo, taxonomy
"""

_ENDING = r"(?:s|es|d|ed|ing)?"
_BETWEEN = r"(?:\W+\w+){0,6}?\W+"


def in_terms(query: str) -> str:
    """The query, followed by the terms that its everyday words stand for."""
    lower = query.lower()
    found = (term for term, pattern in _patterns() if pattern.search(query))
    added = [term for term in found if term.lower() not in lower]
    return f"{query} ({', '.join(added)})" if added else query


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries = (entry.split(": ", 1) for entry in SAYINGS.replace("\n    ", " ").strip().splitlines())
    return tuple((term, _pattern(sayings)) for term, sayings in entries)


def _pattern(sayings: str) -> re.Pattern[str]:
    every = "|".join(_phrase(saying.split()) for saying in sayings.split(", "))
    return re.compile(rf"(?<!\w)(?:{every})(?!\w)", re.IGNORECASE)


def _phrase(words: Sequence[str]) -> str:
    """The words one after another; `…` is a gap."""
    parts = [""]
    for word in words:
        if word == "…":
            parts[-1] += _BETWEEN
            parts.append("")
        else:
            parts[-1] += (r"\s+" if parts[-1] else "") + _word(word)
    return "".join(parts)


def _word(word: str) -> str:
    return re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else _ENDING)
