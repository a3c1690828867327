"""The operator's settings: sites and defaults."""

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from pmsync.config.addresses import checked_address
from pmsync.config.state import state_address
from pmsync.config.zones import zone_fault

LONGEST_TIMEOUT = 600.0
_STRICT = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _seconds(value: object) -> object:
    if isinstance(value, bool):
        fault = "expected a number of seconds, found true or false"
        raise ValueError(fault, "write such as 30")  # noqa: TRY004 - pydantic passes no TypeError on
    return value


def _timeout(value: float) -> float:
    if not 0 < value <= LONGEST_TIMEOUT:
        fault = f"a time-out lies above 0 and up to {LONGEST_TIMEOUT:g} seconds"
        raise ValueError(fault, "write such as 30")
    return value


def _time_zone(value: str) -> str:
    wrong = zone_fault(value)
    if wrong:
        fault = "there is no such time zone"  # not repeated: it may come from the environment
        raise ValueError(fault, wrong[1])
    return value


def _state(value: str) -> str:
    state_address(value, Path())
    return value


Address = Annotated[str, AfterValidator(checked_address)]
Timeout = Annotated[float, BeforeValidator(_seconds), AfterValidator(_timeout)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
State = Annotated[str, AfterValidator(_state)]


class SiteSettings(BaseModel):
    """A Jira with its Confluence, and how pmsync enters.

    Attributes:
        jira: Address of Jira as people open it; links on pages begin with it.
        confluence: Address of Confluence, on Cloud with /wiki at the end; none: no pages.
        account: The account's e-mail address (Cloud) or name; none for a personal access token
            of Data Center, which is sent alone.
        token: The API token; never in the file, but in the environment, a secret file or the
            keyring.
        token_file: File that holds the token and nothing else; relative to this file.
        jira_api: Address that calls to Jira go to where it is not the one people open, such as
            https://api.atlassian.com/ex/jira/CLOUD-ID for a token with scopes.
        confluence_api: The same for Confluence.
        ca_bundle: File with the certificates (PEM) to trust besides the usual ones' place, for a
            company's own authority; relative to this file.
        timeout: Seconds to wait for an answer.
    """

    model_config = _STRICT

    jira: Address
    confluence: Address | None = None
    account: str | None = None
    token: SecretStr | None = None
    token_file: Path | None = None
    jira_api: Address | None = None
    confluence_api: Address | None = None
    ca_bundle: Path | None = None
    timeout: Timeout = 30.0

    @property
    def jira_base(self) -> str:
        """The address that calls to Jira go to."""
        return self.jira_api or self.jira

    @property
    def confluence_base(self) -> str | None:
        """The address that calls to Confluence go to; None without Confluence."""
        return self.confluence_api or self.confluence


class Defaults(BaseModel):
    """What holds for all products unless they say otherwise.

    Attributes:
        time_zone: IANA name such as Europe/Berlin; dates on pages mean this zone.
        state: Where pmsync remembers: a path, or an SQLAlchemy address such as
            postgresql+psycopg://host/pmsync; none: pmsync.db beside this file.
    """

    model_config = _STRICT

    time_zone: TimeZone = "UTC"
    state: State | None = None


class OperatorSettings(BaseSettings):
    """The operator's file: where Jira and Confluence are, and what holds for all products.

    Attributes:
        sites: The sites by a name of one's own, which products refer to.
        defaults: What holds for all products unless they say otherwise.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix="PMSYNC_",
        env_nested_delimiter="__",
    )

    sites: dict[str, SiteSettings]
    defaults: Defaults = Defaults()

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the merged tree only: pmsync.config.sources has merged, and kept the places."""
        return (init_settings,)
