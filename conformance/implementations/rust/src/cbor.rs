//! As much CBOR (RFC 8949) as the requests, replies and events need. What is read stays in the bytes that it was read from.

/// What is wrong with a request, in words for the host.
pub type Malformed = &'static str;

const UINT: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

/// Deeper items are refused: the check recurses, and its stack must not depend on what somebody sent. [PAY-12]
const MOST_LEVELS: u32 = 64;

struct Head {
    major: u8,
    argument: Option<u64>, // None: a collection that ends with a break
}

/// The bytes that are still to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], Malformed> {
        let count = usize::try_from(count).ok().filter(|&count| count <= self.0.len());
        let (taken, rest) = self.0.split_at(count.ok_or("the request ends too early")?);
        self.0 = rest;
        Ok(taken)
    }

    fn head(&mut self) -> Result<Head, Malformed> {
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 31);
        let argument = match info {
            0..=23 => Some(u64::from(info)),
            24..=27 => {
                let bytes = self.take(1 << (info - 24))?;
                Some(bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
            }
            31 if major == ARRAY || major == MAP => None,
            _ => return Err("the request holds a CBOR head that means nothing here"),
        };
        if major == SIMPLE && info == 24 && argument < Some(32) {
            return Err("the request holds a simple value in two bytes that has one");
        }
        Ok(Head { major, argument })
    }

    /// Whether a collection with this head goes on after so many entries; takes the break that ends it.
    fn goes_on(&mut self, head: &Head, entries: u64) -> bool {
        match head.argument {
            Some(count) => entries < count,
            None if self.0.first() == Some(&0xff) => {
                self.0 = &self.0[1..];
                false
            }
            None => true,
        }
    }

    /// One well-formed item, whole.
    fn item(&mut self, level: u32) -> Result<Item<'a>, Malformed> {
        if level > MOST_LEVELS {
            return Err("the request is nested too deeply");
        }
        let start = self.0;
        let head = self.head()?;
        match (head.major, head.argument) {
            (BYTES, Some(len)) => drop(self.take(len)?),
            (TEXT, Some(len)) => {
                std::str::from_utf8(self.take(len)?).map_err(|_| "a text of the request is not UTF-8")?;
            }
            (TAG, _) => drop(self.item(level + 1)?),
            (ARRAY | MAP, _) => {
                let mut entries = 0;
                while self.goes_on(&head, entries) {
                    for _ in 0..if head.major == MAP { 2 } else { 1 } {
                        self.item(level + 1)?;
                    }
                    entries += 1;
                }
            }
            _ => {}
        }
        Ok(Item(&start[..start.len() - self.0.len()]))
    }
}

/// An item that is known to be well-formed.
#[derive(Clone, Copy)]
pub struct Item<'a>(&'a [u8]);

/// The bytes are one item and nothing else.
pub fn one_item(bytes: &[u8]) -> Result<Item<'_>, Malformed> {
    let mut reader = Reader(bytes);
    let item = reader.item(0)?;
    if reader.0.is_empty() {
        Ok(item)
    } else {
        Err("bytes follow the request's item")
    }
}

impl<'a> Item<'a> {
    fn string(self, major: u8) -> Option<&'a [u8]> {
        let mut reader = Reader(self.0);
        (reader.head().ok()?.major == major).then(|| reader.0)
    }

    pub fn text(self) -> Option<&'a str> {
        self.string(TEXT).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    pub fn bytes(self) -> Option<&'a [u8]> {
        self.string(BYTES)
    }

    pub fn uint(self) -> Option<u64> {
        let head = Reader(self.0).head().ok()?;
        head.argument.filter(|_| head.major == UINT)
    }

    /// An integer; what is below zero is as good as zero to those who ask.
    pub fn int_or_zero(self) -> Option<u64> {
        let negative = Reader(self.0).head().ok()?.major == NEGATIVE;
        if negative {
            Some(0)
        } else {
            self.uint()
        }
    }

    /// The value of a map's key: the first, if there are several.
    pub fn get(self, key: &str) -> Result<Option<Item<'a>>, Malformed> {
        let mut reader = Reader(self.0);
        let head = reader.head()?;
        if head.major != MAP {
            return Err("the request, or a parameter of it, is no map");
        }
        let mut entries = 0;
        while reader.goes_on(&head, entries) {
            let (found, value) = (reader.item(1)?, reader.item(1)?);
            if found.text() == Some(key) {
                return Ok(Some(value));
            }
            entries += 1;
        }
        Ok(None)
    }
}

/// One item in the making.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    fn head(mut self, major: u8, argument: u64) -> Self {
        let (info, width) = match argument {
            0..=23 => (argument as u8, 0),
            24..=0xff => (24, 1),
            0x100..=0xffff => (25, 2),
            0x1_0000..=0xffff_ffff => (26, 4),
            _ => (27, 8),
        };
        self.0.push(major << 5 | info);
        self.0.extend_from_slice(&argument.to_be_bytes()[8 - width..]);
        self
    }

    fn string(mut self, major: u8, bytes: &[u8]) -> Self {
        self = self.head(major, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn map(self, entries: u64) -> Self {
        self.head(MAP, entries)
    }

    pub fn text(self, text: &str) -> Self {
        self.string(TEXT, text.as_bytes())
    }

    pub fn bytes(self, bytes: &[u8]) -> Self {
        self.string(BYTES, bytes)
    }

    pub fn uint(self, number: u64) -> Self {
        self.head(UINT, number)
    }

    pub fn null(self) -> Self {
        self.head(SIMPLE, 22)
    }

    pub fn done(self) -> Vec<u8> {
        self.0
    }
}
