"""A certificate made on the spot, for servers of tests that speak TLS."""

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfMade:
    """A certificate that only who is told to trusts.

    Attributes:
        trusted: The file that a client has to name to trust it.
        context: What a server speaks TLS with.
    """

    trusted: str
    context: ssl.SSLContext


def self_made(folder: Path, *, address: str = "127.0.0.1") -> SelfMade:
    """Return a certificate for the IP address *address*; skips where there is no ``openssl``."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl program to make a certificate with")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=pmsync test"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", f"subjectAltName=IP:{address}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return SelfMade(trusted=str(certificate), context=context)
