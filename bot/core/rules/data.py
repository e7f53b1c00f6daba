"""Bugs in the data: pixels not scaled, scaled otherwise, learned from what was held out, orders mixed up, devices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.core.rules.looking import LAYERS, UNSURE, Look, Place, flag, line_of, number, place, places, whole
from bot.core.training import Finding

#: Inputs that reach further than this are no pixels between 0 and 1, nor normalised ones.
SCALED = 20.0
#: Raw pixels spread by about 78. Where few reach far, as pixels that are nearly always black do when each is divided by
#: its own deviation, they are scaled all the same.
SPREAD = 5.0
#: What may scale pixels in a way that was not followed.
PERHAPS_SCALED = (
    r"/\s*=?\s*\(?\s*[\w.]*(25[56]|127|128|std|max|scale)|\.div|\*\s*=?\s*\(?\s*1\.?\d*\s*/"
    r"|normali[sz]|standardi|scale\b|\.0039"
)
WELL = 0.93
SATURATING = ("Sigmoid", "Tanh", "Hardsigmoid", "Hardtanh", "Softsign")
#: Optimisers whose steps grow with the gradient.
PROPORTIONAL = ("SGD",)
FLOATS = r"\.float\(\)|float32|\.to\(torch\.float|FloatTensor|astype\(|\.type\("
#: So many lines of a loop are looked at for what brings held-out rows into it.
INSIDE = 6
#: And so many before it, for a loop over the loaders around it.
OUTSIDE = 3
#: From so many rows on whose place in the file was found it counts that none of them was held out. A run looks at some
#: rows of some mini-batches, and held-out ones may come in a tenth of the steps, all at the end of an epoch.
ENOUGH_ROWS = 256
#: What may make floats of bytes. What is compared is an accuracy; one is divided by how many there are, too.
CONVERTS = (
    r"^(?!.*==).*(float|double|half|type|autocast|transform|\.to\((?!device\))|/\s*=?\s*(?!len|total|n_|num)|\*(?!\s*28)"
    r"|\.(div|mul|sub|add|mean|std|pow|lerp|true_divide|numpy)|(torch|np)\.(div|mul|sub|add|log|sqrt|where|tensor))"
)
HELD = r"\b\w*(valid|_val|val_|_test|test_|held)\w*\b"


def not_scaled(look: Look) -> Iterator[Finding]:
    if not look.torch or not look.digits or not (_seen_raw(look) or (not _scales(look) and _raw(look))):
        return
    line = _float_line(look)
    bends = [op.get("name") for op in look.network if op.get("kind") == "activation"]
    hidden = [name for name in bends if name in SATURATING]
    says = "{code}{on} leaves the pixels at 0 to 255 on their way into the network."
    if _unharmed(look):
        yield look.finding("not-scaled", line, says, _mild(look), "advice")
    elif look.facts.get("optimizer") in PROPORTIONAL and (look.rate is None or look.rate >= 1e-3):
        why = "Inputs up to 255 make the gradients of the first layer hundreds of times too large for plain gradient "
        why += "descent at this learning rate: the loss leaps, becomes NaN, or stays at 2.30 with dead units."
        yield look.finding("not-scaled", line, says, why)
    elif hidden:
        why = f"Sums of 784 inputs up to 255 drive {hidden[0]} units into their flat ends at once, where hardly any "
        why += "gradient gets through: learning is slow, or stops."
        yield look.finding("not-scaled", line, says, why)
    else:
        yield look.finding("not-scaled", line, says, _mild(look), "advice")


def _scales(look: Look) -> bool:
    """True where the pixels are scaled, and what comes of it is not thrown away."""
    dropped = {line_of(one) for one in places(look.signs.get("discarded"))}
    return any(line_of(one) not in dropped for one in places(look.facts.get("scaling")))


def _unharmed(look: Look) -> bool:
    """True when the run learned as well as it would have with pixels up to 1."""
    accuracy = look.outcome.accuracy if look.outcome is not None else None
    late = look.late_loss
    return accuracy > WELL if accuracy is not None else late is not None and 0 <= late < 0.3


def _mild(look: Look) -> str:
    return (
        "With an optimiser that adapts its steps and with ReLU it still learns; yet the first losses are huge, and the "
        "usual starting weights are made for inputs of about 1."
    )


def _seen_raw(look: Look) -> bool:
    given = place(look.seen.get("model_input"))
    most, spread = number(given.get("max")), number(given.get("std"))
    first = next((i for i, op in enumerate(look.network) if op.get("kind") in LAYERS), 0)
    normed = any(op.get("kind") == "norm" for op in look.network[:first])
    return most is not None and most > SCALED and (spread is None or spread > SPREAD) and not normed


def _raw(look: Look) -> bool:
    """True when the text shows pixels that reach the first layer as they were loaded."""
    if number(place(look.seen.get("model_input")).get("max")) is not None:
        return False
    known = look.loss.get("image") or place(look.signs.get("forward")).get("known")
    first = next((i for i, op in enumerate(look.network) if op.get("kind") in LAYERS), None)
    if not known or first is None or not look.has(r"\bload_mnist\s*\(") or not look.followed:
        return False
    clear = not any(op.get("kind") in ("scale", "norm", *UNSURE) for op in look.network[:first])
    return clear and not _mentions(look, PERHAPS_SCALED)


def _mentions(look: Look, pattern: str) -> bool:
    dropped = {line_of(one) for one in places(look.signs.get("discarded"))}
    return any(
        re.search(pattern, text.partition("#")[0], re.IGNORECASE) and i not in dropped and "Normalize" not in text
        for i, text in enumerate(look.lines, 1)
    )


def _float_line(look: Look) -> int | None:
    """Where the pixels become floats, or else where the network is given them."""
    dropped = next(
        (line_of(one) for one in places(look.signs.get("discarded")) if one.get("what") in ("div", "mul")), None
    )
    train = whole(look.loss.get("floated"))
    made = dropped or train or look.line_with(FLOATS)
    return made or whole(place(look.signs.get("forward")).get("line"))


def scaled_otherwise(look: Look) -> Iterator[Finding]:
    first = next((i for i, op in enumerate(look.network) if op.get("kind") in LAYERS), None)
    if first is None or not look.followed or not look.loss.get("image"):
        return
    before = look.network[:first]
    trained = any(op.get("kind") == "scale" for op in before)
    if any(op.get("kind") in UNSURE for op in before):
        return
    for one in places(look.signs.get("measures")):
        certain = one.get("layers") and one.get("image") and not one.get("unsure") and one.get("on") == "held"
        if certain and bool(one.get("scaled")) is not trained:
            how = "are scaled before they are learned from, and not" if trained else "are not scaled for training, but"
            says = f"{{code}}{{on}} measures on images prepared otherwise: pixels {how} here."
            yield look.finding("scaled-otherwise", line_of(one), says)
            return


def images_not_float(look: Look) -> Iterator[Finding]:
    fails = re.search(
        r"mat1 and mat2 must have the same dtype|[Ii]nput.*(ByteTensor|Byte|unsigned char).*(weight|bias)", look.error
    )
    if look.torch and (fails or _stay_bytes(look)):
        line = look.error_line or whole(place(look.signs.get("forward")).get("line"))
        dropped = [one for one in places(look.signs.get("discarded")) if one.get("what") == "float"]
        says = "{code}{on} gets images of another type than its weights have."
        if dropped:
            line, says = line_of(dropped[0]), "{code}{on} makes floats and throws them away: the images stay bytes."
        yield look.finding("images-not-float", line, says)


def _stay_bytes(look: Look) -> bool:
    """True where nothing was run, and nothing in the text could make other numbers of the bytes that were loaded."""
    first = next((i for i, op in enumerate(look.network) if op.get("kind") in LAYERS), None)
    if first is None or not look.followed or (look.outcome is not None and look.outcome.ran):
        return False
    direct = look.loss.get("image") and all(op.get("kind") == "flatten" for op in look.network[:first])
    return bool(direct) and look.has(r"\bload_mnist\s*\(") and not look.has(CONVERTS)


def trained_on_validation(look: Look) -> Iterator[Finding]:
    says = look.says("validation_rows_trained")
    static = look.followed and whole(look.loss.get("held")) is not None
    known = look.seen.get("rows_known", ENOUGH_ROWS)
    denied = says is False and isinstance(known, int) and known >= ENOUGH_ROWS
    if denied or not (static or says is True) or (not static and look.signs.get("split_anew")):
        return
    both = whole(look.loss.get("both"))
    if both is not None:
        text = "{code}{on} puts the held-out images among those that the network learns from."
        yield look.finding("trained-on-validation", both, text)
        return
    text = "{code}{on} brings held-out images into training."
    yield look.finding("trained-on-validation", _held_line(look), text)


def _held_line(look: Look) -> int | None:
    """Where held-out data come into the training loop: the first line in or before it that names them."""
    loop = whole(look.loss.get("held"))
    first = loop + 1 if loop is not None and "range(" in (look.code(loop) or "") else loop
    if re.search(r"\bfor\b.*\bin\b.*\[\w+\]\s*:", look.code(loop) or ""):  # loaders[phase]: the loop brings them in
        return loop
    outer = (
        look.line_with(r"\bfor\b(?!.*range\().*\bin\b.*" + HELD, max(1, loop - OUTSIDE), loop)
        if loop is not None
        else None
    )
    if outer is not None:
        return outer
    inside = look.line_with(HELD, first, first + INSIDE) if first is not None else None
    joined = look.line_with(r"(cat|concat|concatenate|vstack|ConcatDataset)\(.*" + HELD)
    made = look.line_with(r"(DataLoader|TensorDataset)\(.*" + HELD)
    return inside if inside is not None and inside == loop else joined or made or inside or loop


def shuffled_apart(look: Look) -> Iterator[Finding]:
    perms = look.loss.get("perms")
    target = place(look.loss.get("target"))
    if not look.followed or not isinstance(perms, (list, tuple)) or len(perms) != 2 or look.learned:
        return
    images, labels = perms
    same = images == labels or look.loss.get("mixed") or not look.loss.get("image") or not target.get("label")
    if same or target.get("unknown") or (whole(look.signs.get("seeds")) or 0) > 1:
        return
    drawn = [line for line in look.loss.get("drawn") or [] if isinstance(line, int)]
    if isinstance(images, list) and isinstance(labels, list) and drawn:
        one = "the images and the labels are put into two different orders" if images and labels else (
            "only the images are put into a new order" if images else "only the labels are put into a new order"
        )  # fmt: skip
        yield look.finding("images-and-labels-shuffled-apart", max(drawn), f"{{code}}{{on}} draws an order: {one}.")


def device_mix_up(look: Look) -> Iterator[Finding]:
    forward, mixed = place(look.signs.get("forward")), look.says("device_mixed")
    failed = re.search(r"same device|Input type \(torch\.(cuda\.)?\w+\) and weight type", look.error) is not None
    failed = failed or "two devices" in look.error
    if not look.torch or (mixed is False and _on_gpu(look)):
        return
    line = _dropped_move(look)
    network, given = forward.get("module"), forward.get("input")
    if look.followed and forward.get("known") and not look.has(r"set_default_device|with torch\.device|device_of"):
        if whole(network) and given is False:
            says = f"{{code}}{{on}} gives the network images that were not moved: it was, on line {network}."
            if line is not None:
                says = "{code}{on} makes a copy on the device and throws it away: the images stay where they were."
            yield look.finding("device-mix-up", line or line_of(forward), says)
            return
        if network is None and forward.get("away") is True:
            says = "{code}{on} gives images on the GPU to a network that was never moved there."
            yield look.finding("device-mix-up", line_of(forward), says)
            return
        if whole(network) and given is True and forward.get("target") is False:
            says = "{code}{on} compares scores on the device with labels that were not moved there."
            yield look.finding("device-mix-up", line or whole(look.loss.get("line")), says)
            return
    if mixed is True or failed:
        says = "{code}{on} brings together what lies on two devices."
        yield look.finding("device-mix-up", line or look.error_line or line_of(forward), says)


def _dropped_move(look: Look) -> int | None:
    dropped = places(look.signs.get("discarded"))
    return next((line_of(one) for one in dropped if one.get("what") in ("to", "cuda")), None)


def _on_gpu(look: Look) -> bool:
    devices = look.seen.get("devices")
    return isinstance(devices, (list, tuple)) and any(str(one).startswith("cuda") for one in devices)


def hard_coded_result(look: Look) -> Iterator[Finding]:
    for one in places(look.signs.get("made_up")):
        if one.get("how") == "printed":
            says = "{code}{on} prints an accuracy that was written down, not measured."
        elif one.get("how") == "looked up":
            says = "{code}{on} is a table from which `predict` looks up its answers."
        else:
            says = "{code}{on} returns what has nothing to do with the images."
        yield look.finding("hard-coded-result", line_of(one), says)
        return


def no_shuffling(look: Look) -> Iterator[Finding]:
    loops = places(look.loss.get("loops"))
    batches = bool(loops) and loops[-1].get("batches") is True
    mixed = look.signs.get("samples") or look.has(r"shuffle|perm|randint|[Ss]ampl")
    if not look.followed or ((not batches or mixed) and not _says_no(look)):
        return
    if batches and not look.signs.get("loaders") and _whole(look, loops):
        return
    loaders = [one for one in places(look.signs.get("loaders")) if one.get("on") != "held" and one.get("library")]
    line = line_of(loaders[0]) if loaders else line_of(loops[-1]) if loops else None
    says = "{code}{on} gives the mini-batches in the same order in each epoch."
    yield look.finding("no-shuffling", line, says)


def _says_no(look: Look) -> bool:
    """True where the loader of the training set, as the only one, is told not to shuffle, or not told to."""
    loaders = [one for one in places(look.signs.get("loaders")) if one.get("on") == "train" and one.get("library")]
    single = len(loaders) == 1 and flag(loaders[0].get("mixes")) is False
    return look.followed and single and not look.has(r"perm|randint|[Ss]ampler|\bshuffle\(")


def whole_set(look: Look) -> Iterator[Finding]:
    loops = places(look.loss.get("loops"))
    sizes = look.seen.get("batch_sizes")
    small = isinstance(sizes, (list, tuple)) and any(isinstance(n, int) and n < 10_000 for n in sizes)
    single = len(loops) == 1 and not any(one.get("batches") for one in loops)
    none = not look.signs.get("loaders") and not look.signs.get("samples")
    if look.followed and single and none and not small and look.loss.get("image") and _whole(look, loops):
        says = "{code}{on} takes all training images at once, for one update."
        yield look.finding("whole-set-as-one-batch", whole(look.loss.get("line")), says)


def _whole(look: Look, loops: list[Place]) -> bool:
    first, last = line_of(loops[0]), whole(look.loss.get("line"))
    inside = look.line_with(r"\[[^\]]*:[^\]]*\]|\[\s*\w+\s*\]|batch", first or 1, last)
    return inside is None


RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    not_scaled,
    scaled_otherwise,
    images_not_float,
    trained_on_validation,
    shuffled_apart,
    device_mix_up,
    hard_coded_result,
    no_shuffling,
    whole_set,
)
