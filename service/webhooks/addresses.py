"""HTTPS to an address that was looked at first: no request of ours reaches what only this machine should reach."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address


#: Private networks, and this machine.
_OWN = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
)

#: Where clouds keep credentials besides the link-local addresses: Amazon's and Google's in IPv6.
_CREDENTIALS = frozenset(ipaddress.ip_address(address) for address in ("fd00:ec2::254", "fd20:ce::254"))


class AddressRefusedError(Exception):
    """The name leads to an address that is not to be spoken to."""


def address_of(host: str, port: int, *, private: bool) -> str:
    """The address to connect to, as a number. Every one that the name has must be public, or `private` be set.

    It is the number that is connected to, so that a second look-up cannot answer otherwise. Raises AddressRefusedError,
    and OSError where the name leads nowhere.
    """
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not _allowed(ipaddress.ip_address(address.partition("%")[0]), private=private):
            raise AddressRefusedError(f"{host} leads to {address}")
    return found[0]


def _allowed(address: IPv4Address | IPv6Address, *, private: bool) -> bool:
    """A public address, or with `private` one of the council's network or of this machine.

    Everything else is refused always: those where clouds keep credentials, other link-local ones, and those that hide
    another one.
    """
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain in _CREDENTIALS:
        return False
    if private and any(plain in network for network in _OWN):
        return True
    hides = getattr(plain, "sixtofour", None) or getattr(plain, "teredo", None)
    return plain.is_global and not (hides or plain.is_reserved or plain.is_multicast)


def is_loopback(address: str) -> bool:
    """Whether an address never leaves this machine."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


class PinnedConnection(http.client.HTTPConnection):
    """A connection to one address, whatever the name leads to by now; the certificate is still the name's."""

    def __init__(self, host: str, port: int, address: str, timeout: float, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address, self._tls = address, tls

    def connect(self) -> None:
        """Connect, and speak TLS where there is a context for it."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain
