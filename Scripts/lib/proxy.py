"""Proxies between processes and what they connect to, which can cut them off; imported by scripts."""

import asyncio
import collections
import contextlib
import os
import socket
import struct
import threading
import time

# What a proxy does with its connections: passes on what comes; closes them, and refuses new ones; holds what comes, and
# passes it on later; passes on requests but no responses.
PASS, REFUSE, HOLD, DEAFEN = "pass", "refuse", "hold", "deafen"


class Side(asyncio.Protocol):
    """One of the two connections that a proxy joins."""

    def __init__(self, proxy, other=None):
        self.proxy, self.other, self.transport, self.process = proxy, other, None, None
        self.is_client = other is None

    def connection_made(self, transport):
        self.transport = transport
        self.proxy.sides.add(self)
        if self.is_client:
            # Until there is somebody to pass it on to.
            transport.pause_reading()
            self.process = self.proxy.owner(transport.get_extra_info("peername")[1])
            self.proxy.loop.create_task(self.join())
        else:
            self.other.other = self
            for side in (self, self.other):
                side.follow()

    async def join(self):
        if self.proxy.mode == REFUSE:
            return self.reset()
        try:
            await self.proxy.loop.create_connection(lambda: Side(self.proxy, self), "127.0.0.1", self.proxy.target)
        except OSError:
            self.reset()

    def follow(self):
        """Does as the proxy's mode says."""
        if self.transport.is_closing():
            return
        if self.proxy.mode == HOLD or not self.other:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def data_received(self, data):
        if self.is_client:
            self.proxy.seen(self.process, data)
        if self.proxy.mode == DEAFEN and not self.is_client:
            return
        self.other.transport.write(data)

    def connection_lost(self, error):
        self.proxy.sides.discard(self)
        if not self.other:
            return
        if error or self.proxy.mode == DEAFEN and not self.is_client:
            self.other.reset()
        else:
            self.other.transport.close()

    def reset(self):
        """Closes the connection with a RST."""
        if not self.transport.is_closing():
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class Proxy:
    """Passes on what is sent to a port of 127.0.0.1 to another.

    With `owners`, which gives process ids, it knows what each of these has sent: `last` is when it sent last, in
    seconds of the epoch, and `requests` how many of HTTP's requests there were; under None those of processes that
    had closed the connection before it was looked at."""

    def __init__(self, loop, target, owners=tuple):
        self.loop, self.target, self.owners, self.mode = loop.loop, target, owners, PASS
        self.sides, self.last, self.requests = set(), {}, collections.Counter()
        self.port = loop.call(self.listen())

    async def listen(self):
        self.server = await self.loop.create_server(lambda: Side(self), "127.0.0.1", 0, backlog=512)
        return self.server.sockets[0].getsockname()[1]

    async def close(self):
        """Closes its port and its connections."""
        self.server.close()
        for side in list(self.sides):
            side.reset()

    def turn(self, mode):
        """Changes what it does. What was deafened has lost its responses: its connections are closed then."""
        self.loop.call_soon_threadsafe(self._turn, mode)

    def _turn(self, mode):
        before, self.mode = self.mode, mode
        for side in list(self.sides):
            if mode == REFUSE or before == DEAFEN:
                side.reset()
            else:
                side.follow()

    def owner(self, port):
        """The process, of those that are watched, whose connection comes from a port."""
        processes, inode = self.owners(), None
        # The table changes while it is read, and may lack a row once.
        for _ in range(5 if processes else 0):
            inode = inode or self.inode(port)
        for process in processes:
            # A process may end, or close a file, meanwhile.
            with contextlib.suppress(OSError):
                for name in os.listdir(f"/proc/{process}/fd"):
                    with contextlib.suppress(OSError):
                        if os.readlink(f"/proc/{process}/fd/{name}") == inode:
                            return process
        return None

    def inode(self, port):
        """What /proc calls the socket that is connected from a port to this proxy's."""
        ends = [f"0100007F:{port:04X}", f"0100007F:{self.port:04X}"]
        with open("/proc/net/tcp", encoding="ascii") as table:
            for line in table:
                fields = line.split()
                if fields[1:3] == ends:
                    return f"socket:[{fields[9]}]"
        return None

    def seen(self, process, data):
        self.last[process] = time.time()
        if data.startswith((b"GET ", b"POST ", b"PUT ")):
            self.requests[process] += 1


class Loop:
    """What proxies run on: a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def call(self, coroutine):
        """Runs a coroutine, and gives its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=10)
