"""Every environment variable, typed, read once. Flags go before it, defaults after; it acts on none of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import WrongUsage

#: What fits where the library's own words would be a pattern, or a list in quotation marks.
MEANT: Mapping[str, str] = {
    "VIVA_LAB_DEVICE": "write `auto`, `cpu`, or `cuda:` and a number, as in `cuda:0`",
    "VIVA_LOG_LEVEL": "write debug, info, warning or error",
    "VIVA_GRADER": "write offline or llm",
    "VIVA_INTERVIEWER": "write offline or llm",
    "VIVA_PERSONA": "write friendly, neutral or grilling",
    "VIVA_ON_MODEL_FAILURE": "write wait or offline",
}


class Settings(BaseSettings):
    """The settings, from the environment and from `.env` in the working folder; an empty value means unset."""

    model_config = SettingsConfigDict(env_prefix="VIVA_", env_file=".env", env_ignore_empty=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("viva", appauthor=False),
        description="data folder: database, index, caches; by default the platform's data folder",
    )
    database_url: str | None = Field(None, description="SQLAlchemy URL; by default SQLite in VIVA_HOME")
    chroma_url: str | None = Field(None, description="a Chroma server; by default embedded")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much the log file says")
    retention_days: int = Field(180, ge=1, description="sessions older than this are deleted")
    lab: Literal["bubblewrap", "off"] = Field("bubblewrap", description="what confines the programs that are run")
    lab_device: str = Field(
        "auto", pattern=r"^(?:auto|cpu|cuda:[0-9]{1,2})$", description="where programs are run: auto, cpu or cuda:N"
    )
    lab_warm: int | None = Field(
        None, ge=0, le=64, description="sandboxes that wait; by default as the surface needs and memory allows"
    )
    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="the key of a model at OpenAI, or at OPENAI_BASE_URL"
    )
    openai_base_url: str | None = Field(
        None, validation_alias="OPENAI_BASE_URL", description="an OpenAI-compatible model server; by default OpenAI's"
    )
    model: str | None = Field(None, description="a language model, provider:name; unset: offline")
    grader: Literal["offline", "llm"] | None = Field(
        None, description="who judges answers; by default the model where one is set"
    )
    interviewer: Literal["offline", "llm"] | None = Field(
        None, description="who words the interviewer's turns; by default the model where one is set"
    )
    persona: Literal["friendly", "neutral", "grilling"] = Field(
        "neutral", description="the manner in which a model words them"
    )
    prompts: Path | None = Field(None, description="a folder of prompts, in the place of those that come along")
    on_model_failure: Literal["wait", "offline"] = Field(
        "wait", description="what becomes of an answer that the model could not judge"
    )
    budget_sitting: str | None = Field(None, description="what a model may take in one interview: dollars, or tokens")
    budget_person: str | None = Field(None, description="the same for one person, a day")
    budget_server: str | None = Field(None, description="the same for one Discord server, a day")
    budget_day: str | None = Field(None, description="the same for everybody together, a day")
    prices: Path | None = Field(None, description="a file of prices of models, before those that come along")
    discord_token: SecretStr | None = Field(None, validation_alias="DISCORD_TOKEN", description="the bot's token")
    discord_api_base: str | None = Field(
        None, validation_alias="DISCORD_API_BASE", description="another Discord-compatible API; by default Discord's"
    )
    message_content: bool = Field(False, description="ask for the privileged Message Content intent")
    silence: float | None = Field(
        None, ge=0, le=60, description="seconds of silence in Discord that end an answer; by default 2.5 or 8"
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="port on 127.0.0.1 for health and metrics of `viva serve`; off by default"
    )
    mnist_dir: Path | None = Field(None, description="folder with MNIST's IDX files; by default downloaded once")

    @field_validator("lab", mode="before")
    @classmethod
    def _not_built_yet(cls, value: object) -> object:
        if value == "ray":
            raise ValueError("`ray` is not there yet; take `bubblewrap` (the default) or `off`")
        return value


def read_settings() -> Settings:
    """The settings as they stand; WrongUsage names the variable that does not fit."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongUsage(complaint(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise WrongUsage(
            f"The settings in {Path('.env').absolute()} cannot be read ({why}). Mend the file, or its permissions for "
            "the user that runs Viva; or remove it, and set the variables in the environment."
        ) from None


def complaint(error: ValidationError) -> str:
    """The first thing that does not fit, by the name of its variable."""
    first = error.errors()[0]
    name = variable(str(first["loc"][0]))
    why = MEANT.get(name) or first["msg"].removeprefix("Value error, ")
    return f"The setting {name} does not fit: {why}. See .env.example."


def variable(field: str) -> str:
    """The environment variable of a setting."""
    known = Settings.model_fields.get(field)
    alias = known.validation_alias if known is not None else None
    return str(alias or (field if field.startswith(("DISCORD_", "OPENAI_")) else f"VIVA_{field.upper()}"))
