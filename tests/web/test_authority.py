"""Every route of the whole service says who may use it, and nobody else gets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from pager.adapters.web.authority import Authority, Kind
from pager.demo.service import make_demo
from pager.domain.api_key import Scope
from pager.domain.user import Role
from tests.web.whole_app import Whole, rules_of, serve_app, sign_in_as
from tests.world import PUBLIC_URL

# What a lock answers; whoever passes it may still be told that there is no such thing.
REFUSED = {401, 403}


@pytest.fixture
def whole(sqlite_url: str) -> Iterator[Whole]:
    whole = serve_app(sqlite_url, public_url=PUBLIC_URL)
    whole.app.config["WTF_CSRF_ENABLED"] = False  # who is let in is asked here, and not from which page they came
    yield whole
    whole.store.engine.dispose()


def test_every_route_of_the_service_says_who_may_use_it(whole: Whole) -> None:
    assert [(method, path) for method, path, authority in rules_of(whole.app) if authority is None] == []


def test_every_route_of_the_demonstration_says_who_may_use_it(tmp_path: Path) -> None:
    rules = list(rules_of(make_demo(8000, tmp_path).app))
    assert [(method, path) for method, path, authority in rules if authority is None] == []
    assert {path.split("/")[1] for _, path, authority in rules if authority and authority.kind is Kind.SANDBOX} == {
        "sandbox"
    }


def rules_for(whole: Whole, kind: Kind) -> list[tuple[str, str, Authority]]:
    """Return method, address and authority of the routes that let people in by this."""
    found = [(method, path, given) for method, path, given in rules_of(whole.app) if given and given.kind is kind]
    assert found, "there are such routes"
    return found


def test_nobody_gets_in_but_where_it_is_public(whole: Whole) -> None:
    client = whole.app.test_client()
    for method, path, _ in rules_for(whole, Kind.PUBLIC):
        answer = client.open(path, method=method, buffered=True)  # read to its end: some are files
        assert answer.status_code not in REFUSED, (method, path)
    for method, path, _ in rules_for(whole, Kind.KEY):
        assert client.open(path, method=method).status_code == 401, (method, path)
    for method, path, _ in rules_for(whole, Kind.CARRIER):
        assert client.open(path, method=method).status_code == 403, (method, path)
    for method, path, _ in rules_for(whole, Kind.USER):
        assert is_sent_to_sign_in(client.open(path, method=method)), (method, path)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_is_let_in_where_its_scope_is_declared_and_nowhere_else(whole: Whole, scope: Scope) -> None:
    client, key = whole.app.test_client(), {"Authorization": f"Bearer {scope}"}
    for method, path, authority in rules_for(whole, Kind.KEY):
        answer = client.open(path, method=method, headers=key, json={})
        is_let_in = scope in (*authority.scopes, Scope.ADMIN)
        assert (answer.status_code not in REFUSED) is is_let_in, (method, path, answer.text)
    for method, path, _ in rules_for(whole, Kind.USER):
        assert is_sent_to_sign_in(client.open(path, method=method, headers=key)), (method, path)
    for method, path, _ in rules_for(whole, Kind.CARRIER):
        assert client.open(path, method=method, headers=key).status_code == 403, (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_a_user_is_let_in_where_their_role_is_declared_and_nowhere_else(whole: Whole, role: Role) -> None:
    for method, path, authority in rules_for(whole, Kind.USER):
        answer = sign_in_as(whole, role).open(path, method=method)
        assert not is_sent_to_sign_in(answer), (method, path)
        assert (answer.status_code not in REFUSED) is (role in authority.roles), (method, path)
    for method, path, _ in rules_for(whole, Kind.KEY):
        assert sign_in_as(whole, role).open(path, method=method).status_code == 401, (method, path)


def is_sent_to_sign_in(answer: TestResponse) -> bool:
    """Tell whether somebody is to sign in; a script is told so, and a sign-out leads there too."""
    return answer.status_code == 401 or (answer.status_code == 303 and "/sign-in?next=" in answer.location)
