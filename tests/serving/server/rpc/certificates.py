"""Keys and certificates, drawn at run time."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    """A name with its key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def draw_identity(name: str, issuer: Identity | None = None) -> Identity:
    """Returns an authority, or what one has signed for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
    )
    signed = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Identity(key, signed)


def ssl_config(
    server: Identity, authority: Identity | None = None, *, verify: bool = False
) -> str:
    """Returns the text SSLConfig."""
    fields = {"server_key": server.key_pem, "server_cert": server.certificate_pem}
    if authority is not None:
        fields["custom_ca"] = authority.certificate_pem
    lines = [f'{name}: "{_escaped(text)}"' for name, text in fields.items()]
    return "\n".join([*lines, f"client_verify: {str(verify).lower()}"])


def _escaped(text: str) -> str:
    return text.replace("\n", "\\n")
