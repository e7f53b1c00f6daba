"""Which of what a program trains its optimiser does not know. Where that cannot be told it says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.lab.syntax.calls import learns_of
from bot.lab.syntax.seen import Event, Seen
from bot.lab.syntax.values import Op, Value, marks

DEEPEST = 6


def uncovered(seen: Seen, trained: Sequence[Event], used: set[int]) -> list[dict[str, Any]]:
    """What is trained and not covered: a part of a network, another network than the one applied, a tensor, a list."""
    given = [value for value in seen.optimizers if isinstance(value.info.get("params"), Value)]
    flat = [(value, one) for value in given for one in parameters(value.info["params"])]
    if not given or any(not _is_known(one) for _, one in flat) or len(seen.optimizers) > len(given):
        return []
    return [*_modules(flat, trained), *_tensors(seen, given, flat, used)]


def parameters(value: Value) -> Iterator[Value]:
    """What an optimiser is given, one by one: groups and lists are taken apart."""
    if value.keys is not None:
        yield from parameters(value.keys.get("params", Value()))
    elif value.items is not None:
        for item in value.items:
            yield from parameters(item)
    else:
        yield value


def _is_known(value: Value) -> bool:
    if value.role == "parameters":
        return value.owner is not None and value.owner.is_module
    return bool(marks(value.tags, "param"))


def _key(module: Value) -> int:
    return id(module.attrs if module.attrs is not None else module.parts)


def _modules(flat: Sequence[tuple[Value, Value]], trained: Sequence[Event]) -> Iterator[dict[str, Any]]:
    owners = [(optimizer, one.owner) for optimizer, one in flat if one.owner is not None]
    networks = {_key(event.info["module"]): event for event in trained}
    if not owners:
        return
    line = owners[0][0].info["line"]
    for key, event in networks.items():
        module: Value = event.info["module"]
        if any(key == _key(owner) or key in _inside(owner) for _, owner in owners):
            yield from _unregistered(module)
        elif any(_key(owner) in _inside(module) for _, owner in owners):
            if not _all_inside(module, [owner for _, owner in owners]):
                yield {"what": "part", "line": line}
        elif len(networks) == 1:
            yield {"what": "other", "line": line}


def _inside(module: Value, depth: int = 0) -> set[int]:
    """The keys of all modules in a module."""
    if depth > DEEPEST:
        return set()
    inner = [v for v in (module.attrs or {}).values() if v.is_module]
    inner += [v for v in module.parts or [] if isinstance(v, Value)]
    inner += [item for v in (module.attrs or {}).values() for item in v.items or [] if item.is_module]
    found = {_key(value) for value in inner}
    return found.union(*(_inside(value, depth + 1) for value in inner)) if inner else found


def _all_inside(module: Value, owners: Sequence[Value]) -> bool:
    """True when every part that learns is one of those that the optimiser was given."""
    covered = {_key(owner) for owner in owners}
    covered = covered.union(*(_inside(owner) for owner in owners))
    parts = [v for v in (module.attrs or {}).values() if v.is_module]
    parts += [v for v in module.parts or [] if isinstance(v, Value)]
    return all(_key(part) in covered or not learns_of(part) for part in parts)


def _unregistered(module: Value) -> Iterator[dict[str, Any]]:
    """Layers that a module keeps in a plain list: `parameters()` does not find them."""
    if module.attrs is None or not any(base.endswith("Module") for base in module.info.get("bases", ())):
        return
    registered = set().union(*(_inside(v) | {_key(v)} for v in module.attrs.values() if v.is_module), set())
    for value in module.attrs.values():
        held = value.items if value.items is not None else list(value.keys.values()) if value.keys is not None else []
        layers = [item for item in held if item.is_module and learns_of(item) and _key(item) not in registered]
        if value.parts is None and value.attrs is None and layers:
            first = next(iter(layers[0].parts or []), None)
            yield {"what": "list", "line": first.line if isinstance(first, Op) else None}


def _tensors(
    seen: Seen, given: Sequence[Value], flat: Sequence[tuple[Value, Value]], used: set[int]
) -> Iterator[dict[str, Any]]:
    covered: set[int] = set().union(*(marks(one.tags, "param") for _, one in flat))
    if not covered or any(one.role == "parameters" for _, one in flat):
        return
    for missing in sorted(used - covered)[:4]:
        made = next((e.line for e in seen.of("parameter") if missing in marks(e.tags, "param")), None)
        yield {"what": "tensor", "line": given[0].info["line"], "made": made}
