"""Figures by grid. Counting begins anew: the reader goes through the ledger again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_called_back"), ("ledger", "0002_guards")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM cases_course; DELETE FROM cases_response; DELETE FROM cases_sums;"
            " UPDATE ledger_reader SET page = 0 WHERE name = 'cases.tally'",
            migrations.RunSQL.noop,
        ),
        migrations.AddField("course", "grid_id", models.BigIntegerField(default=0)),
        migrations.AddField("response", "grid_id", models.BigIntegerField(default=0)),
    ]
