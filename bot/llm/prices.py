"""What models cost, read from data: the list that comes with Viva, and a file of the owner's own before it.

It adds nothing up. A model that neither names has no known price, and none is made up for it.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from bot.core.costing import Price
from bot.errors import WrongUsage
from bot.llm.wish import Wish

SHIPPED = Path(__file__).parent / "prices.toml"
#: What stands behind a model's name when a certain version of it is meant.
_VERSION = re.compile(r"(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8}|-\d{3}|-latest)$")
_SHAPE = '[openai.models] and below it "NAME" = { input = 0.40, output = 1.60 }, in dollars for a million tokens'

Dollars = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class _Priced(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    input: Dollars
    output: Dollars


class _Provider(BaseModel):
    model_config = ConfigDict(extra="forbid")

    as_of: str = ""
    page: str = ""
    models: dict[str, _Priced]


class _File(RootModel[dict[str, _Provider]]):
    pass


@dataclass(frozen=True)
class Prices:
    """Prices by `provider:name`; `own` are those that the owner named."""

    shipped: Mapping[str, Price]
    own: Mapping[str, Price]

    def of(self, wanted: Wish) -> Price | None:
        """The price of a model. What a server of one's own takes for it, the shipped list does not know."""
        known = self.own if wanted.own_place else {**self.shipped, **self.own}
        return known.get(wanted.full_name) or known.get(_VERSION.sub("", wanted.full_name))


def read_prices(own: Path | None = None) -> Prices:
    """The shipped prices and those of a file of the owner's; WrongUsage says what is wrong with that one."""
    return Prices(_read(SHIPPED), _read(own.expanduser()) if own is not None else {})


def own_machine(wanted: Wish) -> bool:
    """True where a model is asked at an address of this machine or of its own network: nobody is paid there."""
    host = urlsplit(wanted.base_url).hostname or "" if wanted.own_place and wanted.base_url else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local"))
    return address.is_loopback or address.is_private


def _read(file: Path) -> Mapping[str, Price]:
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise WrongUsage(f"The prices in {file} cannot be read: {error.strerror}. See VIVA_PRICES.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsage(f"The prices in {file} are not TOML ({error}). Write {_SHAPE}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise WrongUsage(f"The prices in {file} do not fit at {where}: {first['msg']}. Write {_SHAPE}.") from None
    return {
        f"{provider}:{name}": Price(price.input, price.output)
        for provider, of in read.root.items()
        for name, price in of.models.items()
    }
