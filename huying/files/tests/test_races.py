"""Claims, sweeps and deaths at the same moment."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction

from huying import clock
from huying.files import actions, errors, jobs, store
from huying.files.models import Attachment, StagedFile

from . import samples
from .conftest import PLACE, kept, upload

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work):
    """Run ``work`` beside this one, with a connection of its own."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_cases_cannot_have_one_file():
    token = actions.stage(PLACE, upload(samples.PDF), "person").token
    outcomes, ready = [], threading.Barrier(4)

    def work():
        ready.wait()
        try:
            with transaction.atomic():
                actions.claim(PLACE, [token], "person", case_id=uuid.uuid4())
            outcomes.append("claimed")
        except errors.NotClaimable:
            outcomes.append("refused")

    for thread in [in_thread(work) for _ in range(4)]:
        thread.join()
    assert sorted(outcomes) == ["claimed", "refused", "refused", "refused"]
    assert Attachment.objects.count() == 1


def test_a_sweep_does_not_take_what_is_being_claimed(case_id):
    staged = actions.stage(PLACE, upload(samples.PDF), "person", at=clock.now() - timedelta(hours=25))
    swept = []
    with transaction.atomic():
        actions.claim(PLACE, [staged.token], "person", case_id=case_id)
        in_thread(lambda: swept.append(jobs.sweep())).join(timeout=20)
    assert swept
    assert swept[0].unclaimed == 0
    assert store.path_of(PLACE, staged.id).is_file()
    assert Attachment.objects.get().id == staged.id


def test_what_was_swept_cannot_be_claimed(case_id):
    token = actions.stage(PLACE, upload(samples.PDF), "person", at=clock.now() - timedelta(hours=25)).token
    jobs.sweep()
    with pytest.raises(errors.NotClaimable), transaction.atomic():
        actions.claim(PLACE, [token], "person", case_id=case_id)


STAGER = """
    import io, django
    django.setup()
    from huying.files import actions
    from huying.files.tests import samples
    photo = samples.phone_photo((300, 200))
    actions.MOST_WAITING = 10_000
    while True:
        staged = actions.stage(7, io.BytesIO(photo), "person")
        print(staged.token, staged.id, flush=True)
"""


@pytest.mark.fault
@pytest.mark.parametrize("after", [1, 20, 33])
def test_killed_while_staging(after, database_url, data_folder, case_id):
    stager = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(STAGER)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=os.getcwd(),
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "huying.site.settings",
            "HUYING_DATABASE_URL": database_url,
            "HUYING_DATABASE_POOL": "0",
            "HUYING_DATA": str(data_folder),
            "HUYING_FILES_RESERVE": "0",
        },
    )
    lines = [stager.stdout.readline() for _ in range(after)]
    os.kill(stager.pid, signal.SIGKILL)
    lines += stager.stdout.readlines()
    stager.wait()
    told = [line.split() for line in lines if line.endswith("\n")]
    assert len(told) >= after
    # whoever was given a token has the file, whole
    for start in range(0, len(told), 12):
        with transaction.atomic():
            actions.claim(PLACE, [token for token, _ in told[start : start + 12]], "person", case_id=case_id)
    for row in Attachment.objects.all():
        assert store.path_of(PLACE, row.id).stat().st_size == row.bytes
        assert store.path_of(PLACE, row.id, thumb=True).is_file()
    # every file in its place is known by a row, and sweeping leaves nothing else
    known = {str(row.id) for row in StagedFile.objects.all()}
    settled = {
        path.rpartition("/")[2].split(".")[0] for path in kept(data_folder) if "/incoming/" not in path
    }
    assert settled <= known
    for path in (data_folder / "files/incoming").iterdir():
        os.utime(path, (0, 0))
    jobs.sweep(clock.now() + timedelta(days=2))
    assert len(kept(data_folder)) == 2 * len(told)
