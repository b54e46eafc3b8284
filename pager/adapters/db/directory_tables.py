"""The tables of the directory: agencies, stations, people, and who is on call."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, String, Table, UniqueConstraint

from pager.adapters.db.schema import CODE, NUMBER, Id, metadata
from pager.adapters.db.types import CodeList, CodeSet, Instant, Seconds, Word
from pager.domain.coverage_warning import Notice
from pager.domain.directory import Channel
from pager.domain.roster import EntryKind, Tier

agencies = Table(
    "agencies",
    metadata,
    Column("code", String(CODE), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("short", String(100), nullable=False),
    Column("spoken", String(200), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("duty_phone", String(NUMBER)),
    Column("is_active", Boolean, nullable=False),
)

stations = Table(
    "stations",
    metadata,
    Column("code", String(CODE), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("short", String(200), nullable=False),
    Column("policy", String(64), nullable=False),
    Column("live_since", Date),
    Column("is_active", Boolean, nullable=False),
)

responders = Table(
    "responders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("agency", ForeignKey("agencies.code"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("sms", String(NUMBER), index=True),
    Column("voice", String(NUMBER), index=True),
    Column("trained_until", Date),
    Column("is_duty", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("sms_opted_out_at", Instant),
    Column("sms_verified_at", Instant),
    Column("voice_verified_at", Instant),
    Column("consented_at", Instant),
    Column("consent_how", String(100)),
    Column("last_reached_at", Instant),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Word(EntryKind), nullable=False),
    Column("agency", ForeignKey("agencies.code"), nullable=False),
    Column("tier", Word(Tier), nullable=False),
    Column("responder", ForeignKey("responders.id"), nullable=False),
    Column("stations", CodeSet(4000), nullable=False),
    Column("starts", DateTime, nullable=False),
    Column("ends", DateTime, nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False, index=True),
    UniqueConstraint("agency", "tier", "stations", "starts", "kind"),
)

rotations = Table(
    "rotations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("agency", ForeignKey("agencies.code"), nullable=False),
    Column("tier", Word(Tier), nullable=False),
    Column("responders", CodeList(4000), nullable=False),
    Column("stations", CodeSet(4000), nullable=False),
    Column("starts", DateTime, nullable=False),
    Column("every", Seconds, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("ends", DateTime),
    UniqueConstraint("agency", "tier", "stations"),
)

# A code that was sent to a number, to be typed in by whoever can read or hear it; kept as a hash.
codes = Table(
    "codes",
    metadata,
    Column("responder", ForeignKey("responders.id"), primary_key=True),
    Column("channel", Word(Channel), primary_key=True),
    Column("number", String(NUMBER), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
)

# That people were warned of a gap. A row goes when its gap does.
coverage_warnings = Table(
    "coverage_warnings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("agency", ForeignKey("agencies.code"), nullable=False),
    Column("station", ForeignKey("stations.code"), nullable=False),
    Column("tier", Word(Tier), nullable=False),
    Column("notice", Word(Notice), nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False),
    Column("warned_at", Instant, nullable=False),
    UniqueConstraint("agency", "station", "tier", "notice", "start_at"),
)

# One row: when the rosters were looked over last. Whoever changes it has the next look.
coverage_looks = Table(
    "coverage_looks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("begun_at", Instant, nullable=False),
)
