"""The command that proves `last_met_at` finds what is wrong, and mends it."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.cast import NOW, make_touchpoint
from tests.contacts.cast import noted

pytestmark = pytest.mark.django_db


def test_check_last_met_tells_and_mends(team, lea, jo, capsys):
    noted(team, lea, [jo])
    call_command("check_last_met")
    make_touchpoint(team, lea, [jo], met_at=NOW + timedelta(days=0, hours=1))
    with pytest.raises(SystemExit):
        call_command("check_last_met")
    assert "Jo" in capsys.readouterr().out
    call_command("check_last_met", "--mend")
    call_command("check_last_met")
