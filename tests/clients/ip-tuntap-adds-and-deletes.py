# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`ip tuntap add` makes interfaces of both modes that stay, with every flag, owner and group it knows; a second one
of the same name is refused; `ip tuntap del` takes them away, of the right mode only. `ip tuntap show` lists what
is of the kernel's own kind "tun" and no other; `ip -d link show` lists ours.
"""
import face
import link
from check import equal, true

PERSIST = 0x800
ONE_QUEUE = 0x2000
face.bind()

for name, mode, words, flags, shown in (
        ("x0", "tap", [], face.IFF_NO_PI, ""),
        ("x1", "tun", [], face.IFF_NO_PI, ""),
        ("x2", "tap", ["pi"], 0, " pi"),
        ("x3", "tun", ["pi", "user", 1000], 0, " pi"),
        ("x4", "tap", ["user", 1000, "group", 1000], face.IFF_NO_PI, ""),
        ("x5", "tap", ["multi_queue", "vnet_hdr"], face.IFF_NO_PI | face.IFF_MULTI_QUEUE | face.IFF_VNET_HDR,
         " multi_queue vnet_hdr"),
        ("x6", "tun", ["multi_queue", "vnet_hdr"], face.IFF_NO_PI | face.IFF_MULTI_QUEUE | face.IFF_VNET_HDR,
         " multi_queue vnet_hdr")):
    link.run("ip", "tuntap", "add", "dev", name, "mode", mode, *words)
    kind = face.IFF_TAP if mode == "tap" else face.IFF_TUN
    equal(int(link.attribute(name, "tun_flags"), 16) & ~ONE_QUEUE, kind | flags | PERSIST, f"the flags of {name}")
    for who in ("user", "group"):
        owner = link.attribute(name, "owner" if who == "user" else "group")
        equal(owner, "1000" if who in words else "-1", f"the {who} of {name}")
    equal(face.driver(name), face.DRIVER, f"the driver of {name}")
    equal(link.state(name)["link_type"], "ether" if mode == "tap" else "none", f"the kind of link {name} is")
    equal(link.state(name)["linkinfo"]["info_kind"], face.DRIVER, f"what `ip -d link show` says {name} is")

    said = link.run("ip", "tuntap", "show", "dev", name)
    if face.IS_TUN:
        true(said.startswith(f"{name}: {mode}") and all(f" {word}" in said for word in [*shown.split(), "persist"]),
             f"`ip tuntap show` shows {name}: {said}")
    else:
        equal(said, "", f"what `ip tuntap show` says of {name}")

    true("busy" in link.ip_fails("tuntap", "add", "dev", name, "mode", mode, *words), f"{name} is made once only")
    link.ip_fails("tuntap", "del", "dev", name, "mode", "tun" if mode == "tap" else "tap")
    true(link.exists(name), f"{name} is there")
    kept = [word for word in words if word in ("multi_queue", "vnet_hdr", "pi")]
    link.run("ip", "tuntap", "del", "dev", name, "mode", mode, *kept)
    equal(link.exists(name), False, f"whether {name} is there when deleted")

# Without a name the kernel gives one.
link.run("ip", "tuntap", "add", "mode", "tap")
link.run("ip", "tuntap", "add", "mode", "tun")
equal(link.names(), ["tap0", "tun0"], "the interfaces made without a name")
for name in link.names():
    link.run("ip", "tuntap", "del", "dev", name, "mode", name[:3])
equal(link.names(), [], "what is left")
