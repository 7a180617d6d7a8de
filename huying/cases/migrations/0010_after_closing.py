"""An index for what is left to do of closed cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_by_grid")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("place_id"), models.F("owner_key"), models.F("due_at"), models.F("id"),
                name="case_owner_after",
                condition=models.Q(closed_at__isnull=False, due_at__isnull=False),
            ),
        ),
    ]  # fmt: skip
