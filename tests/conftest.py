"""What all tests share: how Chromium is started, and that a skip under CI is a failure."""

import os
from importlib import import_module

import pytest

# Playwright's event loop runs in the test's own thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The Chromium that `./dev test` found, with the flags a container and root need."""
    flags = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0 or os.environ.get("CHROMIUM_NO_SANDBOX"):
        flags.append("--no-sandbox")
    launch = {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", []), *flags]}
    if os.environ.get("CHROMIUM"):
        launch["executable_path"] = os.environ["CHROMIUM"]
    return launch


@pytest.fixture(autouse=True)
def shipped_kinds(request):
    """A transactional test empties the tables behind it, those of the shipped kinds too: the next one gets them again."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        return
    request.getfixturevalue("transactional_db")
    from django.apps import apps

    from contacts.models import ContactKind

    if not ContactKind.objects.exists():
        import_module("contacts.migrations.0002_shipped_kinds").install(apps, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI set nothing is skipped: what cannot run there has failed."""
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a module that skips itself whole."""
    return _no_skip((yield))


def _no_skip(report):
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI is set: {report.longrepr}"
    return report
