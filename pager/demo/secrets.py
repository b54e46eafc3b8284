"""The demonstration's own secrets, made once and kept beside its database."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class DemoSecrets:
    """What the demonstration signs and signs in with."""

    api_key: str
    password: str
    secret_key: str
    auth_token: str


def demo_secrets(path: Path) -> DemoSecrets:
    """Return the secrets kept at `path`, new ones where there are none."""
    try:
        return DemoSecrets(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        made = DemoSecrets(
            api_key=f"pager_demo_{secrets.token_urlsafe(16)}",
            password=secrets.token_urlsafe(12),
            secret_key=secrets.token_hex(),
            auth_token=secrets.token_hex(16),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(made)))
        return made
