"""The stand-in for AWS: bench/aws, with a certificate of its own making."""

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

CRATE = Path(__file__).resolve().parents[1] / "aws"

BUCKET = "remotionlambda-useast1-abc"
RENDER = "1pwhfhh11z"


@dataclass(frozen=True)
class Certificate:
    """RSA of 2,048 bits, as AWS's endpoints have, under an authority of its own."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    @classmethod
    def make(cls, folder: Path) -> Self:
        def openssl(*arguments: str) -> None:
            subprocess.run(["openssl", *arguments], check=True, cwd=folder, capture_output=True)

        (folder / "extensions").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
        new_key = ["-newkey", "rsa:2048", "-nodes"]
        openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=bench")
        openssl("req", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "extensions"]
        openssl("x509", "-req", "-in", "server.csr", *signed, "-out", "server.pem")
        return cls(folder)


class Aws:
    """One process. How often it was asked to invoke a function is known when it has ended."""

    def __init__(self, certificate: Certificate, delay_ms: int = 0, progress: bytes = b"{}"):
        state = certificate.folder / "progress.json"
        state.write_bytes(progress)
        files = [certificate.folder / name for name in ("server.pem", "server.key")]
        self._process = subprocess.Popen(
            [_binary(), *files, str(delay_ms), state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._port = int(self._process.stdout.readline())
        self.invocations = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.invocations = int(self._process.communicate()[0])

    def variables(self) -> dict[str, str]:
        """AWS Lambda by name, as at AWS; S3 by IP, so that buckets are addressed by path."""
        by_name, by_ip = (f"https://{host}:{self._port}" for host in ("localhost", "127.0.0.1"))
        return {"AWS_ENDPOINT_URL": by_ip, "AWS_ENDPOINT_URL_LAMBDA": by_name}


@functools.cache
def _binary() -> Path:
    """Built once for all that are started."""
    subprocess.run(["cargo", "build", "--quiet", "--release", "--locked"], cwd=CRATE, check=True)
    return CRATE / "target" / "release" / "aws"
