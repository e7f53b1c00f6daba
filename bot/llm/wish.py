"""Which model is wanted, and where it is to be had: read from `provider:name` and an address. It makes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.errors import WrongUsage

#: What is taken where there is a key or an address and no name.
DEFAULT = "gpt-4.1-mini"
OPENAI = "openai"
#: The providers that LangChain knows by name; any other word before a colon may be part of a model's name.
PROVIDERS = frozenset(
    "anthropic anthropic_bedrock azure_ai azure_openai baseten bedrock bedrock_converse bedrock_mantle_anthropic "
    "bedrock_mantle_openai cohere deepseek fireworks google_anthropic_vertex google_genai google_vertexai groq "
    "huggingface ibm langsmith litellm meta mistralai nvidia ollama openai openrouter perplexity together upstage "
    "xai".split()
)
#: Where OpenAI's own models are.
OPENAI_PLACE = "api.openai.com"


@dataclass(frozen=True)
class Wish:
    """A model by its provider and name; `base_url` names another place than the provider's own, `key` opens it."""

    provider: str
    name: str
    base_url: str | None = None
    key: str | None = field(default=None, repr=False)

    @property
    def full_name(self) -> str:
        return f"{self.provider}:{self.name}"

    @property
    def place(self) -> str:
        """The host that is asked, without anything that may be secret in its address."""
        if self.base_url:
            parts = urlsplit(self.base_url)
            return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        return OPENAI_PLACE if self.provider == OPENAI else self.provider

    @property
    def own_place(self) -> bool:
        """True where a model of OpenAI's protocol is asked elsewhere than at OpenAI."""
        return self.provider == OPENAI and self.base_url is not None


def wish(model: str | None, base_url: str | None, key: str | None) -> Wish | None:
    """The model that the settings name; None where they name none. WrongUsage says what does not fit."""
    if not (model or base_url or key):
        return None
    provider, name = _parted(model or DEFAULT, base_url is not None)
    if not provider or not name:
        raise WrongUsage("VIVA_MODEL does not name a model. Write `provider:name`, as in `openai:gpt-4.1-mini`.")
    if base_url is not None and not _is_address(base_url):
        raise WrongUsage("OPENAI_BASE_URL is no address of a model server. Write it like http://127.0.0.1:8080/v1.")
    if provider == OPENAI and not (key or base_url):
        raise WrongUsage(
            f"VIVA_MODEL names {provider}:{name}, and there is no key for it. Set OPENAI_API_KEY, or OPENAI_BASE_URL "
            "for a server that needs none."
        )
    return Wish(provider, name, base_url if provider == OPENAI else None, key if provider == OPENAI else None)


def _parted(model: str, own_server: bool) -> tuple[str, str]:
    """Provider and name. With a server of one's own, `llama3:8b` is a name: there is no provider `llama3`."""
    provider, colon, name = model.partition(":")
    if not colon or (own_server and provider and provider not in PROVIDERS):
        return OPENAI, model
    return provider, name


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, half an IPv6 address
        return False
