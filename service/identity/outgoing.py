"""HTTP to others, at an address that was looked at first."""

from __future__ import annotations

import ssl

import httpx2

from service.webhooks.addresses import AddressRefusedError, address_of, is_loopback

_PORTS = {"https": 443, "http": 80}


class PinnedTransport(httpx2.HTTPTransport):
    """Connects to the number that was looked up and allowed, whatever the name leads to by then.

    The certificate is still the name's. Plain HTTP stays on this machine.
    """

    def __init__(self, tls: ssl.SSLContext, *, private: bool) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._allows_private = private

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request. Raises AddressRefusedError and OSError besides what the library raises."""
        url = request.url
        port = url.port or _PORTS.get(url.scheme, 0)
        address = address_of(url.host, port, private=self._allows_private)
        if url.scheme != "https" and not is_loopback(address):
            raise AddressRefusedError(f"{url.host} is not this machine, and the address is not https")
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        request.url = url.copy_with(host=address)
        return super().handle_request(request)
