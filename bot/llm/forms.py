"""How a form is asked for through LangChain, by the rung that a server is known to take. It calls nobody."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.llm.learned import Learned

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable


def form_asked(
    model: BaseChatModel, shape: type[BaseModel], way: Learned, options: Mapping[str, Any]
) -> Runnable[Any, Any]:
    """What is called for a form, and replies with a message: LangChain's reading of it would be unused."""
    from langchain_core.runnables import RunnableSequence

    if way.rung == "text":
        return model.bind(**options)
    chain = model.with_structured_output(_schema(shape), method=way.rung, **options)
    if isinstance(chain, RunnableSequence):
        return chain.first
    return model.with_structured_output(_schema(shape), method=way.rung, include_raw=True, **options)


@functools.cache
def _schema(shape: type[BaseModel]) -> Any:
    return _closed(shape.model_json_schema()) | {"title": shape.__name__, "description": shape.__doc__ or ""}


def _closed(schema: Any) -> Any:
    """The JSON schema as strict servers want it: each object closed, each of its fields required."""
    if isinstance(schema, dict):
        closed = {key: _closed(value) for key, value in schema.items() if key not in ("default", "title")}
        if "properties" in schema:
            closed |= {"additionalProperties": False, "required": list(schema["properties"])}
        return closed
    return [_closed(part) for part in schema] if isinstance(schema, list) else schema
