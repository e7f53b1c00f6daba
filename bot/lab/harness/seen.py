"""What was seen of a run, as one dict of plain values for the host's rules. Every value in it is a claim."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness.graphs import PIXELS

if TYPE_CHECKING:
    from torch.nn import Module

    from bot.lab.harness.looking import Leaf, Looks
    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.preparing import Preparation
    from bot.lab.harness.watching import Watch

MOST_MODULES = 40
EVALUATED = 100  # rows in training mode without gradients, before it is called an evaluation


def seen_of(watch: Watch, module: Module | None, names: Mapping[str, Any], way: Preparation) -> dict[str, Any]:
    """Everything, of the network that will be asked or, without one, of the weights that gradients flowed to."""
    looks = watch.looks
    last = looks.last.module if looks.last else None
    network = module if module is not None else last
    return {
        **counts(watch),
        **watch.tally.told(),
        "parameters": parameters(network, looks),
        "optimizers": [optimizer_facts(one, facts, looks) for one, facts in watch.optimizers],
        "losses": list(watch.losses.entries.values()),
        "model_input": input_facts(looks),
        "scaling": way.facts(),
        "modules": list(modules(network, watch))[:MOST_MODULES],
        "has_dropout": watch.dropout or has(network, "Dropout"),
        "has_batchnorm": watch.batch_norm or has(network, "BatchNorm"),
        "evaluated_in_train_mode": watch.rows_in_training_mode >= EVALUATED,
        "weights_changed": any(changed(leaf) for leaf in looks.leaves.values()),
        "constant_layers": constant_layers(network, names, looks),
        **row_facts(looks, watch.mnist, way),
        "devices": list(looks.devices),
        "device_mixed": len(looks.devices) > 1,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "torch": str(torch.__version__),
    }


def counts(watch: Watch) -> dict[str, Any]:
    rows, tally = watch.mnist.training_rows, watch.tally
    return {
        "steps": tally.optimizer_steps if watch.optimizers else tally.backwards,
        "optimizer_steps": tally.optimizer_steps,
        "backward_calls": tally.backwards,
        "epochs_seen": round(tally.rows / rows, 3) if rows else None,
        "zero_grad_calls": tally.zero_grads,
        "grads_accumulated": watch.accumulated >= 2,
        "batch_sizes": [size for size in watch.batch_sizes if size],
    }


def parameters(network: Module | None, looks: Looks) -> int | None:
    if network is not None:
        return sum(one.numel() for one in network.parameters())
    return sum(leaf.tensor.numel() for leaf in looks.leaves.values()) or None


def optimizer_facts(optimizer: torch.optim.Optimizer, facts: dict[str, Any], looks: Looks) -> dict[str, Any]:
    """`covers`: all weights that gradients flowed to are among those that it changes."""
    its = {id(one): one.numel() for group in optimizer.param_groups for one in group["params"]}
    covers = bool(looks.leaves) and all(place in its for place in looks.leaves)
    last = optimizer.param_groups[0].get("lr")
    return {
        **facts,
        "last_lr": None if last is None else float(last),
        "parameters": sum(its.values()),
        "covers": covers,
    }


def input_facts(looks: Looks) -> dict[str, Any] | None:
    if looks.first is None:
        return None
    shape = looks.last.shape if looks.last and looks.last.shape else looks.input_shape
    values = looks.first.double()
    low, high = torch.aminmax(values)
    return {
        "shape": list(shape),
        "dtype": str(looks.first.dtype).removeprefix("torch."),
        "min": float(low),
        "max": float(high),
        "mean": float(values.mean()),
        "std": float(values.std()) if values.numel() > 1 else 0.0,
    }


def modules(network: Module | None, watch: Watch) -> Iterator[dict[str, Any]]:
    for name, module in network.named_modules() if network is not None else ():
        own = sum(one.numel() for one in module.parameters(recurse=False))
        line = watch.module_lines.get(id(module))
        yield {
            "name": name[:80],
            "type": type(module).__name__[:80],
            "parameters": own,
            **({"line": line[1]} if line else {}),
        }


def has(network: Module | None, kind: str) -> bool:
    return network is not None and any(kind in type(module).__name__ for module in network.modules())


def changed(leaf: Leaf) -> bool:
    now = leaf.tensor.detach().flatten()[: leaf.before.numel()]
    return not bool(torch.equal(now, leaf.before))


def constant_layers(network: Module | None, names: Mapping[str, Any], looks: Looks) -> list[dict[str, Any]]:
    """Layers whose weights were all one value before the first step, with that of their bias where it was one too.

    Vectors alone are left out: biases of zero and scales of one are how layers begin.
    """
    named = {id(value): name for name, value in names.items() if isinstance(value, torch.Tensor)}
    if network is not None:
        named.update((id(one), name) for name, one in network.named_parameters())
    order = {place: number for number, place in enumerate(named)}
    places = sorted(looks.leaves, key=lambda place: order.get(place, 0))
    constant = {place: looks.leaves[place] for place in places if looks.leaves[place].constant is not None}
    by_name = {named.get(place, ""): leaf for place, leaf in constant.items()}
    found = []
    for place, leaf in constant.items():
        if leaf.tensor.dim() < 2:
            continue
        name = named.get(place, "")
        bias = by_name.get(name.removesuffix("weight") + "bias") if name.endswith("weight") else None
        layer = name.removesuffix(".weight")
        found.append({"name": layer, "value": leaf.constant, "bias": None if bias is None else bias.constant})
    return found[:MOST_MODULES]


def row_facts(looks: Looks, mnist: Mnist, way: Preparation) -> dict[str, Any]:
    """Which rows of the training file were trained on, of those looked at, and whether their labels were the file's.

    `input_rows_unique` counts among `rows_looked_at`: with many rows in play the two are nearly equal.
    """
    unknown = {
        "validation_rows_trained": False,
        "input_rows_unique": None,
        "rows_looked_at": 0,
        "rows_known": 0,
        "labels_differ": None,
    }
    if not way.certain or not looks.batches:
        return unknown
    places = mnist.places()
    labels = mnist.whole()[1].tolist()
    rows: list[int] = []
    looked = labelled = differ = 0
    for inputs, targets in looks.batches:
        found = [places.get(hash(row)) for row in bytes_of(way, inputs)]
        looked += len(found)
        rows += [row for row in found if row is not None]
        for row, target in zip(found, [] if targets is None else targets.tolist(), strict=False):
            if row is not None:
                labelled += 1
                differ += int(target) != labels[row]
    return {
        "validation_rows_trained": sum(row >= mnist.training_rows for row in rows) >= 2,
        "input_rows_unique": len(set(rows)),
        "rows_looked_at": looked,
        "rows_known": len(rows),
        "labels_differ": round(differ / labelled, 3) if labelled else None,
    }


def bytes_of(way: Preparation, inputs: torch.Tensor) -> list[bytes]:
    if inputs.shape[1] % PIXELS and inputs.shape[1] != 32 * 32:
        return []
    pixels = way.pixels(inputs)
    return [bytes(row) for row in pixels.numpy()] if pixels.shape[1] == PIXELS else []
