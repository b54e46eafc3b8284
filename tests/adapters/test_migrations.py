"""The schema: up, down, up again, and the same as the tables that the code uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from pager.adapters.db.migrate import MIGRATIONS, downgrade, is_current, upgrade
from pager.adapters.db.schema import metadata
from pager.adapters.db.session import open_database


def differences(url: str) -> list[object]:
    engine = open_database(url)
    with engine.connect() as connection:
        found: list[object] = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
    engine.dispose()
    return found


def test_up_down_and_up_again_leaves_the_tables_that_the_code_uses(database_url: str) -> None:
    assert differences(database_url) == []
    downgrade(database_url)
    engine = open_database(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(engine)
    upgrade(database_url)
    assert differences(database_url) == []
    assert is_current(engine)
    engine.dispose()


def test_partial_indexes_are_partial_on_both_databases(database_url: str) -> None:
    engine = open_database(database_url)
    indexes = {index["name"]: index for index in inspect(engine).get_indexes("deliveries")}
    option = f"{engine.dialect.name}_where"
    assert "queued" in str(indexes["ix_deliveries_queued"]["dialect_options"][option])
    engine.dispose()


def test_a_sqlite_database_is_made_with_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'pager.db'}"
    upgrade(url)
    upgrade(url)
    assert differences(url) == []


@pytest.mark.parametrize("path", sorted((MIGRATIONS / "versions").glob("*.py")), ids=lambda path: path.name)
def test_each_migration_is_numbered_and_named(path: Path) -> None:
    number, _, name = path.stem.partition("_")
    assert number.isdecimal()
    assert name
    assert f'revision = "{number}"' in path.read_text()
