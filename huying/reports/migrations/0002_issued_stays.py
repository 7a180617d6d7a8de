"""What was issued stays as it is, whoever asks: the papers, and the report's own row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an issued report is never changed and never deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reports_issued_stays BEFORE UPDATE OR DELETE ON reports_report
  FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_paper_stays BEFORE UPDATE OR DELETE ON reports_paper
  FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
"""

BACKWARD = """
DROP TRIGGER reports_paper_stays ON reports_paper;
DROP TRIGGER reports_issued_stays ON reports_report;
DROP FUNCTION reports_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
