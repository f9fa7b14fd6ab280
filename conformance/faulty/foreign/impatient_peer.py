#!/usr/bin/python3
"""A remote peer that is right and unusual: it ends a connection that is not read for a moment (RMT-12), forgets the links of
whoever has ended, says of each line of its child's stderr whose it is, and waits with a timeout."""

import os
import pathlib
import select
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "implementations/python"))
import peer  # noqa: E402

MOMENT_S = 0.05


class Endpoint(peer.Endpoint):
    def __init__(self, output, dialect, limit):
        super().__init__(output, dialect, limit)
        self.linkers = {}  # of a local actor: the remote ones that hear of its end
        os.set_blocking(output, False)

    def write(self, *message):
        view = memoryview(self.frames.written(self.messages.encode(*message)))
        while view and self.open and not self.closing:
            if not select.select([], [self.output], [], MOMENT_S)[1]:
                peer.note("nobody reads: the connection ends")
                self.closing = True
                return
            try:
                view = view[os.write(self.output, view) :]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                self.closing = True

    def serve(self, source):
        while self.open and not self.closing:
            if not select.select([source], [], [], MOMENT_S)[0]:
                continue
            piece = os.read(source, 65536)
            if not piece:
                break
            self.frames.feed(piece)
            self.take_frames()
        self.lost()

    def receive(self, name, *parts):
        super().receive(name, *parts)
        if name == "link" and parts[1] in self.actors:
            self.linkers.setdefault(parts[1], set()).add(parts[0])
        if name == "exit":
            for actor, linkers in self.linkers.items():
                linkers.discard(parts[0])
                if not linkers and actor in self.actors:
                    self.actors[actor].linked_by_remote = False


class Child(peer.Child):
    def pass_on(self):
        for line in self.process.stderr:
            os.write(2, b"child %d: " % self.process.pid + line)


peer.Endpoint, peer.Child = Endpoint, Child
peer.main(sys.argv[1:])
