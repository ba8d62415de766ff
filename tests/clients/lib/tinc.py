# SPDX-License-Identifier: BSD-2-Clause
"""tinc daemons at both ends of a cable."""
import pathlib

import face
import link
import wire
from program import Program, inside
from check import wait_for

NEAR, FAR = "10.7.0.1", "10.7.0.2"


def tunnel(other, mode, told=True):
    """A tincd for t0 in this namespace and one for t1 in @other, connected."""
    sides = {"near": ("t0", NEAR, wire.HERE, None), "far": ("t1", FAR, wire.THERE, other)}
    for name, (interface, address, _, _) in sides.items():
        directory = pathlib.Path(name)
        (directory / "hosts").mkdir(parents=True)
        (directory / "tinc.conf").write_text(
            f"Name = {name}\nMode = {mode}\nInterface = {interface}\nAddressFamily = ipv4\n"
            + (f"Device = {face.NODE}\n" if told else "")
            + ("ConnectTo = near\n" if name == "far" else ""), encoding="ascii")
        script = directory / "tinc-up"
        script.write_text(f"#!/bin/sh\nip address add {address}/24 dev $INTERFACE\nip link set $INTERFACE up\n",
                          encoding="ascii")
        script.chmod(0o755)
        link.run("tincd", "-c", directory, "-K1024")
    hosts = {name: (pathlib.Path(name) / "hosts" / name).read_text(encoding="ascii") for name in sides}
    daemons = []
    for name, (interface, _, _, namespace) in sides.items():
        for host, (_, address, outside, _) in sides.items():
            (pathlib.Path(name) / "hosts" / host).write_text(
                f"Address = {outside}\nSubnet = {address}/32\nCipher = aes-256-cbc\nDigest = sha256\n{hosts[host]}",
                encoding="ascii")
        daemons.append(Program("tincd", "-c", pathlib.Path(name).resolve(), "-D", "-d3",
                               f"--pidfile={pathlib.Path(name).resolve()}/pid", netns=namespace))
        with inside(namespace):
            face.used(daemons[-1], interface)
            wait_for(lambda i=interface: link.is_up(i), f"{interface} is up")
    for daemon in daemons:
        daemon.says(r"Connection with \w+ .*activated", 60)
    return daemons
