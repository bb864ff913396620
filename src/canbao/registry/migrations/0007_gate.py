"""The gate before admission, and dry runs."""

from pathlib import Path

from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_places"),
    ]

    operations = [
        migrations.AddField(model_name="package", name="plausibility", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="package", name="rehearsal", field=models.JSONField(default=dict)),
        migrations.RunSQL((TABLES / "gate.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
