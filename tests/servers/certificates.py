"""
An authority of the tests, with certificates for a server on this machine and for a client of it.
"""

from __future__ import annotations

import datetime
import ipaddress
import pathlib
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_ONE_DAY = datetime.timedelta(days=1)
_PEM = serialization.Encoding.PEM
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Authority:
    """
    An authority that writes its files to a folder, ``ca.pem`` first.

    :param folder: the folder, which exists
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.file = folder / "ca.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Tests CA")
        # OpenSSL verifies strictly from Python 3.13 on, and asks for all of these
        usage = dict.fromkeys(_USES, False) | {"key_cert_sign": True, "crl_sign": True}
        made = (
            self._builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(_PEM))

    def server(
        self, *addresses: str, name: str = "localhost", expired: bool = False
    ) -> tuple[pathlib.Path, pathlib.Path]:
        """
        The files with the certificate and the key of a server.

        :param addresses: its addresses
        :param name: its name
        :param expired: let the certificate have ended
        """
        known: list[x509.GeneralName] = [
            x509.IPAddress(ipaddress.ip_address(address)) for address in addresses
        ]
        names = x509.SubjectAlternativeName([x509.DNSName(name), *known])
        return self._issue(name, ExtendedKeyUsageOID.SERVER_AUTH, names, expired)

    def client(self, name: str) -> tuple[pathlib.Path, pathlib.Path]:
        """
        The files with the certificate and the key of a client.

        :param name: its name
        """
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        return self._issue(name, ExtendedKeyUsageOID.CLIENT_AUTH, names, False)

    def _issue(
        self, name: str, usage: t.Any, names: x509.SubjectAlternativeName, expired: bool
    ) -> tuple[pathlib.Path, pathlib.Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            self._builder(_name(name), key, expired)
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        certificate, private = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(made.public_bytes(_PEM))
        private.write_bytes(
            key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        private.chmod(0o600)
        return certificate, private

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, expired: bool = False
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 3 * _ONE_DAY)
            .not_valid_after(now - _ONE_DAY if expired else now + _ONE_DAY)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False
            )
        )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
