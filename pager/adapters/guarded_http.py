"""HTTP to addresses that come from outside the code: never to where a machine's own secrets are told.

It is the connection that is looked at, once it stands and before anything is asked: what a name led to a moment before,
it need not lead to any more.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

# Where clouds tell a machine about itself, but for the link-local ones (169.254.169.254).
METADATA = tuple(map(ip_network, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))


class ForbiddenAddressError(Exception):
    """The connection leads to where nothing is to be asked."""


def is_forbidden(address: str) -> bool:
    """Tell whether an address is link-local, one of a cloud's metadata, or none of a single machine.

    A monitor may well stand in our own network, or on this machine.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    is_nobodys = found.is_link_local or found.is_multicast or found.is_unspecified
    return is_nobodys or any(found in network for network in METADATA)


def guarded_session() -> requests.Session:
    """Return a session whose requests raise ForbiddenAddressError where they would lead to such an address.

    Through a proxy it is the proxy's address that is looked at: what lies behind it is the proxy's to refuse.
    """
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check(self)


class _TlsConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check(self)


def _check(connection: HTTPConnection) -> None:
    if connection.sock is not None and is_forbidden(connection.sock.getpeername()[0]):
        connection.close()
        raise ForbiddenAddressError


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
