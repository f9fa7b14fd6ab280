#!/usr/bin/python3
"""A peer of chapters 9 and 10 with the conformance actor: peer.py [--dialect plain|tagged] [--max-frame N] [--parent CHILD…]

Frames -> Messages -> Endpoint (proxies) -> Actor. One thread reads and delivers; writes are whole and blocking, so while the
other side does not read, nothing more is taken from it either (RMT-12)."""

import itertools
import os
import signal
import subprocess
import sys
import threading

import cbor2

from wire import Frames, Malformed, Messages


class Proxy:
    def __init__(self, endpoint, identity, remote):
        self.endpoint, self.id, self.remote = endpoint, identity, remote
        self.links = []  # (actor, whom it tells)

    def send(self, sender, payload):
        self.endpoint.write("send", sender.id, self.remote, payload)

    def end(self, reason):
        links, self.links = self.links, []
        for actor, tell in links:
            actor.linked_ended(self, tell, reason)


class Actor:
    """The conformance actor, and what it spawns."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.id = endpoint.new_id()
        self.linked_by_remote = False
        endpoint.actors[self.id] = self

    def receive(self, sender, payload):
        try:
            words = cbor2.loads(payload)
        except Exception:  # whatever an item may be: it is none of those below
            words = None
        if self.is_echo(payload):
            sender.send(self, payload)
        elif words == ["spawn"]:
            self.answer(sender, ["spawned", self.spawn().id])
        elif words == ["who"]:
            self.answer(sender, ["proxy", sender.id])
        elif words == ["close"]:
            self.endpoint.closing = True
        elif isinstance(words, list) and len(words) == 2 and words[0] == "exit" and isinstance(words[1], str):
            self.exit(words[1])
        elif isinstance(words, list) and len(words) == 2 and words[0] == "link" and type(words[1]) is int:
            sender.links.append((self, words[1]))
            self.endpoint.write("link", self.id, sender.remote)
        else:
            note(f"actor {self.id} ignores a message")

    @staticmethod
    def is_echo(payload):
        return payload[:6] == b"\x82\x64echo"

    def spawn(self):
        return Actor(self.endpoint)

    def answer(self, proxy, value):
        proxy.send(self, cbor2.dumps(value))

    def exit(self, reason):
        if self is self.endpoint.names["conformance"]:
            return
        del self.endpoint.actors[self.id]
        for proxy in self.endpoint.proxies.values():
            proxy.links = [link for link in proxy.links if link[0] is not self]
        if self.linked_by_remote:
            self.endpoint.write("exit", self.id, reason)

    def linked_ended(self, proxy, tell, reason):
        note(f"exited {proxy.remote} {reason}")
        if self.endpoint.open:
            self.answer(self.endpoint.proxy(tell), ["exited", reason])


class Endpoint:
    def __init__(self, output, dialect, limit):
        self.output, self.frames, self.messages = output, Frames(limit), Messages(dialect)
        self.open, self.closing = True, False
        self.ids = itertools.count(1)
        self.actors, self.proxies = {}, {}
        self.names = {"conformance": Actor(self)}

    def new_id(self):
        return next(self.ids)

    def proxy(self, remote):
        if remote not in self.proxies:
            self.proxies[remote] = Proxy(self, self.new_id(), remote)
        return self.proxies[remote]

    def write(self, *message):
        view = memoryview(self.frames.written(self.messages.encode(*message)))
        try:
            while view and self.open:
                view = view[os.write(self.output, view) :]
        except BrokenPipeError:
            self.closing = True

    def serve(self, source):
        while self.open and not self.closing:
            piece = os.read(source, 65536)
            if not piece:
                break
            self.frames.feed(piece)
            self.take_frames()
        self.lost()

    def take_frames(self):
        try:
            while self.open and not self.closing and (content := self.frames.next()) is not None:
                self.receive(*self.messages.decode(content))
        except Malformed as error:
            self.write("transport_error", str(error))
            self.lost()

    def receive(self, name, *parts):
        if name == "send":
            sender, receiver, payload = parts
            self.deliver(self.actors.get(receiver), self.proxy(sender), payload)
        elif name == "send_named":
            sender, receiver, payload = parts
            self.deliver(self.names.get(receiver), self.proxy(sender), payload)
        elif name == "link":
            self.proxy(parts[0])
            if actor := self.actors.get(parts[1]):
                actor.linked_by_remote = True
            else:
                self.write("exit", parts[1], "noproc")
        elif name == "exit":
            if gone := self.proxies.pop(parts[0], None):
                gone.end(parts[1])
        elif name == "transport_error":
            note(f"the other side ends the connection: {parts[0]}")
            self.lost()

    def deliver(self, actor, sender, payload):
        if actor is None:
            note("nobody is there for a message")
        else:
            actor.receive(sender, payload)

    def lost(self):
        self.open = False
        proxies, self.proxies = self.proxies, {}
        for proxy in proxies.values():
            proxy.end("transport_closed")


def note(line):
    os.write(2, f"{line}\n".encode())  # in one piece: what the child prints comes between lines only


class Child:
    """A child process of a parent (RMT-10, RMT-11)."""

    PATIENCE_S = 0.25

    def __init__(self, arguments):
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        self.diagnostics = threading.Thread(target=self.pass_on)
        self.diagnostics.start()

    def pass_on(self):
        while piece := os.read(self.process.stderr.fileno(), 65536):
            os.write(2, piece)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        for harder in (self.process.terminate, self.process.kill):
            try:
                self.process.wait(self.PATIENCE_S)
            except subprocess.TimeoutExpired:
                harder()
        self.process.wait()
        self.diagnostics.join()


def main(arguments):
    dialect, limit = "plain", 32768
    while arguments and arguments[0] in ("--dialect", "--max-frame"):
        option, value, *arguments = arguments
        dialect, limit = (value, limit) if option == "--dialect" else (dialect, int(value))
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    if arguments[:1] == ["--parent"] and len(arguments) > 1:
        child = Child(arguments[1:])
        Endpoint(child.process.stdin.fileno(), dialect, limit).serve(child.process.stdout.fileno())
        child.close()
    elif arguments or dialect not in ("plain", "tagged"):
        note("usage: peer.py [--dialect plain|tagged] [--max-frame BYTES] [--parent CHILD ARGUMENTS…]")
        sys.exit(2)
    else:
        Endpoint(1, dialect, limit).serve(0)


if __name__ == "__main__":
    main(sys.argv[1:])
