"""The telephones of the tests' county (tests/county.yaml)."""

from __future__ import annotations

ANA, BEN, CHO = "+12135550101", "+12135550102", "+12135550103"  # dcfs: primary, backup, supervisor
DCFS_DUTY = "+12135550100"
DAN, EVA, FAY = "+12135550111", "+12135550112", "+12135550113"  # dhs
GUS = "+12135550121"  # dmh
JON = "+12135550131"  # probation
MIA = "+12135550141"  # advocates
PRIMARIES = (ANA, DAN, GUS, JON, MIA)
STRANGER = "+17145550100"
