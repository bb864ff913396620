"""Proofs and the keys that sign them, panels and where they may be framed; the locks on them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0011_duplicates"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProofKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.CharField(max_length=16, unique=True)),
                ("public_key", models.CharField(max_length=64)),
                ("sealed_secret", models.TextField(default="")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="agreement",
            name="panel_origins",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="Panel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("person_id", models.BigIntegerField()),
                ("told_to", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=40)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.agreement"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=14, unique=True, verbose_name="编号")),
                ("person_id", models.BigIntegerField()),
                ("told_to", models.CharField(max_length=64, verbose_name="经办")),
                ("purpose", models.CharField(max_length=40, verbose_name="用途")),
                ("key_id", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField(verbose_name="出具时间")),
                ("valid_to", models.DateTimeField(verbose_name="有效期至")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("revoked_reason", models.TextField(default="", verbose_name="作废原因")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.agreement"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="registry.partner"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="registry_pr_person__5fc480_idx"),
                    models.Index(
                        condition=models.Q(("revoked_at__isnull", False)), fields=["valid_to"], name="proof_revoked"
                    ),
                ],
            },
        ),
        migrations.RunSQL((TABLES / "proofs.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
