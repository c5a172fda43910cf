"""Alembic's entry: run the migrations on the connection, and in the transaction, of `schema.py`."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True, transactional_ddl=False)
context.run_migrations()
