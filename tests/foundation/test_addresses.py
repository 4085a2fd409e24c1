from ipaddress import ip_address

import pytest

from foundation.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "9.9.9.9",
        "192.0.1.1",
        "100.63.255.255",
        "100.128.0.0",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "2a00:1450:4007:80f::200e",
    ],
)
def test_a_site_of_the_open_internet_may_be_asked(address):
    assert is_public(address)
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",  # CGNAT
        "100.100.100.200",  # metadata of a cloud
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",  # Azure
        "169.254.169.254",  # metadata of most clouds
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",  # Oracle
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",  # metadata of Amazon
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_neighbours_and_this_machine_may_not(address):
    assert not is_public(address)
