"""The survey's tables, and the lock on them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0008_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=80)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("announced_on", models.DateField(null=True)),
                ("state", models.CharField(max_length=20)),
                ("scope", models.JSONField(default=dict)),
                ("attempts", models.SmallIntegerField()),
                ("entry_days", models.SmallIntegerField()),
                ("self_filling", models.BooleanField(default=False)),
                ("is_training", models.BooleanField(default=False)),
                ("form", models.SmallIntegerField(default=1)),
                ("phone", models.CharField(default="", max_length=40)),
                ("waiver", models.TextField(default="")),
                ("drawn_up_at", models.DateTimeField(auto_now_add=True)),
                (
                    "drawn_up_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CampaignMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("note", models.TextField(default="")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="survey.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contractor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=128)),
                ("uscc", models.CharField(max_length=18)),
                ("agreement_no", models.CharField(default="", max_length=60)),
                ("signed_on", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("sealed_agreement", models.TextField(default="")),
                ("media_type", models.CharField(default="", max_length=40)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.SmallIntegerField()),
                ("form", models.SmallIntegerField()),
                ("answers", models.JSONField()),
                ("kept", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=dict)),
                ("found", models.JSONField(default=list)),
                ("method", models.CharField(max_length=1)),
                ("seconds", models.IntegerField(default=0)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=40)),
                ("words", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="survey.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.SmallIntegerField()),
                ("overlay", models.JSONField(default=dict)),
                ("moves_up", models.BooleanField(default=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="survey.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Printing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("asked", models.JSONField(default=dict)),
                ("records", models.IntegerField(default=0)),
                ("pages", models.IntegerField(default=0)),
                ("sha256", models.CharField(default="", max_length=64)),
                ("strange", models.JSONField(default=list)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="printings", to="survey.campaign"
                    ),
                ),
                (
                    "work",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="printing", to="registry.work"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("area", models.CharField(max_length=12)),
                ("percent", models.SmallIntegerField()),
                ("seed", models.BigIntegerField()),
                ("among", models.IntegerField()),
                ("drawn_at", models.DateTimeField(auto_now_add=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="survey.campaign"
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Surveyor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=4)),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("name", models.CharField(max_length=64)),
                ("mobile", models.CharField(max_length=11)),
                ("unit", models.CharField(default="", max_length=128)),
                ("card_number", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("revoked_on", models.DateField(null=True)),
                ("revoked_for", models.TextField(default="")),
                ("sealed_photo", models.TextField(default="")),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contractor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveyors",
                        to="survey.contractor",
                    ),
                ),
                (
                    "officer",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveyor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entry",
            name="surveyor",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="survey.surveyor"),
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("state", models.CharField(max_length=20)),
                ("form", models.SmallIntegerField(default=1)),
                ("reason", models.CharField(default="", max_length=4)),
                ("failed", models.SmallIntegerField(default=0)),
                ("returned", models.SmallIntegerField(default=0)),
                ("entries", models.SmallIntegerField(default=0)),
                ("is_clean", models.BooleanField(default=False)),
                ("next_on", models.DateField(null=True)),
                ("collected_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("made", models.JSONField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="survey.campaign"
                    ),
                ),
                (
                    "surveyor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="survey.surveyor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SelfCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("valid_to", models.DateField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="survey.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SampleTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("result", models.CharField(default="", max_length=10)),
                ("note", models.TextField(default="")),
                ("at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drawn", to="survey.sample"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="survey.task"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entry",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="survey.task"
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answers", models.JSONField()),
                ("reasons", models.JSONField(default=dict)),
                ("based_on", models.IntegerField()),
                ("began_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="survey.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("place", models.CharField(default="", max_length=12)),
                ("note", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "surveyor",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="survey.surveyor"),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="survey.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Urge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=12)),
                ("words", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="urges", to="survey.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("way", models.CharField(max_length=1)),
                ("outcome", models.CharField(max_length=1)),
                ("next_on", models.DateField(null=True)),
                ("note", models.TextField(default="")),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("is_position_faked", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "surveyor",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="survey.surveyor"),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="survey.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Volume",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("state", models.CharField(max_length=20)),
                ("order", models.JSONField(default=list)),
                ("absent", models.JSONField(default=dict)),
                ("box", models.CharField(default="", max_length=40)),
                ("shelf", models.CharField(default="", max_length=60)),
                ("destroy_on", models.DateField(null=True)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="volumes", to="survey.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VolumeMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("note", models.TextField(default="")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "volume",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="survey.volume"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=4)),
                ("kind", models.CharField(max_length=40)),
                ("number", models.SmallIntegerField()),
                ("words", models.JSONField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["city", "state"], name="survey_camp_city_d5e1e8_idx"),
        ),
        migrations.AddConstraint(
            model_name="contractor",
            constraint=models.UniqueConstraint(fields=("city", "uscc"), name="contractor_once"),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(fields=("campaign", "number"), name="form_once"),
        ),
        migrations.AddIndex(
            model_name="surveyor",
            index=models.Index(fields=["place"], name="survey_surv_place_9d0529_idx"),
        ),
        migrations.AddConstraint(
            model_name="surveyor",
            constraint=models.UniqueConstraint(fields=("city", "card_number"), name="card_once"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["campaign", "place", "state", "surveyor"], name="survey_task_campaig_1188c7_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["surveyor", "state"], name="survey_task_surveyo_7ddc55_idx"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["person_id"], name="survey_task_person__d40e1a_idx"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["campaign", "state", "changed_at"], name="survey_task_campaig_5d63c7_idx"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("campaign", "person_id"), name="task_once"),
        ),
        migrations.AddConstraint(
            model_name="sampletask",
            constraint=models.UniqueConstraint(fields=("sample", "task"), name="drawn_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("task", "number"), name="entry_once"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("task", "officer"), name="draft_once"),
        ),
        migrations.AddIndex(
            model_name="taskmove",
            index=models.Index(fields=["at"], name="survey_task_at_2e205d_idx"),
        ),
        migrations.AddConstraint(
            model_name="volume",
            constraint=models.UniqueConstraint(fields=("campaign", "place"), name="volume_once"),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(fields=("city", "kind", "number"), name="wording_once"),
        ),
        migrations.RunSQL((TABLES / "survey.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
