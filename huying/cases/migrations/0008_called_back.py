"""How call-backs went is counted too. Counting begins anew: the reader goes through the ledger again."""

from django.db import migrations, models

NAMES = ("called_satisfied", "called_fair", "called_unsatisfied", "called_unsaid")


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_posted"), ("ledger", "0002_guards")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM cases_course; DELETE FROM cases_response; DELETE FROM cases_sums;"
            " UPDATE ledger_reader SET page = 0 WHERE name = 'cases.tally'",
            migrations.RunSQL.noop,
        ),
        *(migrations.AddField("course", name, models.SmallIntegerField(default=0)) for name in NAMES),
        *(migrations.AddField("sums", name, models.IntegerField(default=0)) for name in NAMES),
    ]
