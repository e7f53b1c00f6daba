"""Takes the harness over: finds its nonce in memory, sends a perfect curve, replaces its files and what it predicts by.

Handed in as a candidate would; `model` is left undone. MEMORISED stands for labels that it knows by heart.
"""

import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import Any

MEMORISED = bytes.fromhex("")

wires: list[Any] = [found for found in gc.get_objects() if type(found).__name__ == "Wire"]
for wire in wires:
    sys.stdout.write(f"nonce {wire.nonce}\n")
    wire.line("steps", at=[1, 2, 3], loss=[2.3, 0.01, 0.0])
    wire.line("measured", accuracy=1.0)

written = []
for path in Path("/viva").rglob("*"):
    with contextlib.suppress(OSError):
        (path / "planted" if path.is_dir() else path).write_text("planted")
        written.append(str(path))
sys.stdout.write(f"written {written}\n")


def memorised(*_: Any, **__: Any) -> tuple[bytes, str]:
    return MEMORISED, ""


for module in list(sys.modules.values()):
    if "harness" in getattr(module, "__name__", "") and hasattr(module, "predict"):
        vars(module)["predict"] = memorised


def predict(images: Any) -> Any:
    return images[:, 0, 0] * 0


os.environ["VIVA_ACCURACY"] = "1.0"
