//! Numbers and texts as bytes: whole numbers in groups of seven bits, the lowest first; texts and bits behind their length.

/// Bytes that are no column file of this version, or were damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no intact column file: {0}")]
pub struct Damaged(pub &'static str);

/// What is written to.
#[derive(Default)]
pub struct Output(pub Vec<u8>);

impl Output {
    /// A number in as many bytes as it needs.
    pub fn number(&mut self, number: impl Into<u128>) {
        let mut rest: u128 = number.into();
        while rest >= 0x80 {
            self.0.push(low_bits(rest) | 0x80);
            rest >>= 7;
        }
        self.0.push(low_bits(rest));
    }

    /// A count.
    pub fn count(&mut self, count: usize) {
        self.number(u128::try_from(count).unwrap_or(u128::MAX));
    }

    /// A number that may be negative: small ones of either sign are short.
    pub fn signed(&mut self, number: i128) {
        self.number(u128::from_le_bytes(((number << 1) ^ (number >> 127)).to_le_bytes()));
    }

    /// A text behind its length.
    pub fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend(text.as_bytes());
    }

    /// So many yes and no, eight a byte.
    pub fn bits(&mut self, bits: impl ExactSizeIterator<Item = bool>) {
        self.count(bits.len());
        let (mut byte, mut used) = (0_u8, 0_u32);
        for bit in bits {
            byte |= u8::from(bit) << used;
            used += 1;
            if used == u8::BITS {
                self.0.push(byte);
                (byte, used) = (0, 0);
            }
        }
        if used > 0 {
            self.0.push(byte);
        }
    }
}

fn low_bits(number: u128) -> u8 {
    number.to_le_bytes().first().copied().unwrap_or_default() & 0x7F
}

/// What is read from.
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all of it was read.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.0.split_first().ok_or(Damaged("cut short"))?;
        self.0 = rest;
        Ok(*first)
    }

    pub fn number(&mut self) -> Result<u128, Damaged> {
        let (mut number, mut shift) = (0_u128, 0_u32);
        loop {
            let byte = self.byte()?;
            let bits = u128::from(byte & 0x7F);
            if shift >= u128::BITS || (shift > u128::BITS - 7 && bits >> (u128::BITS - shift) != 0) {
                return Err(Damaged("a number too large"));
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    pub fn count(&mut self) -> Result<usize, Damaged> {
        usize::try_from(self.number()?).map_err(|_| Damaged("a count too large"))
    }

    /// A number of 32 bits.
    pub fn short(&mut self) -> Result<u32, Damaged> {
        u32::try_from(self.number()?).map_err(|_| Damaged("a number too large"))
    }

    pub fn signed(&mut self) -> Result<i128, Damaged> {
        let number = self.number()?;
        let half = i128::from_le_bytes((number >> 1).to_le_bytes());
        Ok(if number & 1 == 0 { half } else { !half })
    }

    pub fn text(&mut self) -> Result<&'a str, Damaged> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(Damaged("cut short"))?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| Damaged("no UTF-8"))
    }

    pub fn bits(&mut self) -> Result<Vec<bool>, Damaged> {
        let length = self.count()?;
        let (bytes, rest) = self.0.split_at_checked(length.div_ceil(8)).ok_or(Damaged("cut short"))?;
        self.0 = rest;
        let bits = bytes.iter().flat_map(|byte| (0..u8::BITS).map(move |at| byte >> at & 1 == 1));
        Ok(bits.take(length).collect())
    }
}
