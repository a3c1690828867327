"""Attachments and labels: read with v2, written with v1."""

from typing import Any

import pytest
from wiki_site import Wiki

TOKEN = {"X-Atlassian-Token": "nocheck"}
PNG = bytes(range(256)) + b"\r\n--edge\r\n\r\n\x00"


def upload(wiki: Wiki, page_id: str, *, method: str = "PUT", name: str = "chart.png",
           content: bytes = PNG, minor: bool = True, status: int = 200, tail: str = "",
           headers: dict[str, str] = TOKEN) -> Any:  # fmt: skip
    """Send a file as a publisher does."""
    answer = wiki.send(
        method,
        f"/wiki/rest/api/content/{page_id}/child/attachment{tail}",
        headers=headers,
        files={
            "file": (name, content, "image/png"),
            "comment": (None, "sha256: æ"),
            "minorEdit": (None, "true" if minor else "false"),
        },
    )
    assert answer.status_code == status, answer.text
    return answer.json() if status == 200 else answer.text


def test_a_file_is_stored_byte_for_byte(wiki: Wiki) -> None:
    """Any bytes come back, by the address that v2 names."""
    page = wiki.create("Roadmap")
    sent = upload(wiki, page["id"])["results"][0]
    listed = wiki.call("GET", f"/pages/{page['id']}/attachments")["results"]
    assert [entry["id"] for entry in listed] == [sent["id"]]
    assert (listed[0]["fileSize"], listed[0]["comment"]) == (len(PNG), "sha256: æ")
    got = wiki.send("GET", "/wiki" + listed[0]["downloadLink"])
    assert got.content == PNG
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_the_download_call_leads_to_the_file(wiki: Wiki) -> None:
    """v1 answers with 302."""
    page = wiki.create("Roadmap")
    sent = upload(wiki, page["id"], name="a b.png")["results"][0]
    path = f"/wiki/rest/api/content/{page['id']}/child/attachment/{sent['id']}/download"
    answer = wiki.send("GET", path)
    assert answer.status_code == 302
    assert wiki.send("GET", answer.headers["Location"]).content == PNG


def test_put_makes_a_new_version_of_the_same_name(wiki: Wiki) -> None:
    """The id stays; POST of an existing name is refused; older versions can be fetched."""
    page = wiki.create("Roadmap")
    first = upload(wiki, page["id"], method="POST", content=b"one")["results"][0]
    said = upload(wiki, page["id"], method="POST", content=b"two", status=400)
    assert "Cannot add a new attachment with same file name" in said
    second = upload(wiki, page["id"], content=b"two")["results"][0]
    third = upload(wiki, page["id"], method="POST", content=b"3", tail=f"/{first['id']}/data")
    assert first["id"] == second["id"] == third["id"]
    assert third["version"]["number"] == 3
    address = f"/wiki/download/attachments/{page['id']}/chart.png"
    assert wiki.send("GET", address + "?version=1").content == b"one"
    assert wiki.send("GET", address + "?version=4").status_code == 404


def test_a_file_mails_unless_it_is_a_minor_edit(wiki: Wiki) -> None:
    """v1 documents ``minorEdit``; the page keeps its version."""
    page = wiki.create("Roadmap")
    upload(wiki, page["id"], minor=True)
    assert len(wiki.state.snapshot()["notifications"]) == 1
    upload(wiki, page["id"], minor=False)
    assert wiki.state.snapshot()["notifications"][-1]["kind"] == "attachment"
    assert wiki.call("GET", f"/pages/{page['id']}")["version"]["number"] == 1


def test_a_file_needs_the_header_that_browsers_cannot_send(wiki: Wiki) -> None:
    """Without it: 403 in plain text."""
    page = wiki.create("Roadmap")
    assert upload(wiki, page["id"], headers={}, status=403) == "XSRF check failed"
    assert wiki.call("GET", f"/pages/{page['id']}/attachments")["results"] == []


def test_a_file_with_a_forbidden_name_or_no_form_is_refused(wiki: Wiki) -> None:
    """Names hold no path; the body is a form."""
    page = wiki.create("Roadmap")
    upload(wiki, page["id"], name="a:b.png", status=400)
    path = f"/wiki/rest/api/content/{page['id']}/child/attachment"
    answer = wiki.send("PUT", path, data=b"x", headers={**TOKEN, "Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_attachments_are_found_by_name_and_deleted(wiki: Wiki) -> None:
    """A deleted one is neither listed nor fetched."""
    page = wiki.create("Roadmap")
    for name in ("a.png", "b.png"):
        upload(wiki, page["id"], name=name)
    found = wiki.call("GET", f"/pages/{page['id']}/attachments?filename=b.png")["results"]
    assert [entry["title"] for entry in found] == ["b.png"]
    one = wiki.call("GET", f"/attachments/{found[0]['id']}")
    assert one["mediaType"] == "image/png"
    wiki.call("DELETE", f"/attachments/{one['id']}", 204)
    wiki.refused("GET", f"/attachments/{one['id']}", 404)
    assert wiki.send("GET", f"/wiki/download/attachments/{page['id']}/b.png").status_code == 404


def label(wiki: Wiki, page_id: str, sent: Any, status: int = 200) -> Any:
    answer = wiki.send("POST", f"/wiki/rest/api/content/{page_id}/label", json=sent)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_labels_are_added_once_and_listed(wiki: Wiki) -> None:
    """In lower case; labels that people gave stay."""
    page = wiki.create("Roadmap")
    label(wiki, page["id"], [{"prefix": "global", "name": "Roadmap"}])
    again = label(
        wiki, page["id"], [{"prefix": "global", "name": n} for n in ("roadmap", "pmsync")]
    )
    assert [entry["name"] for entry in again["results"]] == ["roadmap", "pmsync"]
    listed = wiki.call("GET", f"/pages/{page['id']}/labels?prefix=global")["results"]
    assert [entry["name"] for entry in listed] == ["roadmap", "pmsync"]
    assert wiki.call("GET", f"/pages/{page['id']}")["version"]["number"] == 1


def test_labels_are_removed_by_query_or_path(wiki: Wiki) -> None:
    """What is not there is a 404."""
    page = wiki.create("Roadmap")
    label(wiki, page["id"], {"prefix": "global", "name": "one"})
    label(wiki, page["id"], {"prefix": "global", "name": "two"})
    path = f"/wiki/rest/api/content/{page['id']}/label"
    assert wiki.send("DELETE", f"{path}?name=one").status_code == 204
    assert wiki.send("DELETE", f"{path}/two").status_code == 204
    assert wiki.send("DELETE", f"{path}?name=one").status_code == 404
    assert wiki.call("GET", f"/pages/{page['id']}/labels")["results"] == []


@pytest.mark.parametrize(
    "sent",
    [{"name": "x"}, {"prefix": "global"}, {"prefix": "odd", "name": "x"}, "x",
     {"prefix": "global", "name": "two words"}, {"prefix": "global", "name": "x" * 256}],
)  # fmt: skip
def test_a_wrong_label_is_refused(wiki: Wiki, sent: Any) -> None:
    """Prefix and name are needed, and a name is one word."""
    page = wiki.create("Roadmap")
    label(wiki, page["id"], sent, status=400)
