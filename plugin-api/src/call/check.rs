//! A look at MessagePack before anything is built of it: that it is one whole value, neither deep nor hollow.
//!
//! A decoder believes lengths: forty bytes of nested arrays that claim four thousand million elements each make it
//! reserve a megabyte a level. After this look, every element that is claimed is there.

/// Values inside values. The deepest thing sent is a settings schema; this is several times its depth.
const DEPTH_MAX: usize = 64;
/// Values in one message: ten thousand fat levels, ten times over. Small values take some 32 bytes when a field that
/// holds anything (a settings schema) is read, so this also bounds the memory of the largest message.
const VALUES_MAX: usize = 4 * 1024 * 1024;

/// Why bytes are not looked at further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    #[error("it ends in the middle")]
    CutOff,
    #[error("it goes on behind its end")]
    TooLong,
    #[error("it holds a byte that means nothing")]
    NoMarker,
    #[error("it is nested more than {DEPTH_MAX} deep")]
    TooDeep,
    #[error("it holds more than {VALUES_MAX} values")]
    TooMany,
}

/// What follows a marker.
enum Value {
    /// So many bytes of its own.
    Plain(usize),
    /// So many values.
    Nested(usize),
}

struct Walk<'a> {
    rest: &'a [u8],
    /// How many values are still missing at each depth.
    open: [usize; DEPTH_MAX],
    depth: usize,
}

/// Whether `bytes` are one whole MessagePack value within the limits of this file.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unfit> {
    let mut walk = Walk {
        rest: bytes,
        open: [0; DEPTH_MAX],
        depth: 0,
    };
    walk.open[0] = 1;
    for _ in 0..VALUES_MAX {
        if !walk.step()? {
            return match walk.rest.is_empty() {
                true => Ok(()),
                false => Err(Unfit::TooLong),
            };
        }
    }
    Err(Unfit::TooMany)
}

impl Walk<'_> {
    /// Goes over one value; `false` when there is none left.
    fn step(&mut self) -> Result<bool, Unfit> {
        while self.open[self.depth] == 0 {
            if self.depth == 0 {
                return Ok(false);
            }
            self.depth -= 1;
        }
        self.open[self.depth] -= 1;
        match self.value()? {
            Value::Plain(bytes) => drop(self.take(bytes)?),
            Value::Nested(values) => self.enter(values)?,
        }
        Ok(true)
    }

    fn enter(&mut self, values: usize) -> Result<(), Unfit> {
        // Each value takes a byte at least.
        if values > self.rest.len() {
            return Err(Unfit::CutOff);
        }
        self.depth += 1;
        match self.open.get_mut(self.depth) {
            Some(open) => *open = values,
            None => return Err(Unfit::TooDeep),
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Value, Unfit> {
        let marker = self.length(1)?;
        Ok(match marker {
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => Value::Plain(0),
            0x80..=0x8f => Value::Nested((marker & 0x0f) * 2),
            0x90..=0x9f => Value::Nested(marker & 0x0f),
            0xa0..=0xbf => Value::Plain(marker & 0x1f),
            0xcc | 0xd0 => Value::Plain(1),
            0xcd | 0xd1 => Value::Plain(2),
            0xca | 0xce | 0xd2 => Value::Plain(4),
            0xcb | 0xcf | 0xd3 => Value::Plain(8),
            0xc4 | 0xd9 => Value::Plain(self.length(1)?),
            0xc5 | 0xda => Value::Plain(self.length(2)?),
            0xc6 | 0xdb => Value::Plain(self.length(4)?),
            0xdc => Value::Nested(self.length(2)?),
            0xdd => Value::Nested(self.length(4)?),
            0xde => Value::Nested(self.length(2)? * 2),
            0xdf => Value::Nested(self.length(4)?.saturating_mul(2)),
            // Extensions carry a byte for their type.
            0xc7 => Value::Plain(self.length(1)? + 1),
            0xc8 => Value::Plain(self.length(2)? + 1),
            0xc9 => Value::Plain(self.length(4)?.saturating_add(1)),
            0xd4..=0xd8 => Value::Plain((1 << (marker - 0xd4)) + 1),
            _ => return Err(Unfit::NoMarker),
        })
    }

    /// The next `bytes` as a number, most significant first.
    fn length(&mut self, bytes: usize) -> Result<usize, Unfit> {
        let digits = self.take(bytes)?;
        Ok(digits
            .iter()
            .fold(0, |number, digit| number << 8 | usize::from(*digit)))
    }

    fn take(&mut self, bytes: usize) -> Result<&[u8], Unfit> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(Unfit::CutOff)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_pass_whatever_their_kind() {
        let values: [&[u8]; 9] = [
            b"\xc0",
            b"\x93\x01\x02\x03",
            b"\x81\xa1a\x90",
            b"\xc4\x02ab",
            b"\xdc\x00\x01\xcb\0\0\0\0\0\0\0\0",
            b"\xdf\0\0\0\x01\xa0\xff",
            b"\xd4\x05a",
            b"\xc7\x02\x05ab",
            b"\xd8\x050123456789abcdef",
        ];
        for value in values {
            assert_eq!(check(value), Ok(()), "{value:x?}");
        }
    }

    #[test]
    fn what_is_hollow_deep_or_endless_does_not() {
        assert_eq!(check(b""), Err(Unfit::CutOff));
        assert_eq!(check(b"\xdd\xff\xff\xff\xff\x01"), Err(Unfit::CutOff));
        assert_eq!(check(b"\xdf\xff\xff\xff\xff\x01"), Err(Unfit::CutOff));
        assert_eq!(check(b"\xc6\xff\xff\xff\xffab"), Err(Unfit::CutOff));
        assert_eq!(check(b"\xc9\xff\xff\xff\xffab"), Err(Unfit::CutOff));
        assert_eq!(check(b"\x01\x01"), Err(Unfit::TooLong));
        assert_eq!(check(b"\xc1"), Err(Unfit::NoMarker));
        let nested = |depth: usize| [vec![0x91; depth], vec![0xc0]].concat();
        assert_eq!(check(&nested(DEPTH_MAX - 1)), Ok(()));
        assert_eq!(check(&nested(DEPTH_MAX)), Err(Unfit::TooDeep));
        let mut many = vec![0xdd, 0x00, 0x40, 0x00, 0x00];
        many.resize(5 + VALUES_MAX, 0xc0);
        assert_eq!(check(&many), Err(Unfit::TooMany));
    }
}
