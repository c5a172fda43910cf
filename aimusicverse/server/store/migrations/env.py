"""Alembic's entry: run the migrations on the connection that `schema.py` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
# The connection is in AUTOCOMMIT, so the transaction is ours to open and close.
connection.exec_driver_sql("BEGIN IMMEDIATE")
try:
    context.configure(connection=connection, render_as_batch=True, transactional_ddl=False)
    context.run_migrations()
except BaseException:
    connection.exec_driver_sql("ROLLBACK")
    raise
connection.exec_driver_sql("COMMIT")
