"""One unit of work: the tables, each behind the interface that the lifecycle knows."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from pager.adapters.db.audit import SqlAudit
from pager.adapters.db.claims import SqlClaims
from pager.adapters.db.codes import SqlCodes
from pager.adapters.db.coverage import SqlCoverage
from pager.adapters.db.deliveries import SqlDeliveries
from pager.adapters.db.directory import SqlDirectory
from pager.adapters.db.encounters import SqlEncounters
from pager.adapters.db.engines import SqlEngines
from pager.adapters.db.inbox import SqlInbox
from pager.adapters.db.keys import SqlKeys
from pager.adapters.db.leftovers import SqlLeftovers
from pager.adapters.db.retention import SqlRetention
from pager.adapters.db.sealed import SqlSealed
from pager.adapters.db.timeline import SqlTimeline
from pager.adapters.db.users import SqlUsers
from pager.adapters.sealing import Sealer


class SqlWork:
    """All tables within one session."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session, self._sealer = session, sealer

    @property
    def has_work_for_engine(self) -> bool:
        """Tell whether something was queued, so that the engine should look at once."""
        return self.deliveries.has_queued

    def flush(self) -> None:
        self._session.flush()

    @cached_property
    def encounters(self) -> SqlEncounters:
        return SqlEncounters(self._session)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        return SqlDeliveries(self._session)

    @cached_property
    def claims(self) -> SqlClaims:
        return SqlClaims(self._session)

    @cached_property
    def timeline(self) -> SqlTimeline:
        return SqlTimeline(self._session, self._sealer)

    @cached_property
    def directory(self) -> SqlDirectory:
        return SqlDirectory(self._session)

    @cached_property
    def codes(self) -> SqlCodes:
        return SqlCodes(self._session)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._session, self._sealer)

    @cached_property
    def keys(self) -> SqlKeys:
        return SqlKeys(self._session)

    @cached_property
    def users(self) -> SqlUsers:
        return SqlUsers(self._session)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self._session)

    @cached_property
    def sealed(self) -> SqlSealed:
        return SqlSealed(self._session, self._sealer)

    @cached_property
    def retention(self) -> SqlRetention:
        return SqlRetention(self._session)

    @cached_property
    def leftovers(self) -> SqlLeftovers:
        return SqlLeftovers(self._session)

    @cached_property
    def coverage(self) -> SqlCoverage:
        return SqlCoverage(self._session)

    @cached_property
    def engines(self) -> SqlEngines:
        return SqlEngines(self._session)
