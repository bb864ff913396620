"""The survey's other tables, and the lock on all of them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [("survey", "0001_initial")]

    operations = [
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
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("kind", models.CharField(max_length=20)),
                ("detail", models.CharField(default="", max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.campaign",
                    ),
                ),
                (
                    "surveyor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.surveyor",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="survey.task",
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
                ("sheets", models.PositiveIntegerField(default=0)),
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
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_at", models.DateTimeField(null=True)),
                ("marked_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watch", to="survey.campaign"
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
            index=models.Index(fields=["area", "state"], name="survey_camp_area_b0bf52_idx"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(fields=("campaign", "place"), name="contact_once"),
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
            model_name="issuer",
            index=models.Index(fields=["city"], name="survey_issu_city_4763e1_idx"),
        ),
        migrations.AddIndex(
            model_name="reviewcount",
            index=models.Index(fields=["campaign", "day", "place"], name="review_count_of_day"),
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
            model_name="daycount",
            index=models.Index(fields=["campaign", "digits", "place", "day"], name="day_count_of_place"),
        ),
        migrations.AddIndex(
            model_name="daycount",
            index=models.Index(fields=["campaign", "day"], name="day_count_of_day"),
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
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(fields=["campaign", "kind", "place"], name="mark_of_place"),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(fields=("task", "kind"), name="mark_once"),
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
        migrations.RunSQL((TABLES / "supervision.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
