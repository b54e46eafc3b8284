"""From where on the network somebody asks; failed sign-ins are counted by it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import Request

SUBNET = 64  # one subscriber has as many IPv6 addresses as they like, all within it


def network_of(request: Request) -> str:
    """Return the address that asks, of IPv6 its subnet; behind a proxy, the one that the proxy saw.

    A peer without a public address is taken for a proxy where it sends `X-Forwarded-For`, whose last entry it wrote
    itself. Who forges that from within our own network is still counted by the email that they try.
    """
    peer = _read(request.remote_addr or "")
    told = _read(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    address = told if told is not None and peer is not None and not peer.is_global else peer
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, SUBNET), strict=False))
    return str(address)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
