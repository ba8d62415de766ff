# SPDX-License-Identifier: BSD-2-Clause
"""OpenVPN from one namespace to another, each end known to the other by the fingerprint of its certificate."""
import link
import wire
from program import Program

PORT = 1194


def certificate(name):
    """Make NAME.key and NAME.crt here; its fingerprint."""
    link.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", 2, "-subj", f"/CN={name}")
    return link.run("openssl", "x509", "-fingerprint", "-sha256", "-noout", "-in", f"{name}.crt").partition("=")[2].strip()


def tunnel(other, here, there):
    """
    Both ends, ready, with further options @here and @there: the server in this namespace, the client in
    @other.
    """
    prints = {name: certificate(name) for name in ("server", "client")}

    def end(name, peer, namespace, *options):
        return Program("openvpn", "--disable-dco", "--proto", "udp", "--port", PORT, "--verb", 3, "--cert", f"{name}.crt",
                       "--key", f"{name}.key", "--peer-fingerprint", prints[peer], *options, netns=namespace)

    server = end("server", "client", None, "--local", wire.HERE, "--tls-server", "--dh", "none", *here)
    client = end("client", "server", other, "--remote", wire.HERE, "--nobind", "--tls-client", *there)
    for program in (server, client):
        program.says("Initialization Sequence Completed", 60)
    return server, client
