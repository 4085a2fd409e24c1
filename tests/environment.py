"""What a test process needs in its environment before Django's settings are read (`-p tests.environment`).

The developer's own `.env` and data folder never reach a test.
"""

import atexit
import os
import shutil
import tempfile

os.environ["MODE"] = "test"
os.environ["IGNORE_DOTENV"] = "1"
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789012345678901234567890123456789")
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="communitycrm-test-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
