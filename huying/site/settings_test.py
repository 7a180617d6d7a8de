"""Settings for the tests: a data folder of the run's own, and cheap password hashing."""

import atexit
import os
import shutil
import tempfile

# Before the settings are read, so that no deployment on this machine has a say.
_folder = tempfile.mkdtemp(prefix="huying-test-data-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["HUYING_DATA"] = _folder
os.makedirs(os.path.join(_folder, "static"))
for _name in ("HUYING_DEMO", "HUYING_CLOCK", "HUYING_HTTPS", "HUYING_HOSTS", "HUYING_SECRET_KEY"):
    os.environ.pop(_name, None)

from huying.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
