"""Living data: partners, agreements, what they pushed and were given; the locks on it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0009_survey_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="代号")),
                ("label", models.CharField(max_length=100, verbose_name="名称")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("division_code", models.CharField(max_length=6, verbose_name="区划")),
                ("contact", models.CharField(max_length=200, verbose_name="联系人")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("cut_off_at", models.DateTimeField(null=True)),
                ("cut_off_reason", models.TextField(default="")),
                (
                    "cut_off_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "officer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="partner", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="partner", to="registry.package"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=100, verbose_name="协议编号")),
                ("purpose", models.TextField(verbose_name="用途")),
                ("confidentiality", models.TextField(verbose_name="保密义务")),
                ("contact", models.CharField(max_length=200, verbose_name="联系人")),
                ("area", models.CharField(max_length=12, verbose_name="范围")),
                ("services", models.JSONField(default=list)),
                ("rows", models.JSONField(default=list)),
                ("insurance_types", models.JSONField(default=list)),
                ("items_in", models.JSONField(default=list)),
                ("shown", models.JSONField(default=list)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("rows_a_day", models.IntegerField(default=0)),
                ("people_a_day", models.IntegerField(default=0)),
                ("requests_a_minute", models.IntegerField(default=60)),
                ("since", models.DateTimeField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="registry.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.CharField(max_length=64, unique=True, verbose_name="指纹")),
                ("algorithm", models.CharField(max_length=40)),
                ("public_key", models.TextField(verbose_name="公钥")),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("valid_to", models.DateField(verbose_name="有效期至")),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="registry.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Given",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("service", models.CharField(max_length=20)),
                ("purpose", models.CharField(max_length=40)),
                ("told_to", models.CharField(default="", max_length=64)),
                ("items", models.JSONField(default=list)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.agreement"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="given", to="registry.partner"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner", "-at"], name="registry_gi_partner_cdb2f8_idx"),
                    models.Index(fields=["person_id"], name="registry_gi_person__1cb1e7_idx"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["partner", "valid_to"], name="registry_ag_partner_9b1037_idx"),
        ),
        migrations.RunSQL((TABLES / "exchange.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
