"""Answers that a site's front door gives instead of the site: logins, CAPTCHAs, refusals."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pmsync.sandbox.front import Front

LOGIN = "<!DOCTYPE html><html><head><title>Log in with Atlassian account</title></head></html>"


def login_page() -> Response:
    """What a proxy or a single sign-on puts in front of everything, with status 200."""
    return HTMLResponse(LOGIN)


def captcha() -> Response:
    """What Jira says to a right password after too many wrong ones."""
    headers = {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}
    headers["X-Authentication-Denied-Reason"] = "CAPTCHA_CHALLENGE; login-url=https://x/login"
    return JSONResponse({"message": "Basic auth denied"}, 403, headers=headers)


def down() -> Response:
    """What a gateway says when nobody is behind it."""
    return HTMLResponse("<html><body>Bad gateway</body></html>", 502)


@contextmanager
def answering(front: Front, answer: Response) -> Iterator[None]:
    """Let *answer* be given to every request as long as the context is open."""
    usual = front.inner

    async def same(request: Request) -> Response:
        await request.body()
        return answer

    app = Starlette(routes=[Route("/{path:path}", same, methods=["GET", "POST", "PUT", "DELETE"])])
    front.inner = lambda: app
    try:
        yield
    finally:
        front.inner = usual
