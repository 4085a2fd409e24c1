"""A mail server that writes each Message-ID to its log before it answers, and misbehaves as asked.

`python -m tests.faults.sink --folder F [--lose 0.03] [--later 0.03] [--silent 0.01] [--slow 0.5] [--tls] [--cut 0.03]`
writes its port into F/port and its log into F/taken: one line a message, "time Message-ID". Shares are of messages.
"""

import argparse
import asyncio
import contextlib
import os
import random
import re
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Takes messages, after a throw of the dice."""

    def __init__(self, folder: Path, asked: argparse.Namespace) -> None:
        self.asked, self.dice = asked, random.Random(asked.seed)
        self.log = os.open(folder / "taken", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.tls = _context(folder) if asked.tls else None

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options
    ) -> str:
        if address.startswith("refused"):
            return "550 5.1.1 nobody here by that name"
        if self.dice.random() < self.asked.cut:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.dice.random() < self.asked.later:
            return "451 4.3.0 come back later"
        found = MESSAGE_ID.search(envelope.original_content or b"")
        said = found[1].decode() if found else "?"
        os.write(self.log, f"{time.time():.3f} {said}\n".encode())
        if self.asked.slow:
            await asyncio.sleep(self.asked.slow)
        if self.dice.random() < self.asked.lose:
            server.transport.abort()
        if self.dice.random() < self.asked.silent:
            await asyncio.sleep(3600)
        return "250 OK"

    def protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="sink.test",
            decode_data=False,
            tls_context=self.tls,
            require_starttls=bool(self.tls),
        )


def _context(folder: Path) -> ssl.SSLContext:
    certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def certificate(folder: Path) -> None:
    """A certificate made here for 127.0.0.1, with its key: whoever trusts cert.pem trusts the sink."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink.test")])
    places = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    )
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    made = made.add_extension(places, critical=False).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    signed = made.sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )


async def serve(sink: Sink, folder: Path) -> None:
    server = await asyncio.get_running_loop().create_server(sink.protocol, "127.0.0.1", 0)
    (folder / ".port").write_text(str(server.sockets[0].getsockname()[1]))
    (folder / ".port").rename(folder / "port")
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tls", action="store_true")
    for share in ("lose", "later", "silent", "cut", "slow"):
        parser.add_argument(f"--{share}", type=float, default=0.0)
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Sink(asked.folder, asked), asked.folder))


if __name__ == "__main__":
    main()
