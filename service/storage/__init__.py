"""Rows: tables, connections, migrations, sealed texts and the history chain."""
