"""Bodies checked against Discord's published description of its API, where that file lies beside the checkout."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class Described:
    """The schemas of all routes' bodies; made once, as each costs a few milliseconds."""

    def __init__(self, file: Path) -> None:
        self._whole = _any_of(json.loads(file.read_text(encoding="utf-8")))
        self._made: dict[tuple[str, str], Any] = {}

    def wrong(self, method: str, route: str, body: Any) -> str:
        """What does not fit, in a line; empty when it fits, or when the description has no such route."""
        key = (method, route)
        if key not in self._made:
            self._made[key] = self._validator(method, route)
        validator = self._made[key]
        if validator is None:
            return ""
        return "" if validator.is_valid(body) else _why(validator, body)

    def answer(self, method: str, route: str) -> Json:
        """The schema of what is answered when all is well."""
        answers = self._whole["paths"][route][method.lower()]["responses"]
        return {**answers["200"]["content"]["application/json"]["schema"], "components": self._whole["components"]}

    def _validator(self, method: str, route: str) -> Any:
        from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

        operation = self._whole["paths"].get(route, {}).get(method.lower())
        content = ((operation or {}).get("requestBody") or {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return None
        return Draft202012Validator({**schema, "components": self._whole["components"]})


def _why(validator: Any, body: Any) -> str:
    """The likeliest of the alternatives' complaints: its path and its end, as its beginning is the whole value."""
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

    error = best_match(validator.iter_errors(body))
    words = error.message if len(error.message) <= 160 else f"{error.message[:80]}… {error.message[-60:]}"
    return f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {words}"


def _any_of(what: Any) -> Any:
    """`oneOf` read as `anyOf`, as the file's alternatives overlap; and ids may be numbers, as the API has it."""
    if isinstance(what, dict):
        if what.get("format") == "snowflake":
            return {**what, "type": ["string", "integer"]}
        return {("anyOf" if key == "oneOf" else key): _any_of(value) for key, value in what.items()}
    return [_any_of(one) for one in what] if isinstance(what, list) else what


@cache
def described() -> Described | None:
    """The description, when there is a folder `shared` beside this checkout."""
    file = Path(__file__).resolve().parents[3] / "shared" / "discord" / "openapi.json"
    return Described(file) if file.is_file() else None
