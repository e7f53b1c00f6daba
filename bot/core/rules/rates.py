"""Learning rates that are far off, by the optimiser and by what the run did. The merely unusual is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.core.rules.looking import ADAPTIVE, Look, number, place, places, whole
from bot.core.training import Finding

#: By kind of optimiser: far too high; high enough for NaN or a stuck loss to be its doing; low enough for a loss that
#: hardly moves to be its doing; far too low. For SGD they hold without momentum: .9 makes steps ten times longer.
#: Tried on the MLP of the task, 784-256-128-10, batches of 64, one to five epochs.
ADAPTIVE_RATES = (0.09, 0.02, 5e-5, 5e-6)
SGD_RATES = (3.0, 0.3, 2e-3, 1.5e-4)
#: Schedules that set the learning rate themselves, so that the one given at first says little.
SETTING = ("OneCycleLR", "LambdaLR", "CyclicLR", "MultiplicativeLR", "LinearLR", "SequentialLR", "ChainedScheduler")
STUCK = 2.15
HARDLY_MOVED = 0.9


def _bounds(look: Look) -> tuple[float, float, float, float] | None:
    name = look.facts.get("optimizer")
    if name in ADAPTIVE:
        return ADAPTIVE_RATES
    if name != "SGD" or look.facts.get("optimizer_own"):
        return None
    momentum = number(place(look.facts.get("optimizer_options")).get("momentum")) or 0.0
    longer = 1 / (1 - momentum) if 0 <= momentum < 1 else 1.0
    high, suspect, slow, low = SGD_RATES
    return high / longer, suspect / longer, slow / longer, low / longer


def learning_rate(look: Look) -> Iterator[Finding]:
    rate, bounds = look.rate, _bounds(look)
    if not look.torch or rate is None or rate < 0 or bounds is None or look.learned or _set_otherwise(look):
        return
    high, suspect, slow, low = bounds
    told = f"{rate:g} is"
    who = f"a learning rate of {rate:g} for {look.facts.get('optimizer')}"
    line = _line(look)
    if rate >= high or (rate >= suspect and _diverged(look)):
        yield look.finding("learning-rate-too-high", line, f"{{code}}{{on}} sets {who}: {told} far too high.")
    elif (rate <= low and not _raw(look)) or (rate <= slow and _hardly_moved(look)):
        yield look.finding("learning-rate-too-low", line, f"{{code}}{{on}} sets {who}: {told} far too low.")


def far_off(look: Look) -> bool:
    """True where the rate is wrong by itself, whatever a run did with it."""
    rate, bounds = look.rate, _bounds(look)
    return rate is not None and bounds is not None and not bounds[3] < rate < bounds[0]


def _line(look: Look) -> int | None:
    """The optimiser's line, or the update's where it is written by hand."""
    return whole(look.facts.get("optimizer_line"))


def _set_otherwise(look: Look) -> bool:
    names = [str(one.get("name", "")) for one in places(look.signs.get("scheduled"))]
    return any(name in SETTING for name in names) or look.signs.get("anneals") is True


def _diverged(look: Look) -> bool:
    """True when the run shows what too long steps do, and the pixels are not to blame."""
    if _raw(look):
        return False
    first, last = number(look.seen.get("first_loss")), look.late_loss
    if look.seen.get("nan_at_step") is not None:
        return True
    trained = (number(look.seen.get("epochs_seen")) or 0) >= 0.5
    return trained and last is not None and first is not None and last > max(STUCK, 0.93 * first)


def _raw(look: Look) -> bool:
    """True where the pixels come as 0 to 255: then steps are long for another reason."""
    most = number(place(look.seen.get("model_input")).get("max"))
    return most > 20 if most is not None else not look.facts.get("scaling")


def _hardly_moved(look: Look) -> bool:
    first, last = number(look.seen.get("first_loss")), look.late_loss
    trained = (number(look.seen.get("epochs_seen")) or 0) >= 0.9
    return trained and first is not None and last is not None and HARDLY_MOVED * first < last < 1.02 * first


RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (learning_rate,)
