from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("tick", models.CharField(default="", max_length=80)),
                ("busy_since", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"db_table": "site_lane"},
        ),
    ]
