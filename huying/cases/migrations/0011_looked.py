from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_after_closing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Looked",
            fields=[
                ("place_id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
            options={
                "db_table": "cases_looked",
            },
        ),
    ]
