"""Which of these tests belong to the run on PostgreSQL with Redis."""

import os

# Not skipped but not collected: `./dev test` runs the suite once for each database.
collect_ignore = [] if os.environ.get("EXPECT_POSTGRES") else ["test_services.py", "test_on_postgres.py"]
