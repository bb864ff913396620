"""Setting right: requests that two officers decide, what they decided, and what packages replaced."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=6)),
                ("ssn", models.CharField(max_length=32)),
                ("person_id", models.BigIntegerField()),
                ("number", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("item", models.CharField(max_length=40)),
                ("value", models.TextField()),
                ("was", models.TextField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("into_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=100)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sealed", models.TextField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=20)),
                ("area", models.CharField(max_length=12)),
                ("asked_area", models.CharField(max_length=12)),
                ("person_id", models.BigIntegerField(null=True)),
                ("content", models.JSONField(default=dict)),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("due_on", models.DateField()),
                ("answer", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RequestMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("note", models.TextField(default="")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="package",
            name="package_once",
        ),
        migrations.AddField(
            model_name="admissionrange",
            name="is_withdrawal",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="officer",
            name="staff_number",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="人员编号"),
        ),
        migrations.AddField(
            model_name="package",
            name="is_reversible",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["refused", "cancelled", "withdrawn"]), _negated=True),
                fields=("sha256",),
                name="package_once",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="added_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="request",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="requests", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="package",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="registry.package"
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="undoes",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="undone_by", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
            ),
        ),
        migrations.AddField(
            model_name="requestmove",
            name="by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="requestmove",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="registry.request"
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["state", "area"], name="registry_re_state_40beac_idx"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["person_id"], name="registry_re_person__a2e9c1_idx"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["-asked_at"], name="registry_re_asked_a_1649a9_idx"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["into_id"], name="registry_li_into_id_e94dc6_idx"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_by__isnull", True)), fields=("person_id",), name="link_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_by__isnull", True)), fields=("person_id", "item"), name="correction_once"
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["person_id"], name="registry_as_person__91f3da_idx"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_by__isnull", True)),
                fields=("division_code", "ssn"),
                name="assignment_once",
            ),
        ),
        migrations.RunSQL(
            (TABLES / "setting_right.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop
        ),
    ]
