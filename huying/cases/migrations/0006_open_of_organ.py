"""What an organ has open is found without walking over everybody's open cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_rollups")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("place_id"),
                models.F("organ_id"),
                models.F("id"),
                name="case_organ_open",
                condition=models.Q(("closed_at", None)),
            ),
        ),
    ]
