"""Which cases stand on a board of the year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_open_of_organ")]

    operations = [
        migrations.CreateModel(
            name="Posted",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "place_id", "case_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place_id", models.SmallIntegerField()),
                ("case_id", models.UUIDField()),
                ("kind", models.CharField(max_length=60)),
                ("year", models.SmallIntegerField()),
                ("path", models.CharField(max_length=200)),
            ],
            options={"db_table": "cases_posted"},
        ),
        migrations.AddIndex(
            model_name="posted",
            index=models.Index(
                fields=["place_id", "kind", "year", "path", "case_id"],
                name="posted_board",
                opclasses=["int2_ops", "varchar_ops", "int2_ops", "text_pattern_ops", "uuid_ops"],
            ),
        ),
    ]
