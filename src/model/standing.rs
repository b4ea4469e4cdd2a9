//! Which of the accepted files that hold a table stands for it.

use super::ContentHash;

/// Picks among accepted files, the one that came last first: the last one stands.
///
/// The same bytes under another name are not another file: of several that came one after the other, the first stands.
pub fn stands<T, E>(newest_first: impl IntoIterator<Item = Result<(ContentHash, T), E>>) -> Result<Option<T>, E> {
    let mut rows = newest_first.into_iter();
    let Some((hash, mut stands)) = rows.next().transpose()? else { return Ok(None) };
    for row in rows {
        match row? {
            (other, earlier) if other == hash => stands = earlier,
            _ => break,
        }
    }
    Ok(Some(stands))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(newest_first: &[(&str, u32)]) -> Option<u32> {
        let rows = newest_first.iter().map(|(bytes, at)| Ok::<_, ()>((ContentHash::of(bytes.as_bytes()), *at)));
        stands(rows).unwrap()
    }

    #[test]
    fn the_last_stands_and_its_copies_do_not_count() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[("b", 2), ("a", 1)]), Some(2));
        assert_eq!(told(&[("b", 4), ("b", 3), ("a", 2), ("b", 1)]), Some(3), "what came before another file is another hand-in");
    }
}
