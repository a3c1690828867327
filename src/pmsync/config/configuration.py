"""The whole configuration of one run, validated."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import SecretStr

from pmsync.config.credentials import Token, missing_token, token_from_keyring
from pmsync.config.settings import SiteSettings
from pmsync.config.state import shown_address
from pmsync.config.wording import did_you_mean
from pmsync.core.errors import ConfigError, Problem
from pmsync.core.rules import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the operator and the product managers declared.

    Attributes:
        sites: ``{name: settings}``.
        products: ``{id: rules}``, the id being the stem of the product's file.
        state: SQLAlchemy address of the store; may hold a password, so print ``state_shown``.
        time_zone: IANA name; the default of the products.
        read_only: Whether every write is refused (``PMSYNC_READ_ONLY``).
        files: The files that were read, the operator's first.
        origins: ``{dotted key: place}`` of what is declared; what is missing here is a default.
        tokens: ``{site: token}`` as found without the keyring.
    """

    sites: Mapping[str, SiteSettings]
    products: Mapping[str, Product]
    state: str = field(repr=False)
    time_zone: str = "UTC"
    read_only: bool = False
    files: tuple[Path, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    tokens: Mapping[str, Token] = field(default_factory=dict, repr=False, compare=False)

    @property
    def state_shown(self) -> str:
        """The address of the store, its password masked."""
        return shown_address(self.state)

    def hash(self, product: Product) -> str:
        """Return the SHA-256 of the rules of *product*."""
        return rules_hash(product)

    def product(self, product_id: str) -> Product:
        """Return the rules of one product.

        Raises:
            ConfigError: There is no such product.
        """
        if product_id in self.products:
            return self.products[product_id]
        cure = did_you_mean(product_id, self.products) or "add a file to the folder products"
        raise ConfigError((Problem(what=f"there is no product {product_id!r}", cure=cure),))

    def require_token(self, site: str) -> SecretStr:
        """Return the token of *site*, from the keyring if nothing nearer has one.

        Raises:
            ConfigError: There is none, or it cannot be used; says every way to give one.
        """
        token = self.tokens.get(site, Token())
        if token.secret is None and token.problem is None:
            token = token_from_keyring(site)
        if token.secret is None:
            problems = (token.problem, missing_token(site))
            raise ConfigError(tuple(problem for problem in problems if problem))
        return token.secret


def rules_hash(product: Product) -> str:
    """Return the SHA-256 (hexadecimal) of *product* as canonical JSON; rules hold no secrets.

    Two products have the same hash exactly when their rules are the same, however they are
    written down.
    """
    return hashlib.sha256(rules_text(product).encode()).hexdigest()


def rules_text(product: Product) -> str:
    """Return *product* as canonical JSON, as a run keeps it to be explained by."""
    return json.dumps(
        asdict(product), sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False
    )
