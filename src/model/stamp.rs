//! What a file system says of a file without its being read.

/// So old, in nanoseconds, is a file that nobody is writing any more.
const SETTLED_NANOSECONDS: i64 = 2_000_000_000;

/// A file's size, times and number: whoever writes to it, or puts another one in its place, changes one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When it was last written to, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything about it was last changed, in nanoseconds since 1970.
    pub changed: i64,
    pub inode: u64,
}

impl Stamp {
    /// Whether it was written long enough before `wall` (nanoseconds since 1970), or has stayed as an earlier look saw it.
    #[must_use]
    pub fn is_settled(&self, wall: i64, earlier: Option<&Self>) -> bool {
        let stayed = earlier.is_some_and(|earlier| (earlier.size, earlier.modified) == (self.size, self.modified));
        stayed || self.until_settled(wall) <= 0
    }

    /// Nanoseconds until it is old enough; more than two seconds where its time lies ahead of the clock.
    #[must_use]
    pub fn until_settled(&self, wall: i64) -> i64 {
        SETTLED_NANOSECONDS.saturating_sub(wall.saturating_sub(self.modified))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_settled_by_age_or_by_having_stayed() {
        let at = |modified: i64| Stamp { size: 1, modified, changed: 0, inode: 1 };
        let wall = 100_000_000_000;
        assert!(at(wall - 2_000_000_000).is_settled(wall, None));
        assert!(!at(wall - 1_999_999_999).is_settled(wall, None));
        let ahead = at(wall + 3_600_000_000_000);
        assert!(!ahead.is_settled(wall, None), "its clock goes ahead of ours");
        assert!(ahead.is_settled(wall, Some(&ahead)));
        assert!(!ahead.is_settled(wall, Some(&Stamp { size: 0, ..ahead })), "it grows");
    }
}
