"""People who move between cities."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_setting_right"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("from_city", models.CharField(max_length=4)),
                ("to_city", models.CharField(blank=True, default="", max_length=4)),
                ("package_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("taken_at", models.DateTimeField(null=True)),
                ("note", models.TextField(default="")),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["from_city", "state"], name="registry_ha_from_ci_8a4633_idx"),
                    models.Index(fields=["to_city", "state"], name="registry_ha_to_city_425c90_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("person_id",), name="handover_once"
                    )
                ],
            },
        ),
    ]
