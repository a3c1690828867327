"""Asks a sandbox over HTTP, as a client would."""

from typing import Any

import requests

from pmsync.sandbox.server import Sandbox


class Client:
    """One session against one sandbox, signed in unless told otherwise."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.auth = (sandbox.address.account, sandbox.address.token)

    def ask(self, method: str, path: str, **parts: Any) -> requests.Response:
        """Any request below the site's root."""
        return self.session.request(method, self.sandbox.address.jira + path, timeout=20, **parts)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: object, *, status: int = 200) -> Any:
        """The JSON of a POST that must end so."""
        answer = self.ask("POST", path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def search(self, jql: str, **body: Any) -> Any:
        """One page of a search."""
        return self.post("/rest/api/3/search/jql", {"jql": jql, **body})

    def human(self, action: dict[str, Any], *, status: int = 200) -> Any:
        """What a person does meanwhile."""
        return self.post("/_sandbox/human", action, status=status)

    def order(self) -> list[str]:
        """Keys in the order of their rank."""
        return list(self.get("/_sandbox/state")["rank"])

    def close(self) -> None:
        """Gives the connections back."""
        self.session.close()
