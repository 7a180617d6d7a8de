"""What Django 5.2 cannot say of composite keys: foreign keys that carry the place."""

from django.db import migrations

TABLES = ("leg", "contact", "link", "named", "precedent", "correction")

FORWARD: list[str] = []
BACKWARD: list[str] = []
for table in TABLES:
    FORWARD.append(
        f"ALTER TABLE cases_{table} ADD CONSTRAINT {table}_of_case FOREIGN KEY (place_id, case_id) "
        "REFERENCES cases_case (place_id, id)"
    )
    BACKWARD.append(f"ALTER TABLE cases_{table} DROP CONSTRAINT {table}_of_case")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
