"""The people's tables, and the lock on them."""

from pathlib import Path

from django.db import migrations

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    """Runs the SQL of registry/tables in its order."""

    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunSQL((TABLES / name).read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop)
        for name in ("people.sql", "areas.sql", "audit.sql")
    ]
