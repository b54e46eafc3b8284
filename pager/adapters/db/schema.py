"""What the tables share: how constraints are named, the type of ids, and how long codes and numbers may be."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives ids by itself to an INTEGER primary key only.
Id = BigInteger().with_variant(Integer(), "sqlite")
CODE = 40
NUMBER = 16
QUEUED, SENDING = text("state = 'queued'"), text("state = 'sending'")
