"""A stand-in for Jira that must not be what a benchmark measures: every answer is ready-made.

It serves the calls that both contestants make, with a delay before each answer. Issues are as
large and as deep as a real site's (about 5.9 KB, 17 links to themselves); when fields are named,
only these are in the answer, as on the real site.

    python bench/_jira_stub.py --issues 10000 --latency-ms 50

prints its address as one line, and serves until it is killed.
"""

import argparse
import asyncio
import json
import random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

SELF = "https://bench.example/rest/api/3"
SEARCH_LIMIT = 5000
START = "HTTP/1.1 200 OK\r\nContent-Type: application/json"
SERVER = b'{"deploymentType":"Cloud","versionNumbers":[1001,0,0],"version":"1001.0.0"}'
WORDS = [
    "checkout",
    "payment",
    "address",
    "guest",
    "refund",
    "basket",
    "export",
    "search",
    "filter",
    "voucher",
    "invoice",
    "retry",
    "latency",
    "layout",
    "label",
    "session",
    "token",
    "upload",
    "picture",
    "keyboard",
    "reader",
    "contrast",
    "currency",
]
SPRINT, POINTS, REACH, IMPACT, CONFIDENCE, EFFORT = (
    f"customfield_{number}" for number in (10020, 10028, 10101, 10102, 10103, 10104)
)
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
INPUTS = (REACH, IMPACT, CONFIDENCE, EFFORT, POINTS)
NULLS = [f"customfield_{number}" for number in range(11000, 11060)]


def text(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(count))


def named(kind: str, number: int, name: str, **more: object) -> dict[str, Any]:
    return {"self": f"{SELF}/{kind}/{number}", "id": str(number), "name": name, **more}


def user(number: int) -> dict[str, Any]:
    account = f"5f0c1a2b3c4d5e6f7081{number:04}"
    avatar = f"https://avatars.bench.example/{account}"
    return {
        "self": f"{SELF}/user?accountId={account}",
        "accountId": account,
        "avatarUrls": {size: f"{avatar}/{size}" for size in ("48x48", "24x24", "16x16", "32x32")},
        "displayName": f"Person {number}",
        "active": True,
        "timeZone": "Europe/Berlin",
        "accountType": "atlassian",
    }


def status(number: int) -> dict[str, Any]:
    key, name = (("new", "To Do"), ("indeterminate", "In Progress"), ("done", "Done"))[number % 3]
    category = {"self": f"{SELF}/statuscategory/{number % 3}", "id": number % 3, "key": key}
    category |= {"colorName": "blue-gray", "name": name}
    return named("status", 10000 + number % 3, name, description="", statusCategory=category)


def issue_type(number: int) -> dict[str, Any]:
    name = ("Story", "Bug", "Task")[number % 3]
    return named(
        "issuetype", 10001 + number % 3, name, subtask=False, hierarchyLevel=0, avatarId=10303,
        description="A piece of work that people ask for.",
        iconUrl="https://bench.example/rest/api/2/universal_avatar/view/type/issuetype/avatar/1",
    )  # fmt: skip


def other(number: int) -> dict[str, Any]:
    return {
        "id": str(100000 + number),
        "key": f"BENCH-{number}",
        "self": f"{SELF}/issue/{100000 + number}",
        "fields": {
            "summary": "Another issue that this one speaks of",
            "status": status(number),
            "priority": named("priority", 3, "Medium"),
            "issuetype": named("issuetype", 10001, "Story", subtask=False),
        },
    }


def fields(number: int, rng: random.Random) -> dict[str, Any]:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text(rng, 25)}]}
    linked = {"id": str(number), "self": f"{SELF}/issueLink/{number}", "outwardIssue": other(7)}
    linked["type"] = named("issueLinkType", 10000, "Blocks", inward="is blocked by")
    option = {"self": f"{SELF}/customFieldOption/10030", "value": "High", "id": "10030"}
    sprint = {"id": 5, "name": "Sprint 5", "state": "active", "boardId": 1, "goal": ""}
    return {
        "summary": text(rng, 8),
        "description": {"type": "doc", "version": 1, "content": [paragraph]},
        "issuetype": issue_type(number),
        "project": named("project", 10001, "Benchmark", key="BENCH", simplified=False),
        "status": status(number),
        "priority": named("priority", number % 5, PRIORITIES[number % 5]),
        "resolution": None,
        "resolutiondate": None,
        "created": "2026-01-05T09:30:00.000+0000",
        "updated": "2026-11-02T16:45:12.000+0000",
        "duedate": "2026-12-24",
        "assignee": user(number % 20),
        "reporter": user(number % 7),
        "creator": user(number % 7),
        "labels": ["bench", WORDS[number % len(WORDS)]],
        "components": [named("component", 10010, "Front end")],
        "versions": [],
        "fixVersions": [named("version", 10100, "4.2", released=False, archived=False)],
        "issuelinks": [linked] if number % 5 == 0 else [],
        "subtasks": [],
        "parent": other(1) if number % 2 else None,
        "security": None,
        "votes": {"self": f"{SELF}/issue/{number}/votes", "votes": 0, "hasVoted": False},
        "watches": {"self": f"{SELF}/issue/{number}/watchers", "watchCount": 1},
        "workratio": -1,
        "progress": {"progress": 0, "total": 0},
        SPRINT: [sprint],
        POINTS: float(number % 8),
        REACH: float(number),
        IMPACT: option,
        CONFIDENCE: 80.0,
        EFFORT: 2.5,
        **dict.fromkeys(NULLS),
    }  # fmt: skip


