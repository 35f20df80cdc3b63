"""A real node with HTTP, asked with the standard library."""

import http.client
import json
import socket

from network import free_ports
from refusals import check_refusals

JSON = {"Content-Type": "application/json"}


class HttpNode:
    """A node with HTTP, and requests to it."""

    def __init__(self, network, *arguments, is_open=True):
        port, self.http = free_ports(2)
        self.node = network.node(port, "--http", str(self.http), *arguments)
        if not is_open:
            self.node.is_open = False
        self.node.start()
        self.base = f"http://127.0.0.1:{self.http}"

    def request(self, method, target, body=None, headers=None):
        """Status, headers and body of a reply; JSON bodies come parsed, their errors checked."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=60)
        try:
            connection.request(method, target, body, headers or {})
            reply = connection.getresponse()
            data = reply.read()
        finally:
            connection.close()
        if data and reply.headers.get_content_type() == "application/json":
            data = json.loads(data)
            check_refusals(data)
        return reply.status, reply.headers, data

    def get(self, target, **headers):
        return self.request("GET", target, headers=headers)

    def post(self, target, value, **headers):
        body = value if isinstance(value, (bytes, str)) else json.dumps(value)
        return self.request("POST", target, body, {**JSON, **headers})

    def call(self, method, params=None, identity=1):
        request = {"jsonrpc": "2.0", "method": method, "id": identity}
        status, _, reply = self.post("/rpc", {**request, "params": params} if params else request)
        return status, reply

    def raw(self, data):
        """All that comes back for `data` until the node closes, or has answered once."""
        with socket.create_connection(("127.0.0.1", self.http), timeout=60) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            reply = b""
            while part := connection.recv(1 << 16):
                reply += part
        return reply

    def mine(self, count=1, data=None):
        fields = {"count": count} if data is None else {"count": count, "data": data}
        status, _, reply = self.post("/api/v1/mine_block", fields)
        assert status == 200, reply
        return [block["hash"] for block in reply["blocks"]]
