"""What Django's models cannot say: the order of pending rows, the refusal of changes, the rights of the roles."""

from django.db import migrations

from huying.ledger import roles

FORWARD = """
-- Taken while the caller holds its locks, so that it runs in the order of the locks: see docs/decisions/ledger.md.
ALTER TABLE ledger_pending ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- Rows live for less than a second: clear up by number of dead rows, not by share of a table that is nearly empty.
ALTER TABLE ledger_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
-- Hashes do not compress: do not try.
ALTER TABLE ledger_page ALTER COLUMN leaves SET STORAGE EXTERNAL;

-- Rights keep the app from changing rows; this keeps the owner from doing it by mistake. TRUNCATE is left to the
-- rights alone (only the owner has it): emptying a test database must stay possible.
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed and never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_event_stays BEFORE UPDATE OR DELETE ON ledger_event
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_page_stays BEFORE UPDATE OR DELETE ON ledger_page
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

BACKWARD = """
DROP TRIGGER ledger_page_stays ON ledger_page;
DROP TRIGGER ledger_event_stays ON ledger_event;
DROP FUNCTION ledger_refuse_change();
ALTER TABLE ledger_pending ALTER COLUMN id DROP IDENTITY;
"""


def grant(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        roles.grant(cursor)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
