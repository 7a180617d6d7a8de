"""Each A holder of a post has a seat of it; those who hold one already get theirs in the order in which they came."""

from django.db import migrations, models


def give_seats(apps, schema_editor):
    """The first seat that is free in each holder's stretch, in the order of their beginning."""
    holding = apps.get_model("staff", "Holding")
    post, before = None, []
    for row in holding.objects.filter(slot="A").order_by("post_id", "since", "id").iterator():
        if row.post_id != post:
            post, before = row.post_id, []
        taken = {seat for until, seat in before if until is None or until > row.since}
        row.seat = next(number for number in range(1, len(taken) + 2) if number not in taken)
        before.append((row.until, row.seat))
        row.save(update_fields=["seat"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_authenticator")]

    operations = [
        migrations.AddField(
            "holding", "seat", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)
        ),
        migrations.RunPython(give_seats, migrations.RunPython.noop),
    ]
