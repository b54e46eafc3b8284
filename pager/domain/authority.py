"""What an API key or a user may do, and to what: every check of this kind is made here, by two tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from pager.domain.api_key import ApiKey, Scope
from pager.domain.user import Role, User


class Deed(StrEnum):
    """Something that not everybody may do."""

    OPEN = "open an encounter"
    ACT = "act on an encounter"
    SEE = "see an encounter and its timeline"
    READ_WORDS = "read what was written freely about an encounter"
    LIST = "list encounters"
    SEE_ON_CALL = "see who is on call for a station"
    PRINT_NUMBERS = "see telephone numbers of who is on call"
    MEASURE = "see the measures of the whole service"
    MANAGE_PEOPLE = "change an agency's people and rosters"
    READ_AUDIT = "read what was changed about an agency"
    MANAGE_USERS = "change users, stations, keys and legal holds"


# `admin` includes the other scopes, and a scope that stands nowhere here may do nothing.
SCOPES: Mapping[Deed, tuple[Scope, ...]] = {
    Deed.OPEN: (Scope.TRIGGER,),
    Deed.ACT: (Scope.TRIGGER,),
    Deed.SEE: (Scope.READ, Scope.TRIGGER),
    Deed.READ_WORDS: (Scope.TRIGGER,),
    Deed.LIST: (Scope.READ,),
    Deed.SEE_ON_CALL: (Scope.READ,),
    Deed.MEASURE: (Scope.READ,),
}

# What is shown of an encounter is of every agency's people: nothing for who is there for one agency alone.
ROLES: Mapping[Deed, tuple[Role, ...]] = {
    Deed.OPEN: (Role.ADMIN, Role.DISPATCHER),
    Deed.ACT: (Role.ADMIN, Role.DISPATCHER),
    Deed.SEE: (Role.ADMIN, Role.DISPATCHER, Role.VIEWER),
    Deed.READ_WORDS: (Role.ADMIN, Role.DISPATCHER),
    Deed.LIST: (Role.ADMIN, Role.DISPATCHER, Role.VIEWER),
    Deed.SEE_ON_CALL: tuple(Role),
    Deed.PRINT_NUMBERS: (Role.ADMIN, Role.AGENCY_ADMIN, Role.DISPATCHER),
    Deed.MANAGE_PEOPLE: (Role.ADMIN, Role.AGENCY_ADMIN),
    Deed.READ_AUDIT: (Role.ADMIN, Role.AGENCY_ADMIN),
    Deed.MANAGE_USERS: (Role.ADMIN,),
}

# What an agency's administrator may do, for that agency only.
_OF_ONE_AGENCY = (Deed.SEE_ON_CALL, Deed.PRINT_NUMBERS, Deed.MANAGE_PEOPLE, Deed.READ_AUDIT)


def may(who: ApiKey | User, deed: Deed) -> bool:
    """Tell whether somebody may do this at all; to what, `may_to` tells."""
    if isinstance(who, User):
        return who.is_active and who.role in ROLES.get(deed, ())
    return who.revoked_at is None and deed in SCOPES and who.scope in (*SCOPES[deed], Scope.ADMIN)


def may_to(who: ApiKey | User, deed: Deed, *, stations: Collection[str] = (), agency: str | None = None) -> bool:
    """Tell whether somebody may do this to what belongs to these stations, or to this agency.

    An encounter belongs to every station that it has had. What belongs to nobody named belongs to all of them, and
    who is there for some may not do it.
    """
    if not may(who, deed):
        return False
    if isinstance(who, User):
        is_bound = who.role is Role.AGENCY_ADMIN and deed in _OF_ONE_AGENCY
        return not is_bound or (agency is not None and agency == who.agency)
    return not who.stations or not who.stations.isdisjoint(stations)
