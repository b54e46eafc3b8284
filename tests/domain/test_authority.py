"""Who may do what to what: every scope and every role, on their own and on what belongs to others."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from pager.domain.api_key import ApiKey, Scope
from pager.domain.authority import Deed, may, may_to
from pager.domain.user import Role, User
from tests.domain.samples import AT

# Written out, not computed: this is what the code must come to.
KEYS_THAT_MAY = {
    Deed.OPEN: "trigger admin",
    Deed.ACT: "trigger admin",
    Deed.SEE: "trigger read admin",
    Deed.READ_WORDS: "trigger admin",
    Deed.LIST: "read admin",
    Deed.SEE_ON_CALL: "read admin",
    Deed.PRINT_NUMBERS: "",
    Deed.MEASURE: "read admin",
    Deed.MANAGE_PEOPLE: "",
    Deed.READ_AUDIT: "",
    Deed.MANAGE_USERS: "",
}
USERS_THAT_MAY = {
    Deed.OPEN: "admin dispatcher",
    Deed.ACT: "admin dispatcher",
    Deed.SEE: "admin dispatcher viewer",
    Deed.READ_WORDS: "admin dispatcher",
    Deed.LIST: "admin dispatcher viewer",
    Deed.SEE_ON_CALL: "admin agency_admin dispatcher viewer",
    Deed.PRINT_NUMBERS: "admin agency_admin dispatcher",
    Deed.MEASURE: "",
    Deed.MANAGE_PEOPLE: "admin agency_admin",
    Deed.READ_AUDIT: "admin agency_admin",
    Deed.MANAGE_USERS: "admin",
}
OF_ONE_AGENCY = {Deed.SEE_ON_CALL, Deed.PRINT_NUMBERS, Deed.MANAGE_PEOPLE, Deed.READ_AUDIT}


def key(scope: str, *stations: str) -> ApiKey:
    return ApiKey("cad", scope, frozenset(stations), "hash", AT)


def user(role: Role) -> User:
    return User("ana@example.org", role, AT, agency="dcfs" if role is Role.AGENCY_ADMIN else None)


def test_the_tables_here_leave_no_deed_out() -> None:
    assert set(KEYS_THAT_MAY) == set(USERS_THAT_MAY) == set(Deed)


@pytest.mark.parametrize(("scope", "deed"), list(product(Scope, Deed)))
def test_a_key_of_every_station_may_what_its_scope_says_everywhere(scope: Scope, deed: Deed) -> None:
    expected = scope in KEYS_THAT_MAY[deed].split()
    assert may(key(scope), deed) is expected
    for stations in ((), ("compton",), ("compton", "lancaster")):
        assert may_to(key(scope), deed, stations=stations) is expected


@pytest.mark.parametrize(("scope", "deed"), list(product(Scope, Deed)))
def test_a_key_of_some_stations_may_it_to_theirs_alone(scope: Scope, deed: Deed) -> None:
    bound, expected = key(scope, "compton", "century"), scope in KEYS_THAT_MAY[deed].split()
    assert may(bound, deed) is expected
    assert may_to(bound, deed, stations=["compton"]) is expected
    assert may_to(bound, deed, stations=["lancaster", "century"]) is expected, "it belongs to every station it had"
    assert not may_to(bound, deed, stations=["lancaster"])
    assert not may_to(bound, deed), "what is all stations' is not for who is for some"


@pytest.mark.parametrize(("role", "deed"), list(product(Role, Deed)))
def test_a_user_may_what_their_role_says_and_an_agency_s_administrator_for_it_alone(role: Role, deed: Deed) -> None:
    expected = role in USERS_THAT_MAY[deed].split()
    is_bound = role is Role.AGENCY_ADMIN and deed in OF_ONE_AGENCY
    assert may(user(role), deed) is expected
    assert may_to(user(role), deed, agency="dcfs") is expected
    assert may_to(user(role), deed, agency="dmh") is (expected and not is_bound)
    assert may_to(user(role), deed) is (expected and not is_bound)


@pytest.mark.parametrize("deed", Deed)
def test_who_was_let_go_may_nothing(deed: Deed) -> None:
    assert not may_to(replace(key(Scope.ADMIN), revoked_at=AT), deed, stations=["compton"])
    assert not may_to(replace(user(Role.ADMIN), is_active=False), deed, agency="dcfs")


@pytest.mark.parametrize("deed", Deed)
def test_a_scope_that_nobody_knows_may_nothing(deed: Deed) -> None:
    assert not may(key("everything"), deed)


@pytest.mark.parametrize("deed", sorted(OF_ONE_AGENCY))
def test_an_agency_s_administrator_without_an_agency_administers_none(deed: Deed) -> None:
    stray = User("ana@example.org", Role.AGENCY_ADMIN, AT)
    assert not any(may_to(stray, deed, agency=agency) for agency in (None, "dcfs"))
