"""What Jira says when it refuses."""

from collections.abc import Mapping, Sequence


class JiraError(Exception):
    """A request that Jira refuses.

    Attributes:
        status: The HTTP status.
        messages: Sentences that concern the request as a whole.
        errors: ``{field id: sentence}``.
    """

    def __init__(
        self,
        status: int,
        messages: str | Sequence[str] = (),
        errors: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.messages = [messages] if isinstance(messages, str) else list(messages)
        self.errors = dict(errors or {})
        super().__init__(f"{status}: {self.messages or self.errors}")

    def body(self) -> dict[str, object]:
        """The body, in the shape that every Jira error has."""
        return {"errorMessages": self.messages, "errors": self.errors}


def no_issue() -> JiraError:
    """An issue that is not there, or not to be seen: Jira does not say which."""
    return JiraError(404, "Issue does not exist or you do not have permission to see it.")


def no_project(key: str) -> JiraError:
    """A project that is not there, or not to be seen."""
    return JiraError(404, f"No project could be found with key '{key}'.")


def bad_payload() -> JiraError:
    """A body of the wrong shape."""
    return JiraError(
        400, "Invalid request payload. Refer to the REST API documentation and try again."
    )
