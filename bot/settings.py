"""Every environment variable, typed, read once. Flags go before it, defaults after; it acts on none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import WrongUsage


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


def read_settings() -> Settings:
    """The settings as they stand; WrongUsage names the variable that does not fit."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "VIVA_" + str(first["loc"][0]).upper()
        raise WrongUsage(f"The setting {name} does not fit: {first['msg']}. See .env.example.") from None
