"""Which model is wanted, and where it is to be had: read from `provider:name` and an address. It makes nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
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
#: The packages of those that have none of their own name.
PACKAGES: Mapping[str, str] = {
    **dict.fromkeys(("azure_openai", "langsmith"), "langchain-openai"),
    **dict.fromkeys(
        "anthropic_bedrock bedrock bedrock_converse bedrock_mantle_anthropic bedrock_mantle_openai".split(),
        "langchain-aws",
    ),
    "google_anthropic_vertex": "langchain-google-vertexai",
    "nvidia": "langchain-nvidia-ai-endpoints",
}
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
    def package(self) -> str:
        """What is to be installed for the provider, by the name that pip knows."""
        return PACKAGES.get(self.provider, f"langchain-{self.provider.replace('_', '-')}")

    @property
    def installed(self) -> bool:
        """Whether it is; nothing is imported."""
        return importlib.util.find_spec(self.package.replace("-", "_")) is not None

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
    if provider not in PROVIDERS:
        raise WrongUsage(
            f"VIVA_MODEL names {provider}:{name}, and {provider} is no provider that LangChain knows; for a server of "
            "your own set OPENAI_BASE_URL."
        )
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
    if not colon or (own_server and provider and _plain(provider) not in PROVIDERS):
        return OPENAI, model
    return _plain(provider), name


def _plain(provider: str) -> str:
    """As LangChain takes it: `google-genai` is `google_genai`."""
    return provider.replace("-", "_").lower()


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, half an IPv6 address
        return False
