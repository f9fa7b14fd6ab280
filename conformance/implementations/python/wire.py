"""The wire of chapter 9: a stream of bytes into messages, and messages into bytes."""

from io import BytesIO

import cbor2


class Malformed(Exception):
    """What came is no frame or no message; its text goes into the transport_error."""


def item_end(data, at, depth=200):
    """Where the well-formed item that begins at `at` ends; so a payload is cut out as it is, not decoded (WIRE-6)."""
    if depth == 0 or at >= len(data):
        raise Malformed("the payload is no well-formed item")
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if info == 31:
        if not 2 <= major <= 5:
            raise Malformed("the payload is no well-formed item")
        count = 0
        while data[at : at + 1] != b"\xff":
            if major < 4 and (at >= len(data) or data[at] >> 5 != major or data[at] & 31 == 31):
                raise Malformed("the payload is no well-formed item")
            at = item_end(data, at, depth - 1)
            count += 1
        if major == 5 and count % 2:
            raise Malformed("the payload is no well-formed item")
        return at + 1
    argument = info
    if info >= 24:
        size = 1 << info - 24
        if info > 27 or at + size > len(data):
            raise Malformed("the payload is no well-formed item")
        argument = int.from_bytes(data[at : at + size], "big")
        at += size
    if major in (2, 3):
        at += argument
    elif major >= 4 and major != 7:
        for _ in range(min({4: argument, 5: 2 * argument, 6: 1}[major], len(data) + 1)):
            at = item_end(data, at, depth - 1)
    if at > len(data) or (major == 7 and info == 24 and argument < 32):
        raise Malformed("the payload is no well-formed item")
    return at


class Frames:
    """The stream's pieces in, contents out, however they are cut (WIRE-1 to WIRE-3)."""

    def __init__(self, limit):
        self.limit = limit
        self.buffer = bytearray()

    def feed(self, piece):
        self.buffer += piece

    def next(self):
        if not self.buffer:
            return None
        major, info = self.buffer[0] >> 5, self.buffer[0] & 31
        if major not in (2, 3) or info > 27:
            raise Malformed(f"{self.buffer[0]:02x} begins no definite string")
        length = 0 if info < 24 else 1 << info - 24
        begin = 1 + length
        if len(self.buffer) < begin:
            return None
        size = int.from_bytes(self.buffer[1:begin], "big") if length else info
        if size > self.limit:
            raise Malformed(f"a frame of {size} bytes is over the limit of {self.limit}")
        if len(self.buffer) < begin + size:
            return None
        content = bytes(self.buffer[begin : begin + size])
        del self.buffer[: begin + size]
        return content

    @staticmethod
    def written(content):
        return b"\x5a" + len(content).to_bytes(4, "big") + content


class Messages:
    """Messages as lists: name, ids as numbers, texts, and the payload as its bytes (WIRE-4, WIRE-5)."""

    SHAPES = {
        "send": ("local", "remote", "payload"),
        "send_named": ("local", "text", "payload"),
        "link": ("local", "remote"),
        "exit": ("local", "text"),
        "transport_error": ("text",),
        "proxy_id": ("local", "remote"),
    }
    TAGS = {"local": "LPID", "remote": "RPID"}

    def __init__(self, dialect):
        self.tagged = dialect == "tagged"

    def decode(self, content):
        stream = BytesIO(content)
        parts = self.parts(stream, content)
        name = self.item(stream, content) if parts else None
        if not isinstance(name, str) or name not in self.SHAPES:
            raise Malformed(f"unknown message {name!r}")
        shape = self.SHAPES[name]
        if parts != 1 + len(shape):
            raise Malformed(f"{name} has {1 + len(shape)} parts, not {parts}")
        message = [name] + [self.part(kind, stream, content) for kind in shape]
        if stream.tell() != len(content):
            raise Malformed("bytes follow the message")
        return message

    @staticmethod
    def parts(stream, content):
        """Of an array of definite length, with a head as long as it likes: how many items follow."""
        begin = stream.tell()
        head = content[begin : begin + 9]
        if not head or head[0] >> 5 != 4 or head[0] & 31 > 27:
            raise Malformed("no array of definite length")
        info = head[0] & 31
        size = 0 if info < 24 else 1 << info - 24
        if len(head) < 1 + size:
            raise Malformed("an array's head is cut off")
        stream.seek(begin + 1 + size)
        return int.from_bytes(head[1 : 1 + size], "big") if size else info

    def item(self, stream, content):
        item_end(content, stream.tell())  # well-formed: else cbor2 could wait for more than there is
        if content[stream.tell()] & 31 == 31:
            raise Malformed("a part of indefinite length")
        try:
            return cbor2.CBORDecoder(stream).decode()
        except (cbor2.CBORDecodeError, ValueError) as error:
            raise Malformed(f"a part cannot be decoded: {error}") from error

    def part(self, kind, stream, content):
        if kind == "payload":
            begin = stream.tell()
            end = item_end(content, begin)
            stream.seek(end)
            return content[begin:end]
        if self.tagged and kind in self.TAGS:
            if self.parts(stream, content) != 2 or self.item(stream, content) != self.TAGS[kind]:
                raise Malformed(f'an id is not ["{self.TAGS[kind]}", n]')
        value = self.item(stream, content)
        if kind == "text":
            if not isinstance(value, str):
                raise Malformed("a name or reason is no text")
            return value
        if type(value) is not int or value < 0:
            raise Malformed("an id is no unsigned integer")
        return value

    def encode(self, name, *parts):
        out = bytearray([0x81 + len(parts)]) + cbor2.dumps(name)
        for kind, part in zip(self.SHAPES[name], parts):
            if kind == "payload":
                out += part
            else:
                out += cbor2.dumps([self.TAGS[kind], part] if self.tagged and kind in self.TAGS else part)
        return bytes(out)
