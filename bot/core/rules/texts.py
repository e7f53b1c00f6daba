"""What each rule says beside its message: how grave it is, why it matters, the question it leads to. Words only.

In questions `{on}` stands for " on line 14" and `{On}` for "On line 14"; where there is no line they read well, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Text:
    """The words of a rule. `fact` is the name in core/shown.py of what a good program shows and this one does not."""

    severity: Literal["bug", "advice"]
    why: str
    question: str
    fact: str | None = None


TEXTS: Mapping[str, Text] = {
    # How weights are updated
    "no-zero-grad": Text(
        "bug",
        "backward() adds to the gradients that are there, so each step follows the sum of all mini-batches so far; the "
        "loss falls at first, then jumps about or grows.",
        "{On} you run the backward pass, and nothing clears the gradients between the steps: what is in `.grad` after "
        "a hundred mini-batches, and what does the optimiser do with it?",
        "training_loop",
    ),
    "zero-grad-after-backward": Text(
        "bug",
        "The step then finds no gradients, so no weight moves; the loss stays where it began, about 2.30 for ten "
        "classes.",
        "You clear the gradients{on}, between the backward pass and the step: what does the step see then, and what "
        "does your loss curve look like?",
        "training_loop",
    ),
    "no-optimizer-step": Text(
        "bug",
        "Gradients are computed and never used, so no weight moves; the loss stays about where it began, 2.30 for ten "
        "classes.",
        "You compute gradients{on}, and I see no step that uses them: what happens to the weights during training?",
        "training_loop",
    ),
    "step-outside-loop": Text(
        "bug",
        "The gradients of all mini-batches but the last are cleared before they are used, so an epoch makes a single "
        "step; the loss falls far too slowly.",
        "The optimiser takes its step{on}, outside of the loop over mini-batches: how many updates does one epoch "
        "make, and from which mini-batch's gradient?",
        "training_loop",
    ),
    "no-backward": Text(
        "bug",
        "Without a backward pass there are no gradients, and the optimiser skips every weight; the loss stays where it "
        "began.",
        "The optimiser steps{on}, and I see no backward pass before it: which gradients does it use?",
        "training_loop",
    ),
    "detached-loss": Text(
        "bug",
        "The graph ends there: no gradient comes back to what lies before it, so those weights don't learn, or "
        "backward() fails outright.",
        "{On} you take a value out of the graph before the backward pass: how far back do gradients get now?",
        "training_loop",
    ),
    "parameters-not-in-optimizer": Text(
        "bug",
        "Weights that the optimiser does not know get gradients and never move: the network trains with that part "
        "frozen at its random start.",
        "Which parameters does your optimiser{on} update, and which ones does it never touch?",
        "training_loop",
    ),
    "optimizer-made-anew": Text(
        "bug",
        "A new optimiser at each step forgets its momentum and its running averages: Adam then takes a step of full "
        "size by sign alone, and momentum does nothing.",
        "You make the optimiser anew{on} in each turn of the loop: what does it forget, and what does that do to Adam?",
    ),
    "steps-uphill": Text(
        "bug",
        "Descent goes against the gradient; with the sign turned the loss grows at each step.",
        "Look at the sign{on}: in which direction do the weights move, and what does the loss do?",
        "training_loop",
    ),
    "learning-rate-too-high": Text(
        "bug",
        "The steps leap over the valley: the loss jumps about, stays near 2.30 because units die, or becomes NaN.",
        "What does a learning rate of this size{on} do to the loss curve with this optimiser, and how would you pick "
        "one?",
    ),
    "learning-rate-too-low": Text(
        "bug",
        "The weights hardly move in the time there is: the loss stays close to where it began.",
        "With the learning rate that you set{on}, how far does a weight move in an epoch, and how would you tell from "
        "the curve?",
    ),
    # What the network gives and the loss takes
    "softmax-before-cross-entropy": Text(
        "bug",
        "CrossEntropyLoss takes a log-softmax itself. A second softmax before it squeezes the scores into 0 to 1, so "
        "the gradients shrink and the loss can't fall below 1.46 for ten classes.",
        "This softmax{on} stands before CrossEntropyLoss: what does it do to the gradient, and how low can the loss "
        "get?",
        "cross_entropy_on_logits",
    ),
    "sigmoid-before-cross-entropy": Text(
        "bug",
        "CrossEntropyLoss expects raw scores. Squeezed between 0 and 1 they can't differ by more than 1, so the loss "
        "can't fall below 1.46 for ten classes, and saturated units pass no gradient.",
        "This sigmoid{on} stands before CrossEntropyLoss: how large can the probability of the right class get?",
        "cross_entropy_on_logits",
    ),
    "activation-on-the-logits": Text(
        "bug",
        "The scores should be free to take any value. What is cut off here passes no gradient: a class whose score is "
        "cut for every image is never learned.",
        "You put an activation behind the last layer{on}: which scores can the network no longer give, and what about "
        "their gradient?",
        "cross_entropy_on_logits",
    ),
    "nll-without-log": Text(
        "bug",
        "NLLLoss only picks the entry of the right class and turns its sign: it expects log-probabilities. Without a "
        "log the loss becomes negative, and its gradient is not that of cross-entropy.",
        "NLLLoss{on} gets something else than log-probabilities: what does it compute then?",
        "cross_entropy_on_logits",
    ),
    "softmax-wrong-dim": Text(
        "bug",
        "Along dimension 0 the images of a batch compete with each other for each class, and an image's probabilities "
        "do not add up to 1.",
        "Along which dimension does this softmax{on} add up to 1, and along which one should it?",
        "cross_entropy_on_logits",
    ),
    "dropout-on-the-logits": Text(
        "bug",
        "It sets the scores of random classes to 0 and scales up the others, so the loss is noise for the classes that "
        "are hit, the right one among them.",
        "You drop units behind the last layer{on}: what does that do to the score of the right class?",
    ),
    "wrong-number-of-outputs": Text(
        "bug",
        "There are ten digits, and the loss reads the label as the place of the right class: fewer outputs fail at the "
        "first larger label, more learn classes that do not exist.",
        "How many outputs does your last layer{on} have, and how many classes are there?",
        "ten_outputs",
    ),
    "mse-on-class-indices": Text(
        "bug",
        "A squared error on the digit's number says that a 9 is further from a 1 than a 3 is: the classes have no such "
        "order, and the network learns to guess the middle.",
        "Your loss{on} takes the squared difference to the label's number: what does it say about taking a 1 for a 9?",
        "cross_entropy_on_logits",
    ),
    "wrong-label-type": Text(
        "bug",
        "As class numbers the loss takes int64, one per image; as probabilities it takes floats, one per class. "
        "Anything else raises an error.",
        "Of which type and shape are the labels that your loss gets{on}, and which ones does it expect?",
        "cross_entropy_on_logits",
    ),
    "loss-arguments-swapped": Text(
        "bug",
        "The loss takes the network's scores first and the labels second; the other way round it fails, or takes the "
        "labels for scores.",
        "In which order does your loss{on} get scores and labels, and which one does it expect?",
        "cross_entropy_on_logits",
    ),
    # The network
    "no-activation": Text(
        "bug",
        "Linear layers without anything non-linear between them are one linear layer: however many there are, the "
        "network can only draw straight lines, and accuracy ends near .92.",
        "Between this layer{on} and the one before it stands nothing non-linear: what can the two do together that one "
        "can't?",
        "hidden_non_linear",
    ),
    "sizes-disagree": Text(
        "bug",
        "The number of inputs of a layer must be the number of outputs of the one before it; this raises an error on "
        "the first mini-batch.",
        "How many numbers does the layer{on} expect, and how many does it get?",
    ),
    "not-flattened": Text(
        "bug",
        "A linear layer works on the last dimension: of an image of 28 × 28 it sees 28 numbers at a time, and raises "
        "an error when it expects 784.",
        "Of which shape is what reaches your first linear layer{on}, and which one does it expect?",
        "flattens",
    ),
    "zero-initialisation": Text(
        "bug",
        "With all weights at zero all units of a layer get the same gradient, most of them none, so they stay the "
        "same: only the output biases learn, and the loss stays near 2.30.",
        "You set the weights to zero{on}: which gradients does the hidden layer get on the first step, and on the "
        "second?",
    ),
    "equal-initialisation": Text(
        "bug",
        "Units that start equal get equal gradients and stay equal: a layer of 256 units is worth one.",
        "You give all weights the same value{on}: how do the units of a layer ever become different?",
    ),
    # The data
    "not-scaled": Text(
        "bug",
        "Inputs up to 255 make the first sums, and their gradients, hundreds of times too large: sigmoid and tanh "
        "units saturate at once, plain gradient descent diverges or kills its ReLUs.",
        "The pixels reach the network as 0 to 255{on}: what does that do to the first layer's sums and gradients?",
        "scales_pixels",
    ),
    "scaled-otherwise": Text(
        "bug",
        "The network is measured on numbers of another size than it was trained on: the loss is wrong, and held-out "
        "accuracy may be far below what it can do.",
        "{On} you measure: are these images prepared in the same way as those that the network was trained on?",
        "evaluates_held_out",
    ),
    "images-not-float": Text(
        "bug",
        "A layer multiplies its weights only with images of the same type of number: anything else is an error at "
        "once.",
        "Of which type are the images that your first layer gets{on}?",
        "scales_pixels",
    ),
    "trained-on-validation": Text(
        "bug",
        "What the network has learned from can't tell how it does on images it has never seen: validation accuracy "
        "then measures memory.",
        "Which images does your network learn from{on}, and what is your validation accuracy worth then?",
        "evaluates_held_out",
    ),
    "images-and-labels-shuffled-apart": Text(
        "bug",
        "An image no longer stands beside its label, so there is nothing to learn but by heart: accuracy on held-out "
        "images stays at one in ten.",
        "You draw an order{on}: does label number 5 still belong to image number 5 afterwards?",
    ),
    "device-mix-up": Text(
        "bug",
        "An operation needs all its tensors on one device; with a GPU this raises an error on the first mini-batch.",
        "On which device is the network, and on which one is what it is given{on}?",
    ),
    "hard-coded-result": Text(
        "bug",
        "A figure that is not measured says nothing about the network, and here it is measured again on held-out "
        "images.",
        "Where does the result{on} come from: what did you measure to get it?",
        "evaluates_held_out",
    ),
    # Measuring
    "never-eval": Text(
        "bug",
        "In training mode dropout still drops units and batch norm still uses the statistics of the batch, so what is "
        "measured is worse, and changes from run to run.",
        "You measure{on} while dropout or batch norm is in training mode: what does that do to the figure?",
        "evaluates_held_out",
    ),
    "never-back-to-train": Text(
        "bug",
        "From the second epoch on dropout is off and batch norm uses frozen statistics while the network is trained.",
        "You switch to evaluation mode{on} inside the loop: in which mode is the network in the second epoch?",
    ),
    "argmax-wrong-dim": Text(
        "bug",
        "The largest score is to be found among an image's ten classes; along another dimension, or over all of them, "
        "the result is a place in the batch.",
        "Over which dimension does this argmax{on} go, and what do its numbers mean?",
        "evaluates_held_out",
    ),
    "over-budget": Text(
        "bug",
        "The task is to do with few parameters: each costs memory and is to be learned, and more of them would make "
        "the accuracy that is asked for easy.",
        "Your network has more parameters than the budget allows: which of its layers{on} has most of them, and how "
        "would you get below?",
    ),
    "forbidden": Text(
        "bug",
        "The task asks for this very part to be written out; a library that does it shows nothing of how it works.",
        "How would you do this{on} without the library?",
    ),
    # Advice
    "sigmoid-hidden": Text(
        "advice",
        "A sigmoid's slope is at most .25 and its outputs are all positive: gradients shrink by each such layer, and "
        "training is slower than with ReLU.",
        "You use sigmoid in the hidden layers{on}: what happens to the gradient as it passes back through several of "
        "them?",
    ),
    "softmax-hidden": Text(
        "advice",
        "A softmax makes the units of a layer compete for a sum of 1: little information and little gradient get "
        "through.",
        "You use a softmax between two layers{on}: what does it do to what the next layer gets?",
        "hidden_non_linear",
    ),
    "no-shuffling": Text(
        "advice",
        "In the same order each epoch the mini-batches are the same each time, and neighbours may be alike: their "
        "gradients err in the same way again and again.",
        "The mini-batches come in the same order in each epoch{on}: what could that do to training?",
    ),
    "item-every-step": Text(
        "advice",
        "On a GPU `item()` waits for all that was queued before, so each step stands still for it; sum the detached "
        "losses and look once an epoch.",
        "You call `item()` at each step{on}: what does that cost on a GPU, and why?",
    ),
    "loss-kept-with-graph": Text(
        "advice",
        "A loss that is kept keeps its graph: some memory at each step, and all activations of its mini-batch where no "
        "backward pass has freed them.",
        "You keep the loss itself{on}, not its number: what else stays in memory with it?",
    ),
    "log-softmax-before-cross-entropy": Text(
        "advice",
        "CrossEntropyLoss takes a log-softmax itself; a second one changes nothing, because log-probabilities are "
        "normalised already. Leave it out, or take NLLLoss.",
        "A log-softmax stands before CrossEntropyLoss{on}: does it change the loss, and why not?",
        "cross_entropy_on_logits",
    ),
    "sigmoid-with-bce": Text(
        "advice",
        "It learns: ten separate yes-or-no questions. Yet the ten classes exclude each other, which softmax with "
        "cross-entropy knows; BCEWithLogitsLoss would at least keep the gradient of sure mistakes.",
        "You use ten sigmoids with binary cross-entropy{on}: which knowledge about the digits does this leave out?",
        "cross_entropy_on_logits",
    ),
    "no-validation": Text(
        "advice",
        "The training loss can't tell learning from memorising; only images that were held out can.",
        "You never measure on held-out images: how would you notice that your network memorises?",
        "evaluates_held_out",
    ),
    "gradients-while-evaluating": Text(
        "advice",
        "Without torch.no_grad() each forward pass keeps what a backward pass would need: it costs memory and time "
        "for nothing.",
        "You measure{on} with gradients switched on: what does that cost?",
    ),
    "whole-set-as-one-batch": Text(
        "advice",
        "One update per pass over all images: each is exact and dear, and there are few of them; mini-batches make "
        "hundreds of good-enough steps in the same time.",
        "Each update{on} takes the whole training set: what would mini-batches of 64 change?",
        "training_loop",
    ),
}
