"""Gives every test of the sandbox its own world."""

from __future__ import annotations

import pytest

from tests.sandbox.support import World


@pytest.fixture
def world() -> World:
    return World()
