"""What happens after a program has ended: what was seen is told, and what it left is asked. It runs no program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from bot.lab.harness.calling import call_all
from bot.lab.harness.leaving import Left
from bot.lab.harness.predicting import predict
from bot.lab.harness.preparing import Preparation, learn
from bot.lab.harness.seen import seen_of

if TYPE_CHECKING:
    from bot.lab.harness.program import Program
    from bot.lab.harness.watching import Watch
    from bot.lab.harness.wire import Wire

Made = TypeVar("Made")
UNREADABLE = "What your program left cannot be looked at: one of its names raises when it is."


def answer_images(wire: Wire, watch: Watch, program: Program, fault: dict[str, Any] | None) -> None:
    """The classes of the held-out images, which come once `ready` was said."""
    left = guarded(lambda: Left.of(program.names, watch.looks), Left("", why=UNREADABLE))
    way = guarded(lambda: learn(watch.looks, watch.mnist, left.module), Preparation())
    if not told(wire, watch, program, fault, left, way):
        return
    frame = wire.frame()
    if frame is None:
        return
    images = wire.images(int(frame["rows"]), tuple(frame["shape"]))
    classes, why = predict(left, way, images, watch.mnist, program.line_of)
    if classes is None:
        wire.line("none", why=why)
    else:
        wire.line_and_bytes("predictions", classes)


def answer_calls(wire: Wire, watch: Watch, program: Program, fault: dict[str, Any] | None, function: str) -> None:
    """What the function gives for each of the cases, which come once `ready` was said."""
    if not told(wire, watch, program, fault, Left(""), Preparation()):
        return
    frame = wire.frame()
    if frame is None:
        return
    called = call_all(program.names.get(function), function, frame["cases"], program.line_of)
    if called.why:
        wire.line("none", why=called.why)
    else:
        wire.line_and_bytes("values", called.values, 8, lengths=called.lengths, failed=called.failed)


def told(
    wire: Wire, watch: Watch, program: Program, fault: dict[str, Any] | None, left: Left, way: Preparation
) -> bool:
    """Tells what was seen and how it ended; True when there is something to ask."""
    nothing: dict[str, Any] = {}
    seen = guarded(lambda: seen_of(watch, left.module, program.names, way), nothing)
    wire.line("ended", seen=seen, parameters=seen.get("parameters"), predicted_by=left.by)
    if fault is not None:
        wire.line("error", error=fault)
        return False
    wire.line("ready")
    return True


def guarded(make: Callable[[], Made], otherwise: Made) -> Made:
    """What `make` gives. A program may have left anything behind, and its verdict does not hang on what was seen."""
    try:
        return make()
    except BaseException:  # a name may hold what raises anything when it is merely looked at
        return otherwise