def catalogue() -> bytes:
    sample = fields(1, random.Random(0))  # noqa: S311 - not for secrets
    kinds = {
        SPRINT: {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}
    }
    kinds |= {name: {"type": "number"} for name in INPUTS} | {IMPACT: {"type": "option"}}
    entries = [
        {
            "id": name,
            "name": name,
            "custom": name.startswith("customfield"),
            "clauseNames": [name],
            "schema": kinds.get(name, {"type": "string"}),
        }
        for name in sample
    ]
    return json.dumps(entries).encode()


class Site:
    """Every issue as bytes: whole, and cut down to each set of fields that is asked for."""

    def __init__(self, count: int) -> None:
        rng = random.Random(20)  # noqa: S311 - not for secrets
        self.ids = [str(100000 + number) for number in range(count)]
        self._issues = {issue: fields(number, rng) for number, issue in enumerate(self.ids)}
        self._ready: dict[tuple[str, ...], dict[str, bytes]] = {}
        self.answers: dict[bytes, bytes] = {}
        self.fields = catalogue()
        self.prepare(("*all",))

    def prepare(self, asked: tuple[str, ...]) -> dict[str, bytes]:
        if asked not in self._ready:
            self._ready[asked] = {issue: self._cut(issue, asked) for issue in self.ids}
        return self._ready[asked]

    def _cut(self, issue: str, asked: tuple[str, ...]) -> bytes:
        whole = self._issues[issue]
        kept = whole if "*all" in asked else {k: v for k, v in whole.items() if k in asked}
        head = {"expand": "operations,changelog", "id": issue, "self": f"{SELF}/issue/{issue}"}
        shown: dict[str, Any] = head | {"key": f"BENCH-{int(issue) - 100000}"}
        if asked != ("id",):
            shown["fields"] = kept
        return json.dumps(shown, separators=(",", ":")).encode()

    def search(self, body: dict[str, Any]) -> bytes:
        asked = _names(body.get("fields") or ["id"])
        start = int(body.get("nextPageToken") or 0)
        most = SEARCH_LIMIT if asked == ("id",) else 100
        page = self.ids[start : start + min(most, int(body.get("maxResults") or 50))]
        end = start + len(page)
        tail: dict[str, Any] = {"isLast": end >= len(self.ids)}
        if end < len(self.ids):
            tail["nextPageToken"] = str(end)
        ready = self.prepare(asked)
        joined = b",".join(ready[issue] for issue in page)
        return b'{"issues":[' + joined + b"]," + json.dumps(tail).encode()[1:]

    def bulk(self, body: dict[str, Any]) -> bytes:
        ready = self.prepare(_names(body["fields"]))
        joined = b",".join(ready[issue] for issue in sorted(body["issueIdsOrKeys"], key=int))
        return b'{"issues":[' + joined + b'],"issueErrors":[]}'


def _query(text: str) -> dict[str, Any]:
    """A GET's parameters; `fields` may come several times or with commas."""
    return {name: ",".join(values) for name, values in parse_qs(text).items()}


def _names(asked: list[str] | str) -> tuple[str, ...]:
    return tuple(asked.split(",") if isinstance(asked, str) else asked)


class Connection(asyncio.Protocol):
    """One kept-alive connection; answers come in order, each after the delay."""

    def __init__(self, site: Site, delay_s: float) -> None:
        self._site = site
        self._delay = delay_s
        self._read = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, rest = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._read = rest[length:]
        target = lines[0].split(" ")[1]
        answer = self._answer(target, rest[:length])
        start = f"{START}\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
        asyncio.get_running_loop().call_later(self._delay, self._write, start + answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)  # type: ignore[attr-defined] # always a stream's

    def _answer(self, target: str, body: bytes) -> bytes:
        parts = urlsplit(target)
        if parts.path.endswith("/serverInfo"):
            return SERVER
        if parts.path.endswith("/field"):
            return self._site.fields
        key = body or parts.query.encode()
        if key not in self._site.answers:
            asked = json.loads(body) if body else _query(parts.query)
            bulk = parts.path.endswith("/issue/bulkfetch")
            self._site.answers[key] = self._site.bulk(asked) if bulk else self._site.search(asked)
        return self._site.answers[key]


async def serve(site: Site, delay_s: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(site, delay_s), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="A Jira of ready-made answers.")
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--latency-ms", type=float, default=50)
    asked = parser.parse_args()
    asyncio.run(serve(Site(asked.issues), asked.latency_ms / 1000))


if __name__ == "__main__":
    main()
