"""The survey's tables, the first of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_survey_answers"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(db_collation="C", max_length=6)),
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
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("name", models.CharField(max_length=64)),
                ("phone", models.CharField(max_length=40)),
                ("address", models.CharField(default="", max_length=150)),
                ("hours", models.CharField(default="", max_length=60)),
                ("at", models.DateTimeField(auto_now=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="survey.campaign"
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
            name="Issuer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=60)),
                ("sealed_seal", models.TextField(default="")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
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
                ("handed_out_at", models.DateTimeField(null=True)),
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
            name="ReviewCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("hours", models.IntegerField()),
                ("many", models.IntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.campaign",
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
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("digits", models.SmallIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("move", models.CharField(max_length=20)),
                ("many", models.IntegerField()),
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
            ],
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
    ]
