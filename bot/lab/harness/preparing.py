"""How images become a network's inputs: shape, type and scaling, learnt from what it was seen to train on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness.graphs import PIXELS

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from bot.lab.harness.looking import Looks
    from bot.lab.harness.mnist import Mnist

PADDED = 32 * 32
MOST_ROWS = 512
# Scalings that people use, by scale and shift of a pixel from 0 to 255; mean and deviation are MNIST's.
USUAL = ((1 / 255, 0.0), (2 / 255, -1.0), (1 / 255 / 0.3081, -0.1307 / 0.3081), (1.0, 0.0))
NEAR = 0.02  # of the range: what counts as one of them


@dataclass(frozen=True)
class Preparation:
    """`shape` is one image's. `kind` says how the scaling is known: affine, per pixel, per image, binary, or guessed
    from the range (range), or nothing was seen (assumed). `alone` means that images were given without a batch."""

    shape: tuple[int, ...] = (28, 28)
    dtype: torch.dtype = torch.float32
    kind: str = "assumed"
    scale: float | Tensor = 1 / 255
    shift: float | Tensor = 0.0
    alone: bool = False

    @property
    def certain(self) -> bool:
        return self.kind in ("affine", "per pixel")

    def __call__(self, images: Tensor) -> Tensor:
        """Images, uint8 N×28×28, as inputs."""
        flat = images.reshape(len(images), PIXELS).to(torch.float64 if self.dtype == torch.float64 else torch.float32)
        if self.kind == "per image":
            flat = flat / 255
            flat = (flat - flat.mean(dim=1, keepdim=True)) / flat.std(dim=1, keepdim=True).clamp_min(1e-6)
        elif self.kind == "binary":
            flat = (flat > 127).to(flat.dtype)
        return self.shaped(flat * self.scale + self.shift).to(self.dtype)

    def shaped(self, flat: Tensor) -> Tensor:
        size = 1
        for length in self.shape:
            size *= length
        if size == PADDED:
            images = flat.reshape(-1, 28, 28)
            flat = torch.nn.functional.pad(images, (2, 2, 2, 2), value=float(images.min())).reshape(-1, PADDED)
        elif size == 3 * PIXELS:
            flat = flat.repeat(1, 3)
        return flat.reshape(-1, *self.shape) if flat.shape[1] == size else flat.reshape(-1, 28, 28)

    def pixels(self, rows: Tensor) -> Tensor:
        """Inputs, one a row, back to bytes: only where the scaling is certain."""
        rows = core(rows.reshape(len(rows), -1)).to("cpu", torch.float64)
        scale = torch.as_tensor(self.scale, dtype=torch.float64, device="cpu")
        whole = (rows - self.shift) / torch.where(scale == 0, torch.inf, scale)
        return whole.round().clamp(0, 255).to(torch.uint8)

    def others(self) -> Iterator[Preparation]:
        """What else it might be, this one first."""
        yield self
        if not self.certain and self.dtype.is_floating_point:
            for scale, shift in USUAL:
                yield replace(self, kind="range", scale=scale, shift=shift)

    def facts(self) -> dict[str, Any]:
        plain = {
            name: value for name, value in (("scale", self.scale), ("shift", self.shift)) if isinstance(value, float)
        }
        return {"kind": self.kind, **({} if self.kind in ("per image", "binary") else plain)}


def learn(looks: Looks, mnist: Mnist, module: Module | None) -> Preparation:
    """What the network was seen to be given; pixels/255 in the shape of the images where nothing was seen."""
    root = looks.roots.get(id(module)) if module is not None else looks.last
    root = root or looks.last
    shape, dtype = (root.shape, root.dtype) if root else (looks.input_shape, torch.float32)
    if looks.first is not None and (not root or not root.shape):
        dtype = looks.first.dtype
    rows = rows_of(looks)
    if not shape or rows is None:
        return Preparation()
    alone = numel(shape) == PIXELS and (len(shape) == 1 or tuple(shape) == (28, 28))
    start = Preparation(tuple(shape) if alone else tuple(shape[1:]), dtype, alone=alone)
    return scaled(start, rows, mnist)


def numel(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def rows_of(looks: Looks) -> Tensor | None:
    """Inputs that were looked at, one a row, as far as they are images."""
    if looks.first is None:
        return None
    first = looks.first
    pieces = [first.reshape(1, -1) if first.numel() == PIXELS else first.reshape(len(first), -1)]
    pieces += [rows for rows, _ in looks.batches if rows.shape[1] == pieces[0].shape[1]]
    rows = core(torch.cat(pieces)[:MOST_ROWS].to("cpu", torch.float64))
    return rows if rows.shape[1] == PIXELS and bool(rows.isfinite().all()) else None


def core(rows: Tensor) -> Tensor:
    """The 784 pixels of rows that were padded or have three equal channels."""
    if rows.shape[1] == PADDED:
        return rows.reshape(-1, 32, 32)[:, 2:30, 2:30].reshape(-1, PIXELS)
    return rows[:, :PIXELS] if rows.shape[1] == 3 * PIXELS else rows


def scaled(start: Preparation, rows: Tensor, mnist: Mnist) -> Preparation:
    low, high = float(rows.min()), float(rows.max())
    if low == high:
        return start
    if len(rows) > 1 and bool(((rows == low) | (rows == high)).all()):
        return replace(start, kind="binary", scale=high - low, shift=low)
    scale, shift = affine(rows, low, high)
    if scale:
        return replace(start, kind="affine", scale=scale, shift=shift)
    if per_image(rows):
        return replace(start, kind="per image", scale=1.0, shift=0.0)
    per_pixel = by_pixel(rows, mnist)
    if per_pixel is not None:
        return replace(start, kind="per pixel", scale=per_pixel[0], shift=per_pixel[1])
    scale, shift = by_range(rows, low, high, mnist)
    return replace(start, kind="range", scale=scale, shift=shift)


def affine(rows: Tensor, low: float, high: float) -> tuple[float, float]:
    """Scale and shift under which all values are whole numbers of bytes, or zeros.

    Most pixels of a digit are background, so the median is what a pixel of 0 became; the value farthest from it is that
    of the brightest pixel, which is nearly always 255.
    """
    shift = float(rows.median())
    far = high if high - shift >= shift - low else low
    ink = rows[rows != shift]
    for brightest in range(255, 199, -1):
        scale = (far - shift) / brightest
        bytes_ = (ink - shift) / scale
        off = (bytes_ - bytes_.round()).abs()
        if float((off < 0.2).double().mean()) > 0.995 and float(off.mean()) < 0.05 and float(bytes_.min()) > -0.5:
            return scale, 0.0 if abs(shift) < 1e-9 else shift
    return 0.0, 0.0


def per_image(rows: Tensor) -> bool:
    return bool((rows.mean(dim=1).abs() < 1e-3).all()) and bool(((rows.std(dim=1) - 1).abs() < 1e-2).all())


def by_pixel(rows: Tensor, mnist: Mnist) -> tuple[Tensor, Tensor] | None:
    """Scale and shift of each pixel, where each was standardised by its own mean and deviation over all rows."""
    if len(rows) < 32:
        return None
    mean, deviation = moments(mnist)
    inked = deviation > 25
    spread = rows[:, inked].std(dim=0)
    if float(spread.std() / spread.mean()) > 0.3 or abs(float(spread.mean()) - 1) > 0.2:
        return None
    scale = torch.where(deviation > 0, 1 / deviation.clamp_min(1e-9), 0.0)
    return scale.float(), (-mean * scale).float()


def moments(mnist: Mnist) -> tuple[Tensor, Tensor]:
    """Mean and deviation of every pixel over the training rows, a piece at a time."""
    images = mnist.whole()[0][: mnist.training_rows].reshape(-1, PIXELS)
    total = torch.zeros(PIXELS, dtype=torch.float64, device="cpu")
    squares = torch.zeros_like(total)
    for piece in torch.split(images, 4096):
        values = piece.double()
        total += values.sum(dim=0)
        squares += (values * values).sum(dim=0)
    mean = total / len(images)
    return mean, (squares / len(images) - mean * mean).clamp_min(0).sqrt()


def by_range(rows: Tensor, low: float, high: float, mnist: Mnist) -> tuple[float, float]:
    """A usual scaling of that range, else one that gives pixels the same mean and deviation as the inputs."""
    for scale, shift in USUAL:
        slack = NEAR * 255 * scale
        if abs(low - shift) < slack and abs(high - (255 * scale + shift)) < slack:
            return scale, shift
    some = mnist.whole()[0][:2000].double()
    scale = float(rows.std() / some.std())
    return scale, float(rows.mean()) - scale * float(some.mean())
